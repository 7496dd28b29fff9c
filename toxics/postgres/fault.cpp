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
/// In the order of `outcome`, behind the one for what the preset says: with an error it goes on.
constexpr std::string_view outcome_names[] = {"", "error", "reset", "close", "stall"};
constexpr std::string_view severity_names[] = {"", "ERROR", "FATAL", "PANIC", "WARNING"};

constexpr std::int64_t rows_max = 1'000'000'000;
constexpr std::size_t message_max = 1000;

using settings = toxics::preset_values<preset>;

constexpr auto preset_names = toxics::names_of(all_presets);

constexpr attribute fault_attributes[] = {
    toxics::preset_row(preset_names),
    toxics::fault_row("what is done to an operation", fault_names),
    toxics::apply_row("of error, disconnect: before the server executes it, or after"),
    toxics::choice_row("then", "of lose_reply, rollback_at_commit: what the client is told; reset",
                       outcome_names),
    toxics::cut_row("of disconnect, truncate: how the connection ends"),
    toxics::rate_row("share of the operations, drawn for each"),
    toxics::delay_row("before it goes on to the server"),
    toxics::text_row("sqlstate", "of error: five digits or capitals"),
    toxics::text_row("message", "of error: what a server says for the sqlstate"),
    toxics::text_row("detail", "of error"),
    toxics::text_row("hint", "of error"),
    toxics::choice_row("severity", "of error: all but ERROR are made here and close the connection",
                       severity_names),
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

/// What becomes of the connection, as `then` says.
toxics::outcome outcome_of(std::string_view then)
{
    auto const at = toxics::position_of(outcome_names, then);
    return at == 0 ? toxics::outcome::reset : static_cast<toxics::outcome>(at - 1);
}

}  // namespace

std::shared_ptr<operation_fault const> make_fault(attribute_values const& values)
{
    settings const set(values, all_presets);
    auto made = toxics::begin_fault<fault>(values, set, fault_names);
    made->connection_limit = static_cast<std::uint64_t>(values["connection_limit"]);
    if (made->does == act::lose_reply || made->does == act::rollback_at_commit)
        made->then = outcome_of(set.text("then", &preset::then));
    auto const phase = implied_match(values, "phase");
    auto& error = made->error;
    error.severity = set.text("severity", &preset::severity);
    if (error.severity.empty())
        error.severity = phase == "startup" ? "FATAL" : "ERROR";
    error.sqlstate = set.text("sqlstate", &preset::sqlstate);
    if (error.sqlstate.empty())
        error.sqlstate = "40001";
    // Another code than the preset's has another message.
    auto const* known = set.preset();
    bool const other = known != nullptr && known->sqlstate != error.sqlstate;
    error.message = other ? values.text("message") : set.text("message", &preset::message);
    if (error.message.empty())
        error.message = usual_message(error.sqlstate);
    error.detail = other ? values.text("detail") : set.text("detail", &preset::detail);
    error.hint = other ? values.text("hint") : set.text("hint", &preset::hint);
    made->rows_per_second = static_cast<double>(values["rows_per_second"]);
    made->rows = static_cast<std::uint64_t>(values["rows"]);
    made->bytes = static_cast<std::uint64_t>(values["bytes"]);
    return made;
}

result<void> check_fault(attribute_values const& values)
{
    settings const set(values, all_presets);
    auto const kind = set.text("fault", &preset::fault);
    auto const checked = toxics::check_kind(kind, set.integer("delay", &preset::delay_ms));
    if (!checked)
        return checked;
    auto const& code = values.text("sqlstate");
    auto const fits = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
    if (!code.empty() && (code.size() != 5 || !std::ranges::all_of(code, fits) || code == "00000"))
        return toxics::bad_attribute("sqlstate", "five digits or capitals and not 00000, as 40001");
    for (auto const* name : {"message", "detail", "hint"}) {
        auto const& text = values.text(name);
        if (text.size() > message_max || text.find('\0') != std::string::npos)
            return toxics::bad_attribute(name, "a text of at most 1000 bytes, none of them zero");
    }
    if (kind == "error" && set.text("sqlstate", &preset::sqlstate).empty())
        return toxics::bad_attribute("sqlstate", "set for an error, as 40001");
    if (kind == "slow_rows" && values["rows_per_second"] == 0)
        return toxics::bad_attribute("rows_per_second", "at least 1 for the fault slow_rows");
    if (kind == "lose_reply" && values.choice("then") == "error")
        return toxics::bad_attribute(
            "then", "reset, close or stall for a lost reply; to tell an error use the fault "
                    "error with apply after");
    auto const severity = set.text("severity", &preset::severity);
    if (kind == "error" && !severity.empty() && severity != "ERROR" &&
        values.choice("apply") == "after")
        return toxics::bad_attribute("severity",
                                     "ERROR where an error is told after the execution");
    return {};
}

std::string_view implied_match(attribute_values const& values, std::string_view field)
{
    settings const set(values, all_presets);
    auto const* known = set.preset();
    if (known == nullptr)
        return set.text("fault", &preset::fault) == "rollback_at_commit" && field == "command"
                   ? "COMMIT,PREPARE TRANSACTION"
                   : "";
    if (field == "command")
        return known->command;
    return field == "phase" ? known->phase : std::string_view{};
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
    .implied_schedule = &implied_schedule<postgres::all_presets>,
};

}  // namespace aconite::toxics
