// aconite-experiment: what `aconite run`, validate, init, restore, report and diff hand over to.

#include "clients/experiment/verbs/verbs.hpp"

#include <string>
#include <vector>

int main(int argc, char** argv)
{
    return aconite::experiment::run_verb({argv + (argc > 0 ? 1 : 0), argv + argc});
}
