# cmake -D OUT=FILE.cpp -D "FILES=A;B" [-D HEADER=... -D NAMESPACE=... -D TYPE=... -D FUNCTION=...]
# -P embed.cmake: a C++ source with the text of the files, as the header declares it, which is
# api/http/web_file.hpp if none is named. A raw string literal each: no tool but the compiler is needed.

if(NOT HEADER)
    set(HEADER api/http/web_file.hpp)
    set(NAMESPACE aconite::api)
    set(TYPE web_file)
    set(FUNCTION web_files)
endif()
set(rows)
foreach(file IN LISTS FILES)
    get_filename_component(name ${file} NAME)
    file(READ ${file} text)
    string(APPEND rows "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
endforeach()
file(WRITE ${OUT} "#include \"${HEADER}\"

namespace ${NAMESPACE} {
namespace {

constexpr ${TYPE} files[] = {
${rows}};

}  // namespace

std::span<${TYPE} const> ${FUNCTION}()
{
    return files;
}

}  // namespace ${NAMESPACE}
")
