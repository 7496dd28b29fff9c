#include "clients/experiment/actions/left_load.hpp"

#include "clients/experiment/actions/processes.hpp"
#include "clients/experiment/actions/record.hpp"
#include "clients/experiment/actions/rows.hpp"
#include "proxy/net/number.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace aconite::experiment {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds load_grace{2};
/// Each ends what the one before it has started meanwhile.
constexpr int rounds_max = 10;

/// Whether that is one of its variables. Not if it is another user's, who does not show it.
bool has_variable(fs::path const& process, std::string const& text)
{
    std::ifstream in(process / "environ", std::ios::binary);
    std::string const all = '\0' + std::string(std::istreambuf_iterator<char>(in), {});
    return all.find('\0' + text + '\0') != std::string::npos;
}

std::vector<process_id> processes_that_have(std::string const& variable)
{
    std::vector<process_id> found;
    std::error_code error;
    for (fs::directory_iterator each("/proc", error), end; !error && each != end;
         each.increment(error)) {
        auto const pid = number_in<std::int64_t>(each->path().filename().string());
        if (!pid || *pid == ::getpid() || !has_variable(each->path(), variable))
            continue;
        if (auto const process = process_with(*pid))
            found.push_back(*process);
    }
    return found;
}

result<void> end_left_load(json const& record, surroundings const& where)
{
    auto const variable = record_text(record, "variable");
    if (variable.empty())
        return problem{400, "an undo record of a load lacks 'variable'"};
    for (int round = 0; round < rounds_max; ++round) {
        auto const left = processes_that_have(variable);
        if (left.empty())
            return {};
        for (auto const& each : left)
            if (auto const ended = end_process({each, false}, where, load_grace); !ended)
                return ended;
    }
    return problem{500, "a load starts processes faster than they can be ended"};
}

}  // namespace

json left_load_record(surroundings const& where)
{
    return {{"kind", "load"}, {"variable", "ACONITE_EXPERIMENT_OUTPUT=" + where.output.string()}};
}

constinit undo_kind const undo_left_load{"load", end_left_load};

}  // namespace aconite::experiment
