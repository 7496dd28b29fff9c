#include "toxics/postgres/fault.hpp"

#include "toxics/postgres/presets.hpp"
#include "toxics/postgres/protocol.hpp"

#include <aconite/toxic_type.hpp>

#include <algorithm>
#include <string>

namespace aconite::postgres {
namespace {

/// In the order of `act`, behind the one for what the preset says.
constexpr std::string_view fault_names[] = {
    "",      "error",      "lose_reply", "rollback_at_commit",
    "delay", "disconnect", "slow_rows",  "truncate"};
constexpr std::string_view apply_names[] = {"before", "after"};
/// In the order of `outcome`, behind the one for what the preset says.
constexpr std::string_view outcome_names[] = {"", "error", "reset", "close", "stall"};
constexpr std::string_view severity_names[] = {"", "ERROR", "FATAL", "PANIC", "WARNING"};
constexpr std::string_view cut_names[] = {"rst", "fin"};

constexpr std::int64_t rows_max = 1'000'000'000;
constexpr std::size_t message_max = 1000;

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

std::string_view fault_name(attribute_values const& values)
{
    return either(values, "fault", &preset::fault);
}

constexpr attribute fault_attributes[] = {
    {.name = "preset",
     .summary = "a fault by its name; what else is set wins",
     .kind = attribute_kind::choice,
     .names = preset_names,
     .extra = true},
    {.name = "fault",
     .summary = "what is done to an operation",
     .kind = attribute_kind::choice,
     .names = fault_names,
     .extra = true},
    {.name = "apply",
     .summary = "of error, disconnect: before the server executes it, or after",
     .kind = attribute_kind::choice,
     .names = apply_names,
     .extra = true},
    {.name = "then",
     .summary = "of lose_reply, rollback_at_commit: what the client is told; reset",
     .kind = attribute_kind::choice,
     .names = outcome_names,
     .extra = true},
    {.name = "cut",
     .summary = "of disconnect, truncate: how the connection ends",
     .kind = attribute_kind::choice,
     .names = cut_names,
     .extra = true},
    {.name = "rate",
     .summary = "share of the operations, drawn for each",
     .fallback = 1,
     .maximum = 1,
     .kind = attribute_kind::number,
     .extra = true},
    {.name = "delay", .unit = "ms", .summary = "before it goes on to the server", .extra = true},
    {.name = "sqlstate",
     .summary = "of error: five digits or capitals",
     .kind = attribute_kind::text,
     .extra = true},
    {.name = "message",
     .summary = "of error: what a server says for the sqlstate",
     .kind = attribute_kind::text,
     .extra = true},
    {.name = "detail", .summary = "of error", .kind = attribute_kind::text, .extra = true},
    {.name = "hint", .summary = "of error", .kind = attribute_kind::text, .extra = true},
    {.name = "severity",
     .summary = "of error: all but ERROR are made here and close the connection",
     .kind = attribute_kind::choice,
     .names = severity_names,
     .extra = true},
    {.name = "connection_limit",
     .unit = "connections",
     .summary = "acts only while more of the proxy's are live; 0: always",
     .maximum = 1'000'000,
     .extra = true},
    {.name = "rows_per_second",
     .unit = "rows/s",
     .summary = "of slow_rows",
     .fallback = 0,
     .maximum = rows_max,
     .extra = true},
    {.name = "rows",
     .unit = "rows",
     .summary = "of truncate: that many pass",
     .maximum = rows_max,
     .extra = true},
    {.name = "bytes",
     .unit = "bytes",
     .summary = "of truncate: that many of the answer pass; 0: all of the rows",
     .maximum = 1'000'000'000'000,
     .extra = true},
};

}  // namespace

std::shared_ptr<operation_fault const> make_fault(attribute_values const& values)
{
    auto made = std::make_shared<fault>();
    auto const kind = position_of(fault_names, fault_name(values));
    made->does = kind == 0 ? act::delay : static_cast<act>(kind - 1);
    made->rate = values.number("rate");
    made->delay = values.ms("delay");
    made->connection_limit = static_cast<std::uint64_t>(values["connection_limit"]);
    made->only_delays = made->does == act::delay;
    made->after = values.choice("apply") == "after";
    auto const then = position_of(outcome_names, either(values, "then", &preset::then));
    made->then = then == 0 ? outcome::reset : static_cast<outcome>(then - 1);
    made->cut = values.choice("cut") == "fin" ? ending::close : ending::reset;
    auto const phase = implied_match(values, "phase");
    auto& error = made->error;
    error.severity = either(values, "severity", &preset::severity);
    if (error.severity.empty())
        error.severity = phase == "startup" ? "FATAL" : "ERROR";
    error.sqlstate = either(values, "sqlstate", &preset::sqlstate);
    if (error.sqlstate.empty())
        error.sqlstate = "40001";
    // Another code than the preset's has another message.
    auto const* known = find_preset(values.text("preset"));
    bool const other = known != nullptr && known->sqlstate != error.sqlstate;
    error.message = other ? values.text("message") : either(values, "message", &preset::message);
    if (error.message.empty())
        error.message = usual_message(error.sqlstate);
    error.detail = other ? values.text("detail") : either(values, "detail", &preset::detail);
    error.hint = other ? values.text("hint") : either(values, "hint", &preset::hint);
    made->rows_per_second = static_cast<double>(values["rows_per_second"]);
    made->rows = static_cast<std::uint64_t>(values["rows"]);
    made->bytes = static_cast<std::uint64_t>(values["bytes"]);
    return made;
}

result<void> check_fault(attribute_values const& values)
{
    auto const kind = fault_name(values);
    if (kind.empty() && values["delay"] == 0)
        return bad("fault", "set, or 'preset'");
    auto const& code = values.text("sqlstate");
    auto const fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
    if (!code.empty() && (code.size() != 5 || !std::ranges::all_of(code, fits) || code == "00000"))
        return bad("sqlstate", "five digits or capitals and not 00000, as 40001");
    for (auto const* name : {"message", "detail", "hint"}) {
        auto const& text = values.text(name);
        if (text.size() > message_max || text.find('\0') != std::string::npos)
            return bad(name, "a text of at most 1000 bytes, none of them zero");
    }
    if (kind == "error" && either(values, "sqlstate", &preset::sqlstate).empty())
        return bad("sqlstate", "set for an error, as 40001");
    if (kind == "delay" && values["delay"] == 0)
        return bad("delay", "at least 1 ms for the fault delay");
    if (kind == "slow_rows" && values["rows_per_second"] == 0)
        return bad("rows_per_second", "at least 1 for the fault slow_rows");
    if (kind == "lose_reply" && values.choice("then") == "error")
        return bad("then", "reset, close or stall for a lost reply; to tell an error use the fault "
                           "error with apply after");
    auto const severity = either(values, "severity", &preset::severity);
    if (kind == "error" && !severity.empty() && severity != "ERROR" &&
        values.choice("apply") == "after")
        return bad("severity", "ERROR where an error is told after the execution");
    return {};
}

std::string_view implied_match(attribute_values const& values, std::string_view field)
{
    auto const* known = find_preset(values.text("preset"));
    if (known == nullptr)
        return fault_name(values) == "rollback_at_commit" && field == "command"
                   ? "COMMIT,PREPARE TRANSACTION"
                   : "";
    if (field == "command")
        return known->command;
    return field == "phase" ? known->phase : std::string_view{};
}

std::vector<schedule_step> implied_schedule(attribute_values const& values)
{
    std::vector<schedule_step> made;
    if (auto const* known = find_preset(values.text("preset")))
        for (auto const& [at_ms, next] : known->steps) {
            auto& step = made.emplace_back(schedule_step{at_ms, schedule_step::action::remove});
            if (next.empty())
                continue;
            step.what = schedule_step::action::update;
            step.attributes = {{"preset", attribute_value(std::string(next))}};
        }
    return made;
}

}  // namespace aconite::postgres

namespace aconite::toxics {

extern constinit toxic_type const postgres_type{
    .name = "postgres",
    .summary = "errors, lost answers and delays of single statements",
    .attributes = postgres::fault_attributes,
    .acts_on = stream::both,
    .check = &postgres::check_fault,
    .protocol = &postgres::protocol,
    .fault = &postgres::make_fault,
    .implied_match = &postgres::implied_match,
    .implied_schedule = &postgres::implied_schedule,
};

}  // namespace aconite::toxics
