// What the control API spends on JSON.
#include "allocations.hpp"
#include "api/json/codec.hpp"

namespace aconite::api {
namespace {

void encode_proxies(benchmark::State& state)
{
    proxy_info const one{"pg",
                         "127.0.0.1:15432",
                         "127.0.0.1:5432",
                         true,
                         {{"latency_downstream",
                           "latency",
                           stream::downstream,
                           1.0F,
                           {{"latency", 100}, {"jitter", 0}}}}};
    std::vector<proxy_info> const all(static_cast<std::size_t>(state.range(0)), one);
    allocation_count const count(state);
    for (auto _ : state)
        benchmark::DoNotOptimize(to_json(all).dump());
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(encode_proxies)->Arg(1)->Arg(1'000);

void decode_toxic_body(benchmark::State& state)
{
    auto const types = toxic_registry::builtin();
    allocation_count const count(state);
    for (auto _ : state) {
        auto const body =
            parse_body(R"({"name":"slow","type":"latency","stream":"upstream","toxicity":0.5,)"
                       R"("attributes":{"latency":100,"jitter":10}})");
        ignored_members ignored;
        auto const draft = decode_toxic(*body, "", ignored);
        benchmark::DoNotOptimize(finish_toxic(*draft, *types.find(draft->config.type), ignored));
    }
}
BENCHMARK(decode_toxic_body);

}  // namespace
}  // namespace aconite::api
