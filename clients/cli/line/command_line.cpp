#include "clients/cli/line/command_line.hpp"

#include "clients/cli/line/asking.hpp"
#include "clients/cli/line/experiment_verbs.hpp"
#include "clients/cli/line/flags.hpp"
#include "clients/cli/line/grammar.hpp"
#include "clients/cli/line/servers.hpp"

#include <algorithm>
#include <utility>

namespace aconite::cli {
namespace {

/// Whether JSON was asked for, in a line that may make no sense otherwise.
bool wants_json(std::vector<std::string> const& arguments)
{
    for (std::size_t i = 0; i < arguments.size() && arguments[i] != "--"; ++i) {
        if (arguments[i].size() < 2 || arguments[i].front() != '-')
            continue;
        auto const flag = split(arguments[i]);
        if (flag.name != "-o" && flag.name != "--output")
            continue;
        if (flag.has_value ? flag.value == "json"
                           : i + 1 < arguments.size() && arguments[i + 1] == "json")
            return true;
    }
    return false;
}

}  // namespace

std::variant<command, outcome> parse(identity const& self,
                                     std::vector<std::string> const& arguments)
{
    command asked;
    grammar verbs(self, asked);
    auto& root = verbs.root();
    auto const mistake = [&](std::string const& what) {
        auto text = self.program + ": " + what + "; see " + self.program + " --help";
        return failed({self.drop_in ? 1 : 2, std::move(text), {}}, wants_json(arguments));
    };
    try {
        if (arguments == std::vector<std::string>{"-h"})  // a host is missing: meant as help
            return outcome{0, root.help(), ""};
        auto plain = from_go_syntax(root, arguments);
        std::ranges::reverse(plain);  // CLI11 takes them from the back
        root.parse(std::move(plain));
    } catch (usage_error const& error) {
        return mistake(error.what());
    } catch (CLI::CallForHelp const&) {
        return outcome{0, root.help(), ""};
    } catch (CLI::CallForVersion const&) {
        return outcome{0, self.version_line + "\n", ""};
    } catch (CLI::ParseError const& error) {
        return mistake(error.what());
    }
    for (auto const* alone : {"serve", "demo"})
        if (!self.drop_in && root.got_subcommand(alone))
            return mistake(std::string(alone) + " stands first: it starts a server of its own");
    for (auto const& each : experiment_verbs)
        if (!self.drop_in && root.got_subcommand(std::string(each.name)))
            return mistake(std::string(each.name) + " stands first, its options behind it");
    auto const* what = verbs.parsed();
    if (what == nullptr)
        return outcome{0, root.help(), ""};
    asked.what = *what;
    asked.program = verbs.program();
    asked.usage = root.help();
    if (auto const fit = check_servers(asked); !fit)
        return mistake(fit.error().text);
    if (!asked.servers.empty())
        asked.host = asked.servers.front();
    return asked;
}

}  // namespace aconite::cli
