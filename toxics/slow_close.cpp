// Delays the end of the stream, but no data.

#include <aconite/toxic_type.hpp>

namespace aconite::toxics {
namespace {

constexpr attribute slow_close_attributes[] = {
    {.name = "delay", .unit = "ms", .summary = "how much later the stream ends"},
};

class slow_close final : public toxic {
public:
    explicit slow_close(duration delay) : delay_(delay) {}

    void on_data(chunk c, toxic_context& link) override { link.pass(std::move(c)); }

    void on_end(ending how, toxic_context& link) override
    {
        link.end(how, link.hit() ? later(link.now(), delay_) : link.now());
    }

private:
    duration delay_;
};

std::unique_ptr<toxic> make_slow_close(attribute_values const& values)
{
    return std::make_unique<slow_close>(values.ms("delay"));
}

}  // namespace

extern constinit toxic_type const slow_close_type{
    .name = "slow_close",
    .summary = "delays the close of the connection",
    .attributes = slow_close_attributes,
    .make = &make_slow_close,
    .lenient = true,
};

}  // namespace aconite::toxics
