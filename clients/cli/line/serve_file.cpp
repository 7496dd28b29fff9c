#include "clients/cli/line/serve_file.hpp"

#include "api/daemon/go_flags.hpp"
#include "clients/cli/line/flags.hpp"

#include <aconite/text.hpp>

#include <algorithm>

namespace aconite::cli {
namespace {

/// Whether the flag's value is an argument of its own.
bool takes_next(split_flag const& flag)
{
    auto const all = daemon::flag_helps();
    auto const name = flag.name.substr(flag.name.find_first_not_of('-'));
    auto const found = std::ranges::find(all, name, &daemon::flag_help::name);
    return !flag.has_value && found != all.end() && !found->value.empty();
}

}  // namespace

result<std::vector<std::string>> serve_flags(std::vector<std::string> const& arguments)
{
    std::vector<std::string> flags;
    std::vector<std::string> files;
    bool named = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        auto const& argument = arguments[i];
        if (argument == "--")
            continue;
        if (argument.size() < 2 || argument.front() != '-') {
            files.push_back(argument);
            continue;
        }
        auto const flag = split(argument);
        named |= flag.name == "--config";
        flags.push_back(argument);
        if (takes_next(flag) && i + 1 < arguments.size())
            flags.push_back(arguments[++i]);
    }
    if (std::ranges::count(files, "") > 0)
        return problem{0, "the name of the configuration is empty"};
    if (files.size() + (named ? 1 : 0) > 1)
        return problem{0, "there are several configurations, " + printable(files[0]) + " and " +
                              (named ? "that of -config" : printable(files[1]))};
    if (!files.empty())
        flags.insert(flags.end(), {"-config", files.front()});
    return flags;
}

}  // namespace aconite::cli
