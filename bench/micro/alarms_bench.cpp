// What a deadline costs on a shard with many of them.
#include "allocations.hpp"
#include "proxy/loop/alarms.hpp"

#include <chrono>
#include <deque>
#include <random>

namespace aconite {
namespace {

struct quiet_alarm final : alarm {
    void on_alarm(time_point) override {}
};

void alarm_set_and_fire(benchmark::State& state)
{
    alarms queue;
    std::deque<quiet_alarm> all(static_cast<std::size_t>(state.range(0)));
    std::mt19937 dice(1);
    time_point now{};
    for (auto& each : all)
        queue.set(each, now + std::chrono::microseconds(dice() % 10'000));

    allocation_count const count(state);
    for (std::size_t next = 0; auto _ : state) {
        now = queue.next();
        queue.fire(now);
        queue.set(all[next], now + std::chrono::microseconds(dice() % 10'000));
        next = (next + 1) % all.size();
    }
}
BENCHMARK(alarm_set_and_fire)->Arg(10)->Arg(1'000)->Arg(100'000);

}  // namespace
}  // namespace aconite
