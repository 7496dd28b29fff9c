// stress: children in a container that keep processors busy and memory in use. They need sh, sleep,
// head and tail there.
#include "clients/experiment/actions/container_exec.hpp"
#include "clients/experiment/actions/record.hpp"
#include "clients/experiment/actions/rows.hpp"
#include "clients/experiment/actions/stress.hpp"

#include <aconite/text.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace aconite::experiment {
namespace {

constexpr std::chrono::hours longest_stress{1};

constexpr std::array stress_fields{
    field{.name = "cpu",
          .type = field_type::share,
          .about = "share of all processors that the container may use: 80%",
          .maximum = 1},
    field{.name = "workers",
          .type = field_type::whole,
          .about = "busy loops that share it. Default: as few as can",
          .minimum = 1,
          .maximum = stress_workers_max},
    field{
        .name = "memory", .type = field_type::bytes, .about = "so much beside what it uses: 256MB"},
};

/// Ends all whose environment has $1, whichever way they were started.
constexpr std::string_view end_stress_script = R"(
for each in /proc/[0-9]*; do
    while read -r line || [ -n "$line" ]; do
        case $line in *"ACONITE_STRESS=$1"*) kill -9 "${each#/proc/}" ;; esac
    done <"$each/environ"
done 2>/dev/null
:
)";

class container_stress final : public action {
public:
    container_stress(stress_order order, std::string container, std::string_view socket)
        : order_(order), container_(std::move(container)), engine_(socket)
    {}

    result<std::vector<json>> undo_plan() override
    {
        auto const before = engine_.inspect(container_);
        if (!before)
            return told(before.error());
        if (!before->running || before->paused)
            return problem{409, "container '" + printable(container_) + "' does not run: it is " +
                                    printable(before->status)};
        id_ = before->id;
        limits_ = before->limits;
        mark_ = unique_mark();
        std::vector<json> plan;
        plan.push_back({{"kind", "container_stress"},
                        {"id", id_},
                        {"name", before->name},
                        {"socket", engine_.socket()},
                        {"mark", mark_}});
        return plan;
    }

    result<void> start() override
    {
        auto const processors = capacity();
        if (!processors)
            return told(processors.error());
        auto const exec = begin_exec(engine_, id_, stress_command(order_, *processors),
                                     {"ACONITE_STRESS=" + mark_});
        if (!exec)
            return told(exec.error());
        exec_ = *exec;
        auto const status = exec_status(engine_, exec_);
        if (!status)
            return told(status.error());
        if (*status && **status != 0)
            return problem{500, "container '" + printable(container_) +
                                    "': the load ended at once with status " +
                                    std::to_string(**status)};
        return {};
    }

    result<evidence> look() override
    {
        auto const status = exec_status(engine_, exec_);
        if (!status)
            return told(status.error());
        return evidence{{},
                        *status ? "the load ended with status " + std::to_string(**status)
                                : "the load runs"};
    }

private:
    [[nodiscard]] problem told(problem const& why) const
    {
        return {why.status, "container '" + printable(container_) + "': " + why.text};
    }

    /// Processors that the container may use.
    result<double> capacity()
    {
        auto const machine = engine_.ask("GET", "/info");
        if (!machine)
            return machine.error();
        auto processors =
            static_cast<double>(std::max(record_whole(*machine, "NCPU"), std::int64_t{1}));
        if (auto const nano = record_whole(limits_, "NanoCpus"); nano > 0)
            processors = std::min(processors, static_cast<double>(nano) / 1e9);
        auto const quota = record_whole(limits_, "CpuQuota");
        auto const period = record_whole(limits_, "CpuPeriod");
        if (quota > 0 && period > 0)
            processors =
                std::min(processors, static_cast<double>(quota) / static_cast<double>(period));
        return result<double>(boost::system::in_place_value, processors);
    }

    stress_order order_;
    std::string container_;
    std::string id_;
    std::string mark_;
    std::string exec_;
    json limits_;
    docker_engine engine_;
};

result<std::unique_ptr<action>>
make_stress(settings const& how, std::vector<target const*> const& aimed, surroundings const& where)
{
    if (aimed.size() != 1 || (aimed.front()->container.empty() && !aimed.front()->has_process()))
        return problem{400, "stress is aimed at one container or process"};
    stress_order order;
    order.cpu = how.number("cpu");
    order.workers = how.whole("workers");
    order.memory = std::llround(how.number("memory"));
    if (order.cpu <= 0 && order.memory <= 0)
        return problem{400, "stress: one of 'cpu' and 'memory' is needed"};
    if (how.has("workers") && order.cpu <= 0)
        return problem{400, "stress: 'workers' needs a 'cpu'"};
    order.time = std::chrono::ceil<std::chrono::seconds>(
        how.duration("duration", std::chrono::hours(longest_stress)));
    if (aimed.front()->container.empty())
        return make_process_stress(order, *aimed.front(), where);
    return std::unique_ptr<action>(
        std::make_unique<container_stress>(order, aimed.front()->container, where.docker_socket));
}

result<void> end_stress(json const& record, surroundings const& where)
{
    auto const id = record_text(record, "id");
    auto const mark = record_text(record, "mark");
    if (id.empty() || mark.empty())
        return problem{400, "an undo record of stress lacks 'id' or 'mark'"};
    docker_engine engine(where.docker_socket.empty() ? record_text(record, "socket")
                                                     : where.docker_socket);
    auto const told = [&](problem const& why) {
        return problem{why.status,
                       "container '" + printable(record_text(record, "name")) + "': " + why.text};
    };
    auto const now = engine.inspect(id);
    if (!now && now.error().status == 404)
        return {};
    if (!now)
        return told(now.error());
    if (!now->running)  // they ended with it
        return {};
    auto const ended = run_exec(
        engine, id, {"sh", "-c", std::string(end_stress_script), "sh", mark}, docker_engine::usual);
    if (!ended)
        return told(ended.error());
    if (*ended != 0)
        return told({500, "what ends the load ended with status " + std::to_string(*ended)});
    return {};
}

}  // namespace

constinit action_kind const stress_row{
    .row = {.name = "stress",
            .about = "children in the container, or beside the process, use processors and memory; "
                     "undone: they end",
            .fields = stress_fields,
            .example = "{stress: consumer, cpu: 80%, memory: 256MB, duration: 60s}"},
    .aims_at = "container or process",
    .make = make_stress};

constinit undo_kind const undo_container_stress{"container_stress", end_stress};

}  // namespace aconite::experiment
