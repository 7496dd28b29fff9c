// update: other limits for a container, and its former ones back.
#include "clients/experiment/actions/record.hpp"
#include "clients/experiment/actions/rows.hpp"
#include "clients/experiment/probes/docker_engine.hpp"

#include <aconite/text.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace aconite::experiment {
namespace {

constexpr double least_memory = 6.0 * 1024 * 1024;  // what the engine takes
constexpr std::int64_t cpu_period_us = 100'000;
constexpr std::int64_t nano = 1'000'000'000;

constexpr std::array update_fields{
    field{.name = "memory",
          .type = field_type::bytes,
          .about = "all that it may use, swap included: 64MB. Default: stays",
          .minimum = least_memory},
    field{.name = "cpus",
          .type = field_type::number,
          .about = "so many processors: 0.5. Default: stays",
          .minimum = 0.01},
};

std::int64_t limit_of(json const& limits, char const* name)
{
    return record_whole(limits, name);
}

/// What the engine calls the limits that are asked for.
json wanted_limits(std::optional<std::int64_t> memory, std::optional<double> cpus,
                   json const& before)
{
    auto values = json::object();
    if (memory) {
        values["Memory"] = *memory;
        values["MemorySwap"] = *memory;
    }
    if (cpus && limit_of(before, "NanoCpus") > 0)  // the engine takes one way or the other
        values["NanoCpus"] = std::llround(*cpus * nano);
    else if (cpus) {
        values["CpuPeriod"] = cpu_period_us;
        values["CpuQuota"] = std::max(std::llround(*cpus * cpu_period_us), 1'000LL);
    }
    return values;
}

/// What brings the former ones back. For the engine 0 is "as it is", it refuses a Memory of -1
/// ("Minimum memory limit allowed is 6MB"), and does not hand a MemorySwap of -1 on: no limit is
/// one that no machine reaches.
json former_limits(json const& wanted, json const& before)
{
    constexpr std::int64_t no_memory_limit = std::int64_t{1} << 53;
    constexpr std::int64_t no_swap_limit = 2 * no_memory_limit;  // of both: swap has a half
    auto values = json::object();
    if (wanted.contains("Memory")) {
        auto const memory = limit_of(before, "Memory");
        auto const swap = limit_of(before, "MemorySwap");
        values["Memory"] = memory > 0 ? memory : no_memory_limit;
        values["MemorySwap"] =
            memory > 0 && swap > 0 ? swap : no_swap_limit;  // -1 is not passed on
    }
    if (wanted.contains("NanoCpus"))
        values["NanoCpus"] = limit_of(before, "NanoCpus");
    if (wanted.contains("CpuQuota")) {
        auto const quota = limit_of(before, "CpuQuota");
        auto const period = limit_of(before, "CpuPeriod");
        values["CpuPeriod"] = period > 0 ? period : cpu_period_us;
        values["CpuQuota"] = quota > 0 ? quota : -1;
    }
    return values;
}

result<void> update_limits(docker_engine& engine, std::string const& id, std::string const& name,
                           json const& values)
{
    auto const done = engine.ask_text("POST", container_path(id) + "/update", values);
    if (!done)
        return problem{done.error().status,
                       "container '" + printable(name) + "': " + done.error().text};
    return {};
}

class container_update final : public action {
public:
    container_update(std::optional<std::int64_t> memory, std::optional<double> cpus,
                     std::string container, std::string_view socket)
        : memory_(memory), cpus_(cpus), container_(std::move(container)), engine_(socket)
    {}

    result<std::vector<json>> undo_plan() override
    {
        auto const before = engine_.inspect(container_);
        if (!before)
            return problem{before.error().status,
                           "container '" + printable(container_) + "': " + before.error().text};
        id_ = before->id;
        wanted_ = wanted_limits(memory_, cpus_, before->limits);
        std::vector<json> plan;
        plan.push_back({{"kind", "container_update"},
                        {"id", before->id},
                        {"name", before->name},
                        {"socket", engine_.socket()},
                        {"values", former_limits(wanted_, before->limits)}});
        return plan;
    }

    result<void> start() override { return update_limits(engine_, id_, container_, wanted_); }

    result<evidence> look() override
    {
        auto const now = engine_.inspect(id_);
        if (!now)
            return problem{now.error().status,
                           "container '" + printable(container_) + "': " + now.error().text};
        std::string text = printable(now->status);
        for (auto const& [name, unused] : wanted_.items())
            if (name == "Memory" || name == "CpuQuota" || name == "NanoCpus")
                text += ", " + name + " " + std::to_string(limit_of(now->limits, name.c_str()));
        return evidence{{}, std::move(text)};
    }

private:
    std::optional<std::int64_t> memory_;
    std::optional<double> cpus_;
    std::string container_;
    std::string id_;
    json wanted_;
    docker_engine engine_;
};

result<std::unique_ptr<action>>
make_update(settings const& how, std::vector<target const*> const& aimed, surroundings const& where)
{
    if (aimed.size() != 1 || aimed.front()->container.empty())
        return problem{400, "update is aimed at one container"};
    std::optional<std::int64_t> memory;
    std::optional<double> cpus;
    if (how.has("memory"))
        memory = std::llround(how.number("memory"));
    if (how.has("cpus"))
        cpus = how.number("cpus");
    if (!memory && !cpus)
        return problem{400, "update: one of 'memory' and 'cpus' is needed"};
    if (memory && static_cast<double>(*memory) < least_memory)
        return problem{400, "update: 'memory' must be at least 6MiB, as the engine wants it"};
    if (cpus && *cpus < 0.01)
        return problem{400, "update: 'cpus' must be at least 0.01"};
    return std::unique_ptr<action>(std::make_unique<container_update>(
        memory, cpus, aimed.front()->container, where.docker_socket));
}

result<void> restore_limits(json const& record, surroundings const& where)
{
    auto const id = record_text(record, "id");
    auto const values = record.find("values");
    if (id.empty() || values == record.end() || !values->is_object())
        return problem{400, "an undo record of a container lacks 'id' or 'values'"};
    docker_engine engine(where.docker_socket.empty() ? record_text(record, "socket")
                                                     : where.docker_socket);
    auto const done = update_limits(engine, id, record_text(record, "name"), *values);
    if (!done && done.error().status != 404)
        return done;
    return {};
}

}  // namespace

constinit action_kind const update_row{
    .row = {.name = "update",
            .about = "other limits for a container; undone: its former ones, and where memory had "
                     "none 8 PiB: the engine takes no 'none' back",
            .fields = update_fields,
            .example = "{update: worker, memory: 64MB, cpus: 0.5}"},
    .aims_at = "container",
    .make = make_update};

constinit undo_kind const undo_container_update{"container_update", restore_limits};

}  // namespace aconite::experiment
