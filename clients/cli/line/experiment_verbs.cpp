#include "clients/cli/line/experiment_verbs.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace aconite::cli {
namespace {

constexpr auto* program = "aconite-experiment";
constexpr int could_not_run = 3;

}  // namespace

bool is_experiment_verb(std::string_view name)
{
    return std::ranges::any_of(experiment_verbs,
                               [&](experiment_verb const& verb) { return verb.name == name; });
}

int become_experiment(std::vector<std::string> const& arguments)
{
    std::vector<char*> plain;
    auto own = std::string(program);
    plain.push_back(own.data());
    for (auto const& argument : arguments)
        plain.push_back(const_cast<char*>(argument.c_str()));  // which exec does not change
    plain.push_back(nullptr);

    std::error_code none;
    auto const self = std::filesystem::read_symlink("/proc/self/exe", none);
    if (!none)
        execv((self.parent_path() / program).c_str(), plain.data());
    execvp(program, plain.data());
    std::fprintf(stderr,
                 "aconite: cannot start %s, beside this program or in PATH: %s; it is in the "
                 "package aconite-experiment\n",
                 program, std::strerror(errno));
    return could_not_run;
}

}  // namespace aconite::cli
