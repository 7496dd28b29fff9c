#include "clients/experiment/file/schema.hpp"
#include "clients/experiment/run/kinds.hpp"
#include "clients/experiment/verbs/other_verbs.hpp"
#include "clients/experiment/verbs/verbs.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace aconite::experiment {

int validate_files(validate_command const& asked)
{
    if (asked.schema) {
        std::fputs((schema_of(all_kinds()).dump(1) + "\n").c_str(), stdout);
        return status_held;
    }
    if (asked.files.empty()) {
        std::fputs("aconite validate: files is required; see aconite validate --help\n", stderr);
        return status_inconclusive;
    }
    auto const files = experiment_files(asked.files, asked.beside);
    if (!files) {
        std::fprintf(stderr, "aconite validate: %s\n", files.error().text.c_str());
        return status_not_held;
    }
    tell_passed_over(*files, "validate");
    auto beside = asked.beside;
    auto fits = read_what_comes_once(files->files, beside);
    if (fits)
        fits = check_map(files->files, beside);
    if (!fits) {
        std::fprintf(stderr, "aconite validate: %s\n", fits.error().text.c_str());
        return status_not_held;
    }
    int status = status_held;
    for (auto const& file : files->files) {
        auto const read = read_file(file, beside, "RUN");
        for (auto const& fault : read.faults)
            std::fprintf(stderr, "%s\n", fault.c_str());
        if (read.faults.empty())
            std::fputs(fmt::format("{}: ok\n", file.string()).c_str(), stdout);
        else
            status = status_not_held;
    }
    return status;
}

}  // namespace aconite::experiment
