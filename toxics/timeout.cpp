// Swallows all data and closes the connection after a while.

#include <aconite/toxic_type.hpp>

namespace aconite::toxics {
namespace {

constexpr attribute timeout_attributes[] = {
    {.name = "timeout",
     .unit = "ms",
     .summary = "time to the close; 0 closes when the toxic is removed"},
};

class timeout final : public toxic {
public:
    explicit timeout(duration after) : after_(after) {}

    void on_start(toxic const*, toxic_context& link) override
    {
        link.wake_at(after_ == duration::zero() ? never : later(link.now(), after_));
    }

    void on_data(chunk c, toxic_context& link) override
    {
        if (!link.hit_once())
            link.pass(std::move(c));
    }

    void on_alarm(toxic_context& link) override
    {
        if (link.hit_once())
            link.end(ending::close, link.now());
    }

    // Bytes are missing by now: going on would show the receiver a stream with a hole.
    void on_remove(toxic_context& link) override { on_alarm(link); }

private:
    duration after_;
};

std::unique_ptr<toxic> make_timeout(attribute_values const& values)
{
    return std::make_unique<timeout>(values.ms("timeout"));
}

}  // namespace

extern constinit toxic_type const timeout_type{
    .name = "timeout",
    .summary = "drops all data and closes the connection after timeout",
    .attributes = timeout_attributes,
    .make = &make_timeout,
    .lenient = true,
};

}  // namespace aconite::toxics
