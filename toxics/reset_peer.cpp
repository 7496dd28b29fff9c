// Resets the connection some time after the first data; nothing of the stream passes.

#include <aconite/toxic_type.hpp>

#include <optional>

namespace aconite::toxics {
namespace {

constexpr attribute reset_peer_attributes[] = {
    {.name = "timeout", .unit = "ms", .summary = "time from the first data to the reset"},
};

class reset_peer final : public toxic {
public:
    explicit reset_peer(duration after) : after_(after) {}

    void on_start(toxic const* previous, toxic_context& link) override
    {
        if (previous == nullptr)
            return;
        started_ = static_cast<reset_peer const*>(previous)->started_;
        if (started_)
            link.wake_at(later(*started_, after_));
    }

    void on_data(chunk c, toxic_context& link) override
    {
        if (link.hit_once())
            arm(c.arrived, link);
        else
            link.pass(std::move(c));
    }

    void on_end(ending how, toxic_context& link) override
    {
        if (link.hit_once())
            arm(link.now(), link);
        else
            link.end(how, link.now());
    }

    void on_alarm(toxic_context& link) override { link.end(ending::reset, link.now()); }

    // Something was swallowed: the stream cannot go on without it.
    void on_remove(toxic_context& link) override
    {
        if (started_)
            link.end(ending::reset, link.now());
    }

private:
    void arm(time_point at, toxic_context& link)
    {
        if (started_)
            return;
        started_ = at;
        link.wake_at(later(at, after_));
    }

    duration after_;
    std::optional<time_point> started_;  ///< when the first data or the end arrived
};

std::unique_ptr<toxic> make_reset_peer(attribute_values const& values)
{
    return std::make_unique<reset_peer>(values.ms("timeout"));
}

}  // namespace

extern constinit toxic_type const reset_peer_type{
    .name = "reset_peer",
    .summary = "resets the connection after timeout, from the first data on",
    .attributes = reset_peer_attributes,
    .make = &make_reset_peer,
    .lenient = true,
};

}  // namespace aconite::toxics
