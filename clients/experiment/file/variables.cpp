#include "clients/experiment/file/variables.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <optional>

namespace aconite::experiment {

void variables::fill(node& in, faults& found) const
{
    if (in.is_scalar())
        fill_text(in, found);
    for (auto& each : in.items)
        fill(each, found);
    for (auto& each : in.members)
        fill(each.value, found);
}

void variables::fill_text(node& in, faults& found) const
{
    std::string filled;
    std::string_view rest = in.text;
    for (;;) {
        auto const dollar = rest.find("${");
        if (dollar == rest.npos)
            break;
        if (dollar > 0 && rest[dollar - 1] == '$') {
            filled.append(rest.substr(0, dollar - 1)).append("${");
            rest.remove_prefix(dollar + 2);
            continue;
        }
        auto const end = rest.find('}', dollar);
        if (end == rest.npos) {
            found.add(in.at, "the brace of ${ is not closed");
            return;
        }
        auto name = rest.substr(dollar + 2, end - dollar - 2);
        std::optional<std::string_view> otherwise;
        if (auto const mark = name.find(":-"); mark != name.npos) {
            otherwise = name.substr(mark + 2);
            name = name.substr(0, mark);
        }
        filled.append(rest.substr(0, dollar));
        if (auto const known = given.find(name); known != given.end())
            filled += known->second;
        else if (auto const* set = std::getenv(std::string(name).c_str()); set != nullptr)
            filled += set;
        else if (auto const fallback = fallbacks.find(name); fallback != fallbacks.end())
            filled += fallback->second;
        else if (otherwise)
            filled += *otherwise;
        else
            found.add(in.at, fmt::format("${{{}}} is not known: set it in the environment, with "
                                         "--set {}=..., or in vars",
                                         name, name));
        rest.remove_prefix(end + 1);
    }
    filled.append(rest);
    in.text = std::move(filled);
}

}  // namespace aconite::experiment
