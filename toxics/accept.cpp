// Disturbs the attempt to connect. Connections that are served already go on.

#include <aconite/toxic_type.hpp>

namespace aconite::toxics {
namespace {

/// In the order of attempt_mode.
constexpr std::string_view accept_modes[] = {"refuse", "blackhole", "delay", "reset"};

constexpr attribute accept_attributes[] = {
    {.name = "mode",
     .summary = "what happens to who connects",
     .kind = attribute_kind::choice,
     .names = accept_modes},
    {.name = "rate",
     .summary = "share of the connections, in the modes delay and reset",
     .fallback = 1,
     .maximum = 1,
     .kind = attribute_kind::number},
    {.name = "delay", .unit = "ms", .summary = "in mode delay: from the accept to the dial"},
    {.name = "max_connections",
     .unit = "connections",
     .summary = "acts only while so many are live; 0: always",
     .maximum = 1'000'000},
};

attempt_mode mode_of(attribute_values const& values)
{
    auto const& name = values.choice("mode");
    std::size_t position = 0;
    while (accept_modes[position] != name)
        ++position;
    return static_cast<attempt_mode>(position);
}

attempt_fault attempts(attribute_values const& values)
{
    return {mode_of(values), values.number("rate"), values.ms("delay"),
            static_cast<std::uint64_t>(values["max_connections"])};
}

/// There is no connection yet that could be drawn.
result<void> check_accept(attribute_values const& values)
{
    auto const mode = mode_of(values);
    bool const before_accept = mode == attempt_mode::refuse || mode == attempt_mode::blackhole;
    if (before_accept && values.number("rate") != 1)
        return problem{400, "bad request body: attribute 'rate' must be 1 in mode '" +
                                values.choice("mode") + "'"};
    return {};
}

}  // namespace

extern constinit toxic_type const accept_type{
    .name = "accept",
    .summary = "refuses, ignores, delays or resets new connections",
    .attributes = accept_attributes,
    .acts_on = stream::upstream,
    .check = &check_accept,
    .attempts = &attempts,
};

}  // namespace aconite::toxics
