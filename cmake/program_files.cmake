# Writes what the program PROGRAM knows of itself below OUT: man1 and completion, in the folders
# that a prefix has for them.

function(write_output file)
    execute_process(COMMAND ${PROGRAM} ${ARGN} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
    file(WRITE ${OUT}/${file} "${text}")
endfunction()

function(link_to target link)
    file(CREATE_LINK ${target} ${OUT}/${link} SYMBOLIC)
endfunction()

write_output(man1/aconite.1 __manual)
foreach(name toxiproxy-server toxiproxy-cli)
    file(WRITE ${OUT}/man1/${name}.1 ".so man1/aconite.1\n")
endforeach()
foreach(name aconite toxiproxy-server toxiproxy-cli)
    execute_process(COMMAND gzip -9nf ${OUT}/man1/${name}.1 COMMAND_ERROR_IS_FATAL ANY)
endforeach()
set(bash completion/bash-completion/completions)
write_output(${bash}/aconite completion bash)
link_to(aconite ${bash}/toxiproxy-cli)
write_output(completion/zsh/vendor-completions/_aconite completion zsh)
set(fish completion/fish/vendor_completions.d)
write_output(${fish}/aconite.fish completion fish)
link_to(aconite.fish ${fish}/toxiproxy-cli.fish)
file(TOUCH ${OUT}/made)
