// Lets data pass at a steady rate. Without `burst` the first byte waits for its turn too.

#include "toxics/line_rate.hpp"
#include "toxics/shared_bandwidth.hpp"

#include <aconite/toxic_type.hpp>

#include <algorithm>

namespace aconite::toxics {
namespace {

constexpr attribute bandwidth_attributes[] = {
    {.name = "rate",
     .unit = "KB/s",
     .summary = "1000 bytes per second; 0 lets nothing pass",
     .maximum = 1'000'000'000},
    {.name = "shared",
     .summary = "the rate is that of all connections together",
     .kind = attribute_kind::flag,
     .extra = true},
    {.name = "burst",
     .unit = "bytes",
     .summary = "pass at once after a pause long enough to earn them; not at rate 0",
     .maximum = 1'000'000'000,
     .extra = true},
};

line_rate rate_of(attribute_values const& values)
{
    return {values["rate"]};
}

/// The pause that earns a burst. Not for rate 0.
duration credit_of(attribute_values const& values)
{
    return rate_of(values).time_of(values["burst"]);
}

bool shares_a_line(attribute_values const& values)
{
    return values.flag("shared") && values["rate"] > 0;
}

class bandwidth final : public toxic {
public:
    bandwidth(line_rate rate, duration credit) : rate_(rate), credit_(credit) {}

    void on_data(chunk c, toxic_context& link) override
    {
        if (!link.hit_once()) {
            link.pass(std::move(c));
            return;
        }
        if (rate_.kb == 0) {
            link.forward(std::move(c), never);
            return;
        }
        if (c.arrived - credit_ > released_) {  // the line was idle, which earns no more than that
            base_ = c.arrived - credit_;
            sent_bytes_ = 0;
        }
        while (!c.bytes.empty()) {
            chunk part{{}, c.arrived, c.offset};
            part.bytes = c.bytes.take_front(std::min(rate_.piece_bytes(), c.bytes.size()));
            c.offset += part.bytes.size();
            count(part.bytes.size());
            link.forward(std::move(part), std::max(released_, c.arrived));
        }
    }

    void on_end(ending how, toxic_context& link) override
    {
        link.end(how, rate_.kb == 0 && link.hit_once() ? never : link.now());
    }

    [[nodiscard]] std::size_t queue_limit_bytes() const override { return rate_.reserve_bytes(); }

private:
    /// Sets the time at which `bytes` more are through. Always reckoned from the last whole
    /// second of a busy time, so that rounding never adds up.
    void count(std::size_t bytes)
    {
        auto const second_bytes = rate_.kb * 1000;
        sent_bytes_ += static_cast<std::int64_t>(bytes);
        while (sent_bytes_ >= second_bytes) {
            sent_bytes_ -= second_bytes;
            base_ = later(base_, std::chrono::seconds(1));
        }
        released_ = later(base_, rate_.time_of(sent_bytes_));
    }

    line_rate rate_;
    duration credit_;
    time_point base_ = time_point::min();
    time_point released_ = time_point::min();
    std::int64_t sent_bytes_ = 0;  ///< since base_
};

std::unique_ptr<toxic> make_bandwidth(attribute_values const& values)
{
    auto const rate = rate_of(values);
    if (shares_a_line(values))
        return make_shared_bandwidth(rate);
    return std::make_unique<bandwidth>(rate, rate.kb == 0 ? duration::zero() : credit_of(values));
}

std::shared_ptr<toxic_common> make_common(attribute_values const& values)
{
    return shares_a_line(values) ? std::make_shared<shared_line>(credit_of(values)) : nullptr;
}

/// Below, copying costs little, and reads of a millisecond's worth are so small that the sender's
/// window closes now and then: at 10 MB/s 6.6 % of the rate was lost.
constexpr std::int64_t paced_kb_min = 100'000;
constexpr std::int64_t paced_kb_max = 100'000'000;

std::uint64_t rate(attribute_values const& values)
{
    auto const kb = values["rate"];
    if (values.flag("shared") || values["burst"] > 0 || kb < paced_kb_min || kb > paced_kb_max)
        return 0;
    return static_cast<std::uint64_t>(kb) * 1000;
}

}  // namespace

extern constinit toxic_type const bandwidth_type{
    .name = "bandwidth",
    .summary = "limits the rate at which data passes",
    .attributes = bandwidth_attributes,
    .make = &make_bandwidth,
    .lenient = true,
    .rate = &rate,
    .make_common = &make_common,
};

}  // namespace aconite::toxics
