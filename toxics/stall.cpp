// Holds the stream up for a while, as a network does that is gone and comes back: stall in one
// direction, partition in both.

#include <aconite/toxic_type.hpp>

#include <algorithm>

namespace aconite::toxics {
namespace {

constexpr attribute stall_attributes[] = {
    {.name = "duration", .unit = "ms", .summary = "how long; 0 until the toxic is removed"},
};

class stall final : public toxic {
public:
    explicit stall(duration length) : length_(length) {}

    void on_start(toxic const*, toxic_context& link) override
    {
        heals_ = length_ == duration::zero() ? never : later(link.now(), length_);
    }

    void on_data(chunk c, toxic_context& link) override
    {
        auto const due = until(c.arrived, link);
        link.forward(std::move(c), due);
    }

    // An end or a reset does not come through either.
    void on_end(ending how, toxic_context& link) override
    {
        link.end(how, until(link.now(), link));
    }

private:
    /// When what comes `now` may leave.
    time_point until(time_point now, toxic_context& link)
    {
        return now < heals_ && link.hit_once() ? heals_ : now;
    }

    duration length_;
    time_point heals_ = never;
};

std::unique_ptr<toxic> make_stall(attribute_values const& values)
{
    return std::make_unique<stall>(values.ms("duration"));
}

}  // namespace

extern constinit toxic_type const stall_type{
    .name = "stall",
    .summary = "holds all data back, loses none, and lets go after duration or when removed",
    .attributes = stall_attributes,
    .make = &make_stall,
};

extern constinit toxic_type const partition_type{
    .name = "partition",
    .summary = "stalls both directions at once, as a network does that is cut",
    .attributes = stall_attributes,
    .make = &make_stall,
    .acts_on = stream::both,
};

}  // namespace aconite::toxics
