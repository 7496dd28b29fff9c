#include "clients/experiment/verbs/verbs.hpp"

#include "clients/experiment/verbs/report_verbs.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <cstdio>

namespace aconite::experiment {

int run_verb(std::vector<std::string> const& arguments)
{
    CLI::App root("Experiments: a fault, what was expected, a report.", "aconite");
    root.set_help_flag("-h,--help", "show this help");
    root.require_subcommand(1);
    for (auto const* name : {"run", "validate", "init", "restore"})
        root.add_subcommand(name)->set_help_flag("-h,--help", "show this help");
    report_verbs const reports(root);
    auto plain = arguments;
    std::reverse(plain.begin(), plain.end());
    try {
        root.parse(std::move(plain));
    } catch (CLI::CallForHelp const&) {
        std::fputs(root.help().c_str(), stdout);
    } catch (CLI::ParseError const& error) {
        std::fprintf(stderr, "aconite: %s\n", error.what());
        return status_inconclusive;
    }
    if (auto const done = reports.run())
        return *done;
    return status_held;
}

}  // namespace aconite::experiment
