// What a chunk costs on its way through the toxics, without sockets.
#include "allocations.hpp"
#include "proxy/pipeline/pipeline.hpp"

#include <chrono>
#include <string>

namespace aconite {
namespace {

using std::chrono::milliseconds;

void pipeline_latency(benchmark::State& state)
{
    auto const registry = toxic_registry::builtin();
    auto const* type = registry.find("latency");
    attribute_values values(type->attributes);
    (void)values.set("latency", 1);
    pipeline line;
    time_point now{};
    line.apply({{1, 0, type, values, 0}}, now);
    std::string const bytes(static_cast<std::size_t>(state.range(0)), 'x');

    allocation_count const count(state);
    for (auto _ : state) {
        line.push(slice::copy_of(bytes), now);
        now += milliseconds(1);
        line.advance(now);
        line.consume(line.front().size());
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(pipeline_latency)->Arg(64)->Arg(16 * 1024)->Arg(64 * 1024);

}  // namespace
}  // namespace aconite
