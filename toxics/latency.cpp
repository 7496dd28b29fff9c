// Delays data as a long way would: everything in flight waits side by side, so that the
// throughput stays what it was.

#include <aconite/toxic_type.hpp>

#include <algorithm>

namespace aconite::toxics {
namespace {

constexpr attribute attributes[] = {
    {.name = "latency", .unit = "ms", .summary = "delay of all data"},
    {.name = "jitter", .unit = "ms", .summary = "the delay varies by up to this, both ways"},
};

class latency final : public toxic {
public:
    latency(duration delay, duration jitter) : delay_(delay), jitter_(jitter) {}

    void on_data(chunk c, toxic_context& link) override
    {
        auto const due = later(c.arrived, delay_at(c.offset, link));
        link.forward(std::move(c), due);
    }

    /// A whole bandwidth-delay product has to fit, or the delay would limit the throughput.
    [[nodiscard]] std::size_t queue_limit_bytes() const override { return 512U << 20U; }

private:
    [[nodiscard]] duration delay_at(std::uint64_t offset, toxic_context const& link) const
    {
        if (jitter_ == duration::zero())
            return delay_;
        auto const share = 2.0 * link.random(offset) - 1.0;  // [-1, 1)
        auto const shift = share * static_cast<double>(jitter_.count());
        return std::max(duration::zero(), delay_ + duration(static_cast<duration::rep>(shift)));
    }

    duration delay_;
    duration jitter_;
};

std::unique_ptr<toxic> make(attribute_values const& values)
{
    return std::make_unique<latency>(values.ms("latency"), values.ms("jitter"));
}

}  // namespace

extern constinit toxic_type const latency_type{
    .name = "latency",
    .summary = "delays all data by latency +/- jitter",
    .attributes = attributes,
    .make = &make,
};

}  // namespace aconite::toxics
