#include "clients/cli/help/completion_script.hpp"

#include <string_view>

namespace aconite::cli {
namespace {

// In all of them: an output line is a candidate, a tab and what it means; status 3: a file's name.

// bash types a candidate as it is, so what it would take for more than a word is quoted here. It
// takes = and : for the beginning of a word. So the line is split here, and of each candidate
// only what stands behind the last of these is left.
constexpr std::string_view bash =
    R"script(# Completion for aconite and toxiproxy-cli, by aconite completion bash.
_aconite()
{
    local line=${COMP_LINE:0:COMP_POINT} program found status=0 kept i
    local -a typed
    read -ra typed <<<"$line"
    if [[ $line == *[[:space:]] ]]; then typed+=(''); fi
    program=${typed[0]}
    if [[ ${program##*/} != aconite ]]; then program=aconite; fi
    COMPREPLY=()
    found=$("$program" __complete "${typed[@]}" 2>/dev/null) || status=$?
    if ((status == 3)); then
        compopt -o default 2>/dev/null
        return
    fi
    if [[ -z $found ]]; then return; fi
    mapfile -t COMPREPLY < <(cut -f1 <<<"$found")
    for i in "${!COMPREPLY[@]}"; do
        if [[ ${COMPREPLY[i]} == *[^[:alnum:]_.,:=/@%+-]* ]]; then
            printf -v "COMPREPLY[i]" %q "${COMPREPLY[i]}"
        fi
    done
    if [[ ${COMPREPLY[0]} == *[=.] ]]; then compopt -o nospace 2>/dev/null; fi
    kept=${typed[-1]}
    if [[ $kept == *[=:]* && $COMP_WORDBREAKS == *=* && $COMP_WORDBREAKS == *:* ]]; then
        kept=${kept%"${kept##*[=:]}"}
        COMPREPLY=("${COMPREPLY[@]#"$kept"}")
    fi
}
complete -F _aconite aconite toxiproxy-cli
)script";

constexpr std::string_view zsh = R"script(#compdef aconite toxiproxy-cli
# Completion for aconite and toxiproxy-cli, by aconite completion zsh.
_aconite()
{
    local program=${words[1]} found line result=0
    local -a texts shown
    if [[ ${program:t} != aconite ]]; then program=aconite; fi
    found=$(${(Q)program} __complete "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null) ||
        result=$?
    if ((result == 3)); then
        _files
        return
    fi
    for line in ${(f)found}; do
        texts+=("${line%%$'\t'*}")
        shown+=("${line/$'\t'/  -- }")
    done
    if [[ ${texts[1]} == *[=.] ]]; then
        compadd -l -d shown -S '' -a texts
    else
        compadd -l -d shown -a texts
    fi
}
if [[ ${funcstack[1]} == _aconite ]]; then
    _aconite "$@"
else
    compdef _aconite aconite toxiproxy-cli
fi
)script";

constexpr std::string_view fish =
    R"script(# Completion for aconite and toxiproxy-cli, by aconite completion fish.
function __aconite_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l program $typed[1]
    if not string match -qr '(^|/)aconite$' -- $program
        set program aconite
    end
    $program __complete $typed "$current" 2>/dev/null
    if test $status -eq 3
        __fish_complete_path "$current"
    end
end
complete -c aconite -f -a '(__aconite_complete)'
complete -c toxiproxy-cli -f -a '(__aconite_complete)'
)script";

}  // namespace

std::string completion_script(std::string const& shell)
{
    return std::string(shell == "bash" ? bash : shell == "zsh" ? zsh : fish);
}

}  // namespace aconite::cli
