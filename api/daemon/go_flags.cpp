#include "api/daemon/go_flags.hpp"

#include "proxy/net/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace aconite::daemon {
namespace {

using text_field = std::string settings::*;
using flag_field = bool settings::*;
using number_field = std::int64_t settings::*;
using optional_field = std::optional<std::int64_t> settings::*;

struct flag_row {
    std::string_view name;
    std::variant<text_field, flag_field, number_field, optional_field> field;
    std::string_view summary;
    std::int64_t minimum = 0;
    std::int64_t maximum = 0;
    std::span<std::string_view const> words{};  ///< what a text may be; empty: anything
    bool is_port = false;                       ///< a text that must be a port
};

constexpr std::string_view packet_losses[] = {"retransmit", "discard"};
constexpr std::int64_t threads_max = 256;
constexpr std::int64_t journal_records_max = 16'777'216;
constexpr std::int64_t keep_alive_max_s = 32'767;
constexpr std::int64_t half_closed_max_s = 31'536'000;  // a year

// By name: usage prints them in this order.
constexpr flag_row rows[] = {
    {"config", &settings::config,
     "JSON or YAML file with proxies to create on startup, read again on SIGHUP (default "
     "$ACONITE_CONFIG)"},
    {"half-closed-limit", &settings::half_closed_limit,
     "Seconds that a connection which one side has ended may be idle before it is reset, 0 any "
     "number (default 300)",
     0, half_closed_max_s},
    {"host", &settings::host, "Host for the API to listen on (default \"localhost\")"},
    {"ignore-body-toxics", &settings::ignore_body_toxics,
     "ignore toxics inside proxies, as Toxiproxy does (default \"false\")"},
    {"journal-records", &settings::journal_records,
     "How much of what happened is remembered, 160 bytes each, 0 nothing (default 65536)", 0,
     journal_records_max},
    {"keep-alive", &settings::keep_alive,
     "Seconds of silence before a peer is asked whether it is still there, at most 32767, 0 never "
     "(default 15)",
     0, keep_alive_max_s},
    {"no-extras", &settings::no_extras,
     "leave out the endpoints that Toxiproxy does not have (default \"false\")"},
    {"packet-loss", &settings::packet_loss,
     "What packet_loss does with a lost segment: retransmit, or discard as Toxiproxy does "
     "(default \"retransmit\")",
     0, 0, packet_losses},
    {"port", &settings::port, "Port for the API to listen on (default \"8474\")", 0, 0, {}, true},
    {"proxy-metrics", &settings::proxy_metrics,
     "enable toxiproxy-specific prometheus metrics (default \"false\")"},
    {"runtime-metrics", &settings::runtime_metrics,
     "enable runtime-related prometheus metrics (default \"false\")"},
    {"seed", &settings::seed, "Seed of every random decision (default: drawn at start)", INT64_MIN,
     INT64_MAX},
    {"threads", &settings::threads,
     "Threads that move data, at most 256 (default 0: one for each processor that the process "
     "may use, at most 8)",
     0, threads_max},
    {"version", &settings::version, "print the version (default \"false\")"},
};

flag_row const* find_row(std::string_view name)
{
    for (auto const& row : rows)
        if (row.name == name)
            return &row;
    return nullptr;
}

/// Go's numbers: decimal, or with 0x, 0o, 0b, or a leading 0 for octal.
std::optional<std::int64_t> go_number_in(std::string_view text)
{
    bool const negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    int base = 10;
    if (text.size() > 1 && text[0] == '0') {
        char const mark = static_cast<char>(text[1] | 0x20);
        base = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
        text.remove_prefix(mark == 'x' || mark == 'b' || mark == 'o' ? 2 : 1);
    }
    std::uint64_t size = 0;
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), size, base);
    if (text.empty() || failure != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    constexpr std::uint64_t limit = INT64_MAX;
    if (size > limit + (negative ? 1 : 0))
        return std::nullopt;
    return static_cast<std::int64_t>(negative ? 0 - size : size);
}

