// Closes the connection when it has lived long enough. Until then everything passes.

#include <aconite/toxic_type.hpp>

namespace aconite::toxics {
namespace {

constexpr std::string_view closes[] = {"fin", "rst"};

constexpr attribute limit_time_attributes[] = {
    {.name = "time", .unit = "ms", .summary = "from when the toxic took effect to the close"},
    {.name = "close",
     .summary = "how the connection is closed",
     .kind = attribute_kind::choice,
     .names = closes},
};

class limit_time final : public toxic {
public:
    limit_time(duration time, ending how) : time_(time), how_(how) {}

    void on_start(toxic const* previous, toxic_context& link) override
    {
        started_ =
            previous != nullptr ? static_cast<limit_time const*>(previous)->started_ : link.now();
        link.wake_at(later(started_, time_));
    }

    void on_data(chunk c, toxic_context& link) override { link.pass(std::move(c)); }

    void on_alarm(toxic_context& link) override
    {
        if (link.hit_once())
            link.end(how_, link.now());
    }

private:
    duration time_;
    ending how_;
    time_point started_{};
};

std::unique_ptr<toxic> make_limit_time(attribute_values const& values)
{
    auto const how = values.choice("close") == "rst" ? ending::reset : ending::close;
    return std::make_unique<limit_time>(values.ms("time"), how);
}

}  // namespace

extern constinit toxic_type const limit_time_type{
    .name = "limit_time",
    .summary = "closes the connection after time, whatever it carries",
    .attributes = limit_time_attributes,
    .make = &make_limit_time,
};

}  // namespace aconite::toxics
