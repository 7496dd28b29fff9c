// Loads a proxy with toxics and measures what they do to the bytes: client and server in one, the
// proxy between them. Prints one JSON object.
#include "bench/macro/toxics/commands.hpp"

#include <cstdio>
#include <exception>

namespace aconite::bench {

void add_common(CLI::App& command, common_options& options)
{
    command.add_option("--listen", options.way.listen, "port of the upstream server")->required();
    command.add_option("--connect", options.way.connect, "port of the proxy")->required();
    command.add_option("--skip", options.skip_s, "seconds left out at the beginning");
    command.add_option("--seconds", options.seconds, "seconds measured");
}

}  // namespace aconite::bench

int main(int argc, char** argv)
{
    using namespace aconite::bench;

    report out;
    CLI::App app("Measures what toxics do to connections");
    app.require_subcommand(1);
    for (auto* add : {add_pingpong, add_bulk, add_rate, add_messages, add_slices, add_api})
        add(app, out);
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& problem) {
        return app.exit(problem);
    } catch (std::exception const& problem) {
        std::fprintf(stderr, "aconite_toxic_load: %s\n", problem.what());
        return 1;
    }
    std::puts(out.dump().c_str());
}
