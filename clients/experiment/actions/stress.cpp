#include "clients/experiment/actions/stress.hpp"

#include "clients/experiment/actions/processes.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace aconite::experiment {
namespace {

/// $1 seconds, $2 bytes, $3 workers, $4 their share in hundredths. A loop is stopped and woken by
/// its shell in turns of 0.1 s, or of 10 s where sleep takes whole seconds only.
constexpr std::string_view stress_script = R"(
busy() {
    while :; do :; done & loop=$!
    if [ "$2" -ge 100 ]; then sleep "$1"; kill -9 $loop; return; fi
    off=$((100 - $2))
    if sleep 0.001 2>/dev/null; then
        turns=$(($1 * 10)); on=$(printf 0.%03d "$2"); off=$(printf 0.%03d "$off")
    else
        turns=$((($1 + 9) / 10)); on=$((($2 + 9) / 10)); off=$((10 - on))
    fi
    while [ "$turns" -gt 0 ]; do
        sleep "$on"; kill -STOP $loop || return
        sleep "$off"; kill -CONT $loop || return
        turns=$((turns - 1))
    done
    kill -9 $loop
}
if [ "$2" -gt 0 ]; then
    { head -c "$2" /dev/zero; sleep "$1"; } | tail -n 1 >/dev/null &
fi
n=$3
while [ "$n" -gt 0 ]; do busy "$1" "$4" & n=$((n - 1)); done
wait
)";

class process_stress final : public action {
public:
    process_stress(stress_order const& order, target const& of, surroundings const& where)
        : where_(where)
    {
        burner_.name = of.name + ".stress";
        auto const processors = static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN));
        burner_.process.command = stress_command(order, std::max(processors, 1.0));
    }

    result<std::vector<json>> undo_plan() override
    {
        return std::vector<json>{process_started_record(burner_, where_)};
    }

    result<void> start() override
    {
        auto const started = start_process(burner_, where_);
        return started ? result<void>() : result<void>(started.error());
    }

    result<evidence> look() override
    {
        auto const runs = find_process(burner_, where_);
        return evidence{{}, runs ? "the load runs" : "the load has ended"};
    }

private:
    target burner_{};
    surroundings const& where_;
};

}  // namespace

std::vector<std::string> stress_command(stress_order const& order, double processors)
{
    auto const wanted = order.cpu * processors;
    auto const workers =
        order.workers > 0 && wanted > 0
            ? order.workers
            : std::min(static_cast<std::int64_t>(std::ceil(wanted)), stress_workers_max);
    auto const share = workers > 0 ? std::llround(wanted * 100 / static_cast<double>(workers)) : 0;
    return {"sh",
            "-c",
            std::string(stress_script),
            "sh",
            std::to_string(order.time.count()),
            std::to_string(order.memory),
            std::to_string(workers),
            std::to_string(std::clamp(share, 1LL, 100LL))};
}

std::unique_ptr<action> make_process_stress(stress_order const& order, target const& of,
                                            surroundings const& where)
{
    return std::make_unique<process_stress>(order, of, where);
}

}  // namespace aconite::experiment
