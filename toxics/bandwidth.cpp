// Lets data pass at a steady rate, without bursts: the first byte waits for its turn too.

#include <aconite/toxic_type.hpp>

#include <algorithm>

namespace aconite::toxics {
namespace {

constexpr attribute attributes[] = {
    {.name = "rate",
     .unit = "KB/s",
     .summary = "1000 bytes per second; 0 lets nothing pass",
     .maximum = 1'000'000'000},
};

class bandwidth final : public toxic {
public:
    explicit bandwidth(std::int64_t rate_kb) : rate_kb_(rate_kb) {}

    void on_data(chunk c, toxic_context& link) override
    {
        if (rate_kb_ == 0) {
            link.forward(std::move(c), never);
            return;
        }
        if (c.arrived > released_) {  // the line was idle, which earns no credit
            base_ = c.arrived;
            sent_bytes_ = 0;
        }
        while (!c.bytes.empty()) {
            chunk part{{}, c.arrived, c.offset};
            part.bytes = c.bytes.take_front(std::min(bytes_in(piece_ms), c.bytes.size()));
            c.offset += part.bytes.size();
            count(part.bytes.size());
            link.forward(std::move(part), released_);
        }
    }

    void on_end(ending how, toxic_context& link) override
    {
        link.end(how, rate_kb_ == 0 ? never : link.now());
    }

    /// So much that the line never runs dry while the thread is busy elsewhere.
    [[nodiscard]] std::size_t queue_limit_bytes() const override
    {
        return std::clamp<std::size_t>(bytes_in(reserve_ms), 64U << 10U, 64U << 20U);
    }

private:
    static constexpr std::size_t piece_ms = 2;
    static constexpr std::size_t reserve_ms = 50;

    [[nodiscard]] std::size_t bytes_in(std::size_t ms) const
    {
        return static_cast<std::size_t>(rate_kb_) * ms;
    }

    /// Sets the time at which `bytes` more are through. Always reckoned from the last whole
    /// second of a busy time, so that rounding never adds up.
    void count(std::size_t bytes)
    {
        auto const second_bytes = rate_kb_ * 1000;
        sent_bytes_ += static_cast<std::int64_t>(bytes);
        while (sent_bytes_ >= second_bytes) {
            sent_bytes_ -= second_bytes;
            base_ = later(base_, std::chrono::seconds(1));
        }
        // Below 10^12 bytes at the highest rate: the product fits.
        released_ = later(base_, std::chrono::nanoseconds(sent_bytes_ * 1'000'000 / rate_kb_));
    }

    std::int64_t rate_kb_;
    time_point base_ = time_point::min();
    time_point released_ = time_point::min();
    std::int64_t sent_bytes_ = 0;  ///< since base_
};

std::unique_ptr<toxic> make(attribute_values const& values)
{
    return std::make_unique<bandwidth>(values["rate"]);
}

/// Below, copying costs little, and reads of a millisecond's worth are so small that the sender's
/// window closes now and then: at 10 MB/s 6.6 % of the rate was lost.
constexpr std::int64_t paced_kb_min = 100'000;
constexpr std::int64_t paced_kb_max = 100'000'000;

std::uint64_t rate(attribute_values const& values)
{
    auto const kb = values["rate"];
    if (kb < paced_kb_min || kb > paced_kb_max)
        return 0;
    return static_cast<std::uint64_t>(kb) * 1000;
}

}  // namespace

extern constinit toxic_type const bandwidth_type{
    .name = "bandwidth",
    .summary = "limits the rate at which data passes",
    .attributes = attributes,
    .make = &make,
    .lenient = true,
    .rate = &rate,
};

}  // namespace aconite::toxics
