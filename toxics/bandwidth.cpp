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
        auto const ten_ms_bytes = static_cast<std::size_t>(rate_kb_ * 10);
        while (!c.bytes.empty()) {
            chunk part{{}, c.arrived, c.offset};
            part.bytes = c.bytes.take_front(std::min(ten_ms_bytes, c.bytes.size()));
            c.offset += part.bytes.size();
            count(part.bytes.size());
            link.forward(std::move(part), released_);
        }
    }

    void on_end(ending how, toxic_context& link) override
    {
        link.end(how, rate_kb_ == 0 ? never : link.now());
    }

private:
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

}  // namespace

extern constinit toxic_type const bandwidth_type{
    .name = "bandwidth",
    .summary = "limits the rate at which data passes",
    .attributes = attributes,
    .make = &make,
};

}  // namespace aconite::toxics
