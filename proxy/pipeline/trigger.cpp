#include "proxy/pipeline/trigger.hpp"

#include <string_view>

namespace aconite {
namespace {

constexpr std::string_view scopes[] = {"toxic", "connection"};

constexpr std::int64_t count_max = 1'000'000'000'000'000;

constexpr attribute trigger_attributes[] = {
    {.name = "after_ms",
     .unit = "ms",
     .summary = "starts so long after it took effect on the connection",
     .extra = true},
    {.name = "after_bytes",
     .unit = "bytes",
     .summary = "starts behind so many bytes of the stream",
     .maximum = count_max,
     .extra = true},
    {.name = "after_hits",
     .unit = "hits",
     .summary = "lets so many hits off first",
     .maximum = count_max,
     .extra = true},
    {.name = "every",
     .unit = "hits",
     .summary = "then every n-th hit acts",
     .fallback = 1,
     .minimum = 1,
     .maximum = count_max,
     .extra = true},
    {.name = "times",
     .unit = "times",
     .summary = "acts so often, then no more; 0: without end",
     .maximum = count_max,
     .extra = true},
    {.name = "scope",
     .summary = "what hits are counted over: all connections of the toxic, or each for itself",
     .kind = attribute_kind::choice,
     .names = scopes,
     .extra = true},
};

}  // namespace

std::span<attribute const> trigger_row()
{
    return trigger_attributes;
}

std::shared_ptr<trigger> trigger::from(attribute_values const& values)
{
    rule const wanted{.after = values.ms("after_ms"),
                      .after_bytes = static_cast<std::uint64_t>(values["after_bytes"]),
                      .after_hits = static_cast<std::uint64_t>(values["after_hits"]),
                      .every = static_cast<std::uint64_t>(values["every"]),
                      .times = static_cast<std::uint64_t>(values["times"]),
                      .per_connection = values.choice("scope") == "connection"};
    return wanted == rule{} ? nullptr : std::make_shared<trigger>(wanted);
}

}  // namespace aconite
