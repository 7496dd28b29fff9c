// One binary, three names: aconite, toxiproxy-server and toxiproxy-cli.

#include "api/daemon/serve.hpp"
#include "clients/cli/demo/demo.hpp"
#include "clients/cli/help/completion.hpp"
#include "clients/cli/help/manual.hpp"
#include "clients/cli/line/identity.hpp"
#include "clients/cli/verbs/verbs.hpp"

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

int main(int argc, char** argv)
{
    namespace cli = aconite::cli;

    std::string_view const called = argc > 0 ? argv[0] : "aconite";
    auto const name = cli::base_name(called);
    if (name == "toxiproxy-server" || name == "toxiproxy")  // the latter in container images
        return aconite::daemon::serve(argc, argv);

    auto const self = cli::identity_of(called);
    std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    if (!self.drop_in && !arguments.empty()) {
        if (arguments.front() == "serve")
            return aconite::daemon::serve(argc - 1, argv + 1);
        if (arguments.front() == "demo")
            return cli::run_demo({arguments.begin() + 1, arguments.end()});
        if (arguments.front() == cli::complete_verb)
            return cli::print_candidates({arguments.begin() + 1, arguments.end()});
        if (arguments.front() == cli::manual_verb)
            return std::fputs(cli::manual_page().c_str(), stdout) < 0 ? 1 : 0;
    }
    return cli::run_command_line(self, arguments);
}
