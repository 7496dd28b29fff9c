#include "toxics/kafka/fault.hpp"

#include "toxics/kafka/presets.hpp"
#include "toxics/kafka/protocol.hpp"
#include "toxics/kafka/schema/tables.hpp"

#include <aconite/toxic_type.hpp>

#include <algorithm>
#include <span>
#include <string>

namespace aconite::kafka {
namespace {

/// In the order of `act`, behind the one for what the preset says.
constexpr std::string_view fault_names[] = {
    "",           "error",     "lose_request", "lose_reply",     "fake_ack",    "throttle",
    "disconnect", "no_leader", "empty_fetch",  "stale_metadata", "hide_broker", "delay"};
constexpr std::string_view apply_names[] = {"before", "after"};
/// In the order of `outcome`.
constexpr std::string_view outcome_names[] = {"reset", "close", "stall"};
constexpr std::string_view cut_names[] = {"rst", "fin"};

constexpr std::int64_t throttle_max = 3'600'000;

std::size_t position_of(std::span<std::string_view const> names, std::string_view name)
{
    return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
}

problem bad(std::string_view attribute, std::string_view must)
{
    return {400, std::string("bad request body: attribute '")
                     .append(attribute)
                     .append("' must be ")
                     .append(must)};
}

/// The attribute or, where that is empty, what the preset says.
std::string_view either(attribute_values const& values, std::string_view name,
                        std::string_view preset::*of_preset)
{
    std::string_view const set = values.text(name);
    if (!set.empty())
        return set;
    auto const* known = find_preset(values.text("preset"));
    return known != nullptr ? known->*of_preset : std::string_view{};
}

/// The same for a number, where it is 0.
std::int64_t either(attribute_values const& values, std::string_view name,
                    std::int64_t preset::*of_preset)
{
    auto const* known = find_preset(values.text("preset"));
    return values[name] != 0 || known == nullptr ? values[name] : known->*of_preset;
}

constexpr attribute fault_attributes[] = {
    {.name = "preset",
     .summary = "a fault by its name; what else is set wins",
     .kind = attribute_kind::choice,
     .names = preset_names,
     .extra = true},
    {.name = "fault",
     .summary = "what is done to a request or its answer",
     .kind = attribute_kind::choice,
     .names = fault_names,
     .extra = true},
    {.name = "error",
     .summary = "of error: its name, as NOT_LEADER_OR_FOLLOWER",
     .kind = attribute_kind::text,
     .extra = true},
    {.name = "apply",
     .summary = "of error, disconnect: before the broker executes it, or after",
     .kind = attribute_kind::choice,
     .names = apply_names,
     .extra = true},
    {.name = "then",
     .summary = "of lose_reply: what becomes of the connection",
     .kind = attribute_kind::choice,
     .names = outcome_names,
     .extra = true},
    {.name = "cut",
     .summary = "of disconnect: how the connection ends",
     .kind = attribute_kind::choice,
     .names = cut_names,
     .extra = true},
    {.name = "throttle",
     .unit = "ms",
     .summary = "of throttle: what the client is told to wait",
     .maximum = throttle_max,
     .extra = true},
    {.name = "age",
     .unit = "ms",
     .summary = "of stale_metadata: what was answered that long ago, or first since",
     .extra = true},
    {.name = "hides",
     .unit = "broker",
     .summary = "of hide_broker: its number",
     .fallback = -1,
     .minimum = -1,
     .maximum = INT32_MAX,
     .extra = true},
    {.name = "rate",
     .summary = "share of the requests, drawn for each",
     .fallback = 1,
     .maximum = 1,
     .kind = attribute_kind::number,
     .extra = true},
    {.name = "delay", .unit = "ms", .summary = "before it goes on to the broker", .extra = true},
};

}  // namespace

std::shared_ptr<operation_fault const> make_fault(attribute_values const& values)
{
    auto made = std::make_shared<fault>();
    auto const kind = position_of(fault_names, either(values, "fault", &preset::fault));
    made->does = kind == 0 ? act::delay : static_cast<act>(kind - 1);
    made->rate = values.number("rate");
    made->delay = std::chrono::milliseconds(either(values, "delay", &preset::delay_ms));
    made->only_delays = made->does == act::delay;
    made->after = values.choice("apply") == "after";
    made->then = static_cast<outcome>(position_of(outcome_names, values.choice("then")));
    made->cut = values.choice("cut") == "fin" ? ending::close : ending::reset;
    if (auto const* known = find_error(either(values, "error", &preset::error)))
        made->error = known->code;
    made->age = values.ms("age");
    made->hides = static_cast<std::int32_t>(values["hides"]);
    made->throttle_ms = static_cast<std::int32_t>(either(values, "throttle", &preset::throttle_ms));
    return made;
}

result<void> check_fault(attribute_values const& values)
{
    auto const kind = either(values, "fault", &preset::fault);
    auto const error = either(values, "error", &preset::error);
    auto const delay = either(values, "delay", &preset::delay_ms);
    if (kind.empty() && delay == 0)
        return bad("fault", "set, or 'preset'");
    if (kind == "error" && error.empty())
        return bad("error", "set for an error, as NOT_LEADER_OR_FOLLOWER");
    if (auto const* known = find_error(error);
        !error.empty() && (known == nullptr || known->code == 0))
        return bad("error", "the name of one of Kafka's errors, as NOT_LEADER_OR_FOLLOWER");
    if (kind == "delay" && delay == 0)
        return bad("delay", "at least 1 ms for the fault delay");
    if (kind == "throttle" && either(values, "throttle", &preset::throttle_ms) == 0)
        return bad("throttle", "at least 1 ms for the fault throttle");
    if (kind == "stale_metadata" && values["age"] == 0)
        return bad("age", "at least 1 ms for the fault stale_metadata");
    if (kind == "hide_broker" && values["hides"] < 0)
        return bad("hides", "a broker's number for the fault hide_broker");
    return {};
}

std::string_view implied_match(attribute_values const& values, std::string_view field)
{
    auto const* known = find_preset(values.text("preset"));
    if (field == "transactional_id" && known != nullptr)
        return known->transactional_id;
    if (field != "api")
        return {};
    if (known != nullptr && !known->apis.empty())
        return known->apis;
    auto const kind = either(values, "fault", &preset::fault);
    if (kind == "fake_ack")
        return "Produce";
    if (kind == "empty_fetch")
        return "Fetch";
    if (kind == "hide_broker")
        return "Metadata,DescribeCluster";
    return kind == "no_leader" || kind == "stale_metadata" ? "Metadata" : "";
}

}  // namespace aconite::kafka

namespace aconite::toxics {

extern constinit toxic_type const kafka_type{
    .name = "kafka",
    .summary = "errors, lost requests and answers, false acknowledgements by API, topic, partition",
    .attributes = kafka::fault_attributes,
    .acts_on = stream::both,
    .check = &kafka::check_fault,
    .protocol = &kafka::protocol,
    .fault = &kafka::make_fault,
    .implied_match = &kafka::implied_match,
};

}  // namespace aconite::toxics
