// Delays data as a long way would: everything in flight waits side by side, so that the
// throughput stays what it was.

#include "toxics/distribution.hpp"

#include <aconite/toxic_type.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace aconite::toxics {
namespace {

constexpr attribute latency_attributes[] = {
    {.name = "latency", .unit = "ms", .summary = "delay of all data"},
    {.name = "jitter", .unit = "ms", .summary = "the delay varies by up to this, both ways"},
    {.name = "distribution",
     .summary = "how it varies; but for uniform, jitter is the standard deviation",
     .kind = attribute_kind::choice,
     .names = distribution_names,
     .extra = true},
    {.name = "correlation",
     .summary = "how much a delay is like the one before",
     .maximum = 1,
     .kind = attribute_kind::number,
     .extra = true},
    {.name = "table",
     .unit = "ms",
     .summary = "delays beside latency, by percentile: p50, p99, p999",
     .kind = attribute_kind::numbers,
     .extra = true},
};

/// Where the delays of a toxic come from.
struct delays {
    duration latency;
    duration jitter;
    quantile spread;
    percentiles table;
    double correlation = 0;

    [[nodiscard]] bool vary() const { return jitter != duration::zero() || !table.empty(); }

    [[nodiscard]] duration at(double u) const
    {
        auto const mean = static_cast<double>(latency.count());
        auto const ns = table.empty() ? spread(u, mean, static_cast<double>(jitter.count()))
                                      : mean + table.value(u) * 1e6;
        constexpr auto longest = static_cast<double>(duration::max().count()) / 4;
        return duration(static_cast<duration::rep>(std::clamp(ns, 0.0, longest)));
    }
};

class latency final : public toxic {
public:
    explicit latency(delays wanted) : delays_(std::move(wanted)) {}

    void on_start(toxic const* previous, toxic_context&) override
    {
        if (previous != nullptr)
            last_ = static_cast<latency const*>(previous)->last_;
    }

    void on_data(chunk c, toxic_context& link) override
    {
        auto const delay = delay_at(c.offset, link);
        auto const due = link.hit() ? later(c.arrived, delay) : c.arrived;
        link.forward(std::move(c), due);
    }

    /// A whole bandwidth-delay product has to fit, or the delay would limit the throughput.
    [[nodiscard]] std::size_t queue_limit_bytes() const override { return 512U << 20U; }

private:
    [[nodiscard]] duration delay_at(std::uint64_t offset, toxic_context const& link)
    {
        if (!delays_.vary())
            return delays_.latency;
        auto const u = link.random(offset);
        return delays_.at(delays_.correlation == 0 ? u : correlated(u));
    }

    /// Correlated as normal numbers, which leaves the distribution as it is.
    [[nodiscard]] double correlated(double u)
    {
        auto const rho = delays_.correlation;
        auto z = normal_quantile(u);
        if (last_)
            z = rho * *last_ + std::sqrt(1 - rho * rho) * z;
        last_ = z;
        return normal_share(z);
    }

    delays delays_;
    std::optional<double> last_;
};

result<percentiles> table_of(attribute_values const& values)
{
    return percentiles::read("table", values.numbers("table"));
}

std::unique_ptr<toxic> make_latency(attribute_values const& values)
{
    return std::make_unique<latency>(delays{values.ms("latency"), values.ms("jitter"),
                                            quantile_of(values.choice("distribution")),
                                            *table_of(values), values.number("correlation")});
}

result<void> check_latency(attribute_values const& values)
{
    auto const table = table_of(values);
    if (!table)
        return table.error();
    if (!table->empty() && values["jitter"] != 0)
        return problem{400, "bad request body: attribute 'jitter' must be 0 beside 'table'"};
    return {};
}

}  // namespace

extern constinit toxic_type const latency_type{
    .name = "latency",
    .summary = "delays all data by latency +/- jitter",
    .attributes = latency_attributes,
    .make = &make_latency,
    .lenient = true,
    .check = &check_latency,
};

}  // namespace aconite::toxics
