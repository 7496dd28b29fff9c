// One binary, three names: aconite, toxiproxy-server and toxiproxy-cli, the last two also as
// Toxiproxy's releases have them, with a platform behind.

#include "api/daemon/serve.hpp"
#include "clients/cli/demo/demo.hpp"
#include "clients/cli/help/completion.hpp"
#include "clients/cli/help/manual.hpp"
#include "clients/cli/line/experiment_verbs.hpp"
#include "clients/cli/line/identity.hpp"
#include "clients/cli/line/serve_file.hpp"
#include "clients/cli/verbs/verbs.hpp"

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// `aconite serve`, with what stands behind it.
int serve(std::vector<std::string> const& arguments)
{
    auto flags = aconite::cli::serve_flags(arguments);
    if (!flags) {
        std::fprintf(stderr, "aconite serve: %s\n", flags.error().text.c_str());
        return 2;
    }
    flags->insert(flags->begin(), "aconite serve");
    std::vector<char*> plain;
    for (auto& flag : *flags)
        plain.push_back(flag.data());
    plain.push_back(nullptr);
    return aconite::daemon::serve(static_cast<int>(flags->size()), plain.data());
}

}  // namespace

int main(int argc, char** argv)
{
    namespace cli = aconite::cli;

    std::string_view const called = argc > 0 ? argv[0] : "aconite";
    // Container images call the server toxiproxy.
    if (cli::is_called(called, "toxiproxy-server") || cli::base_name(called) == "toxiproxy")
        return aconite::daemon::serve(argc, argv);

    auto const self = cli::identity_of(called);
    std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    if (!self.drop_in && !arguments.empty()) {
        if (arguments.front() == "serve")
            return serve({arguments.begin() + 1, arguments.end()});
        if (arguments.front() == "demo")
            return cli::run_demo({arguments.begin() + 1, arguments.end()});
        if (cli::is_experiment_verb(arguments.front()))
            return cli::become_experiment(arguments);
        if (arguments.front() == cli::complete_verb)
            return cli::print_candidates({arguments.begin() + 1, arguments.end()});
        if (arguments.front() == cli::manual_verb)
            return std::fputs(cli::manual_page().c_str(), stdout) < 0 ? 1 : 0;
    }
    return cli::run_command_line(self, arguments);
}
