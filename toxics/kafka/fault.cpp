#include "toxics/kafka/fault.hpp"

#include "toxics/kafka/presets.hpp"
#include "toxics/kafka/protocol.hpp"
#include "toxics/kafka/schema/tables.hpp"
#include "toxics/protocol_toxic.hpp"

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
/// An answer that is lost is followed by one of them.
constexpr std::span outcome_names = std::span(toxics::outcome_names).subspan<1>();
constexpr std::int64_t throttle_max = 3'600'000;

using settings = toxics::preset_values<preset>;

constexpr auto preset_names = toxics::names_of(all_presets);

constexpr attribute fault_attributes[] = {
    toxics::preset_row(preset_names),
    toxics::fault_row("what is done to a request or its answer", fault_names),
    toxics::text_row("error", "of error: its name, as NOT_LEADER_OR_FOLLOWER"),
    toxics::apply_row("of error, disconnect: before the broker executes it, or after"),
    toxics::choice_row("then", "of lose_reply: what becomes of the connection", outcome_names),
    toxics::cut_row("of disconnect: how the connection ends"),
    {.name = "throttle",
     .unit = "ms",
     .summary = "of throttle: what the client is told to wait",
     .maximum = throttle_max,
     .extra = true},
    toxics::ms_row("age", "of stale_metadata: what was answered that long ago, or first since"),
    {.name = "hides",
     .unit = "broker",
     .summary = "of hide_broker: its number",
     .fallback = -1,
     .minimum = -1,
     .maximum = INT32_MAX,
     .extra = true},
    toxics::rate_row("share of the requests, drawn for each"),
    toxics::delay_row("before it goes on to the broker"),
};

}  // namespace

std::shared_ptr<operation_fault const> make_fault(attribute_values const& values)
{
    settings const set(values, all_presets);
    auto made = toxics::begin_fault<fault>(values, set, fault_names);
    if (made->does == act::lose_reply)
        made->then = toxics::outcome_of(values.choice("then"), toxics::outcome::reset);
    if (auto const* known = find_error(set.text("error", &preset::error)))
        made->error = known->code;
    made->age = values.ms("age");
    made->hides = static_cast<std::int32_t>(values["hides"]);
    made->throttle_ms = static_cast<std::int32_t>(set.integer("throttle", &preset::throttle_ms));
    return made;
}

result<void> check_fault(attribute_values const& values)
{
    settings const set(values, all_presets);
    auto const kind = set.text("fault", &preset::fault);
    auto const error = set.text("error", &preset::error);
    auto const checked = toxics::check_kind(kind, set.integer("delay", &preset::delay_ms));
    if (!checked)
        return checked;
    if (kind == "error" && error.empty())
        return toxics::bad_attribute("error", "set for an error, as NOT_LEADER_OR_FOLLOWER");
    if (auto const* known = find_error(error);
        !error.empty() && (known == nullptr || known->code == 0))
        return toxics::bad_attribute(
            "error", "the name of one of Kafka's errors, as NOT_LEADER_OR_FOLLOWER");
    if (kind == "throttle" && set.integer("throttle", &preset::throttle_ms) == 0)
        return toxics::bad_attribute("throttle", "at least 1 ms for the fault throttle");
    if (kind == "stale_metadata" && values["age"] == 0)
        return toxics::bad_attribute("age", "at least 1 ms for the fault stale_metadata");
    if (kind == "hide_broker" && values["hides"] < 0)
        return toxics::bad_attribute("hides", "a broker's number for the fault hide_broker");
    return {};
}

std::string_view implied_match(attribute_values const& values, std::string_view field)
{
    settings const set(values, all_presets);
    auto const* known = set.preset();
    if (field == "transactional_id" && known != nullptr)
        return known->transactional_id;
    if (field != "api")
        return {};
    if (known != nullptr && !known->apis.empty())
        return known->apis;
    auto const kind = set.text("fault", &preset::fault);
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
