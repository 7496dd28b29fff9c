#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>

namespace aconite {

/// Calls of operator new in this process so far, on every thread.
std::uint64_t allocations();

/// Reports the allocations of each iteration of a benchmark's loop as the counter "allocs".
class allocation_count {
public:
    explicit allocation_count(benchmark::State& state) : state_(state), before_(allocations()) {}
    allocation_count(allocation_count const&) = delete;
    allocation_count& operator=(allocation_count const&) = delete;
    ~allocation_count()
    {
        state_.counters["allocs"] = benchmark::Counter(static_cast<double>(allocations() - before_),
                                                       benchmark::Counter::kAvgIterations);
    }

private:
    benchmark::State& state_;
    std::uint64_t before_;
};

}  // namespace aconite
