#include "clients/experiment/verbs/other_verbs.hpp"
#include "clients/experiment/verbs/verbs.hpp"

#include <CLI/App.hpp>

namespace aconite::experiment {

void add_init_options(CLI::App& verb, init_command& into)
{
    verb.add_option("what", into.what, "redis, postgres, kafka or compose")->type_name("");
}

int write_first(init_command const&)
{
    return status_could_not_run;
}

}  // namespace aconite::experiment
