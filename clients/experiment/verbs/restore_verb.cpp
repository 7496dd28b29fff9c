#include "clients/experiment/run/undo_log.hpp"
#include "clients/experiment/verbs/other_verbs.hpp"
#include "clients/experiment/verbs/verbs.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <cstdio>

namespace aconite::experiment {
namespace {

void print(std::string const& text)
{
    std::fputs(text.c_str(), stdout);
}

}  // namespace

int restore_left(restore_command const& asked)
{
    auto const folder = asked.state.empty() ? state_folder(state_use::looked_at)
                                            : std::filesystem::path(asked.state);
    int status = status_held;
    auto const all = restore_all(folder, asked.only_look);
    for (auto const& each : all) {
        if (each.running)
            print(fmt::format("{}: runs, left alone\n", each.run));
        else
            print(fmt::format("{}: {} {}\n", each.run, each.undone,
                              asked.only_look ? "to undo" : "undone"));
        for (auto const& fault : each.problems) {
            std::fprintf(stderr, "aconite: %s: %s\n", each.run.c_str(), printable(fault).c_str());
            status = status_not_held;
        }
    }
    if (all.empty())
        print(fmt::format("nothing is left in {}\n", folder.string()));
    return status;
}

}  // namespace aconite::experiment
