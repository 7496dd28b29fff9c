#include "clients/cli/line/demo_options.hpp"

#include "clients/cli/line/checks.hpp"

namespace aconite::cli {

void add_demo_options(CLI::App& verb, demo_settings& into)
{
    verb.set_help_flag("-h,--help", "show this help");
    verb.add_flag("--once", into.once, "end after the demonstration instead of serving on");
    verb.add_option("--port", into.port, "port of the server's API (default: 8474 if free)")
        ->type_name("PORT")
        ->transform(whole_number({1, 65535}));
}

}  // namespace aconite::cli