std::optional<bool> truth_in(std::string_view text)
{
    for (auto const yes : {"1", "t", "T", "true", "TRUE", "True"})
        if (text == yes)
            return true;
    for (auto const no : {"0", "f", "F", "false", "FALSE", "False"})
        if (text == no)
            return false;
    return std::nullopt;
}

/// Stores `value`. False if the flag cannot have it.
bool store(settings& into, flag_row const& row, std::string_view value)
{
    if (auto const* text = std::get_if<text_field>(&row.field)) {
        into.*(*text) = value;
        if (row.is_port)
            return !value.empty() && is_port(value);
        return row.words.empty() || std::ranges::find(row.words, value) != row.words.end();
    }
    if (auto const* flag = std::get_if<flag_field>(&row.field)) {
        auto const truth = truth_in(value);
        into.*(*flag) = truth.value_or(false);
        return truth.has_value();
    }
    auto const number = go_number_in(value);
    if (!number || *number < row.minimum || *number > row.maximum)
        return false;
    if (auto const* field = std::get_if<number_field>(&row.field))
        into.*(*field) = *number;
    else
        into.*std::get<optional_field>(row.field) = *number;
    return true;
}

std::string wanted_of(flag_row const& row)
{
    if (row.is_port)
        return "must be a port from 0 to 65535, or the name of a service";
    if (!row.words.empty())
        return fmt::format("must be {}", fmt::join(row.words, " or "));
    if (std::holds_alternative<flag_field>(row.field))
        return "parse error";
    return fmt::format("must be a whole number from {} to {}", row.minimum, row.maximum);
}

flag_stop mistake(std::string text)
{
    return {2, std::move(text)};
}

}  // namespace

std::variant<settings, flag_stop> parse_flags(std::span<char const* const> arguments)
{
    settings made;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        std::string_view const whole = arguments[i];
        if (whole.size() < 2 || whole[0] != '-' || whole == "--")
            break;
        auto rest = whole.substr(whole[1] == '-' ? 2 : 1);
        if (rest.empty() || rest[0] == '-' || rest[0] == '=')
            return mistake(fmt::format("bad flag syntax: {}", whole));
        auto const equals = rest.find('=');
        auto const name = rest.substr(0, equals);
        auto const* row = find_row(name);
        if (row == nullptr && (name == "h" || name == "help"))
            return flag_stop{0, ""};
        if (row == nullptr)
            return mistake(fmt::format("flag provided but not defined: -{}", name));

        bool const is_flag = std::holds_alternative<flag_field>(row->field);
        std::string_view value = "true";
        if (equals != rest.npos)
            value = rest.substr(equals + 1);
        else if (!is_flag && i + 1 == arguments.size())
            return mistake(fmt::format("flag needs an argument: -{}", name));
        else if (!is_flag)
            value = arguments[++i];
        if (!store(made, *row, value))
            return mistake(fmt::format("invalid {}value \"{}\" for flag -{}: {}",
                                       is_flag ? "boolean " : "", value, name, wanted_of(*row)));
    }
    return made;
}

std::vector<flag_help> flag_helps()
{
    std::vector<flag_help> all;
    for (auto const& row : rows) {
        std::string_view value;
        if (std::holds_alternative<text_field>(row.field))
            value = "string";
        else if (!std::holds_alternative<flag_field>(row.field))
            value = "int";
        all.push_back({row.name, value, row.summary});
    }
    return all;
}

std::string usage(std::string const& program)
{
    auto text = fmt::format("Usage of {}:\n", program);
    for (auto const& flag : flag_helps())
        text += fmt::format("  -{}{}{}\n    \t{}\n", flag.name, flag.value.empty() ? "" : " ",
                            flag.value, flag.summary);
    return text;
}

}  // namespace aconite::daemon
