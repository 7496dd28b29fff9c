#include "toxics/redis/fault.hpp"

#include "toxics/protocol_toxic.hpp"
#include "toxics/redis/errors.hpp"
#include "toxics/redis/presets.hpp"
#include "toxics/redis/protocol.hpp"

#include <aconite/toxic_type.hpp>

#include <algorithm>
#include <utility>

namespace aconite::redis {
namespace {

/// In the order of `act`, behind the one for what the preset says.
constexpr std::string_view fault_names[] = {"",          "error", "lose_request", "lose_reply",
                                            "nil",       "stale", "truncate",     "disconnect",
                                            "drop_push", "delay"};
constexpr std::size_t error_bytes_max = 1000;

using settings = toxics::preset_values<preset>;
constexpr auto preset_names = toxics::names_of(all_presets);

constexpr attribute fault_attributes[] = {
    toxics::preset_row(preset_names),
    toxics::fault_row("what is done to a command or its answer", fault_names),
    toxics::text_row("error", "of error: its first word, as LOADING, or all of it"),
    toxics::text_row("node",
                     "of the errors MOVED and ASK: where the slot is, as 127.0.0.1:7001; without "
                     "it at the same node"),
    toxics::apply_row("of error, disconnect: before the server executes it, or after"),
    toxics::choice_row("then",
                       "of error, lose_reply: what becomes of the connection; an error goes on, a "
                       "lost answer resets",
                       toxics::outcome_names),
    toxics::cut_row("of disconnect, truncate: how the connection ends"),
    toxics::ms_row("age", "of stale: what was answered that long ago, or first since"),
    {.name = "bytes",
     .unit = "bytes",
     .summary = "of truncate: so many of the answer pass",
     .maximum = 1'048'576,
     .extra = true},
    toxics::rate_row("share of the commands, drawn for each"),
    toxics::delay_row("before it goes on to the server"),
};

bool names_a_node(std::string_view error)
{
    return error == "MOVED" || error == "ASK";
}

bool slots_move(settings const& set)
{
    return set.preset() != nullptr && set.preset()->name == "cluster_reshard" &&
           set.text("error", &preset::error) == "MOVED";
}

}  // namespace

bool fault::asks_own_node() const
{
    return does == act::error && names_a_node(error) && node.empty();
}

std::string fault::error_line(std::string_view key, std::string_view own_node) const
{
    auto made = "-" + error;
    if (names_a_node(error))
        made.append(" ")
            .append(std::to_string(slot_of(key)))
            .append(" ")
            .append(node.empty() ? own_node : node);
    return made + "\r\n";
}

std::shared_ptr<operation_fault const> make_fault(attribute_values const& values)
{
    settings const set(values, all_presets);
    auto made = toxics::begin_fault<fault>(values, set, fault_names);
    if (made->does == act::error || made->does == act::lose_reply)
        made->then = toxics::outcome_of(set.text("then", &preset::then),
                                        made->does == act::error ? toxics::outcome::goes_on
                                                                 : toxics::outcome::reset);
    auto const error = set.text("error", &preset::error);
    auto const usual = usual_error(error);
    made->error = usual.empty() ? error : usual;
    made->node = values.text("node");
    made->moves_slots = slots_move(set);
    made->age = values.ms("age");
    made->bytes = static_cast<std::uint64_t>(values["bytes"]);
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
        return toxics::bad_attribute("error", "set for an error, as LOADING");
    if (error.size() > error_bytes_max || error.find_first_of("\r\n") != std::string_view::npos)
        return toxics::bad_attribute("error", "one line of at most 1000 bytes");
    auto const& node = values.text("node");
    if (kind == "error" && names_a_node(error) && !node.empty() &&
        node.find(':') == std::string::npos)
        return toxics::bad_attribute("node", "host:port for the errors MOVED and ASK");
    if (node.size() > error_bytes_max || node.find_first_of("\r\n ") != std::string::npos)
        return toxics::bad_attribute("node", "host:port of at most 1000 bytes");
    if (kind == "stale" && values["age"] == 0)
        return toxics::bad_attribute("age", "at least 1 ms for the fault stale");
    return {};
}

std::string_view implied_match(attribute_values const& values, std::string_view field)
{
    settings const set(values, all_presets);
    auto const* known = set.preset();
    if (field == "command" && known != nullptr)
        return known->command;
    if (field != "kind")
        return {};
    auto const kind = set.text("fault", &preset::fault);
    auto const error = set.text("error", &preset::error);
    if (kind == "error" && names_a_node(error))
        return slots_move(set) ? kind_of_moved_slot : error;
    return kind == "drop_push" ? "push" : "";
}

}  // namespace aconite::redis

namespace aconite::toxics {

extern constinit toxic_type const redis_type{
    .name = "redis",
    .summary = "errors, lost and old answers, misses by command and key",
    .attributes = redis::fault_attributes,
    .acts_on = stream::both,
    .check = &redis::check_fault,
    .protocol = &redis::protocol,
    .fault = &redis::make_fault,
    .implied_match = &redis::implied_match,
    .implied_schedule = &implied_schedule<redis::all_presets>,
};

}  // namespace aconite::toxics
