// A record of the journal as a line for people.
#include <aconite/text.hpp>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <string_view>

namespace aconite {
namespace {

/// `2026-01-31T12:00:00.123Z`
std::string time_text(std::chrono::system_clock::time_point when)
{
    auto const whole = std::chrono::floor<std::chrono::seconds>(when);
    auto const ms = std::chrono::floor<std::chrono::milliseconds>(when - whole).count();
    auto const seconds = std::chrono::system_clock::to_time_t(whole);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[64];
    auto const date = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    std::snprintf(text + date, sizeof text - date, ".%03dZ", static_cast<int>(ms));
    return text;
}

/// To the microsecond.
std::string ms_text(duration d)
{
    auto const us = std::chrono::round<std::chrono::microseconds>(d).count();
    return to_text(static_cast<double>(us) / 1000) + " ms";
}

std::string_view end_text(ending how)
{
    return how == ending::reset ? "rst" : "fin";
}

bool is_act(journal_record const& record)
{
    return record.kind == record_kind::hit || record.kind == record_kind::cut;
}

/// `#0 (7)`: the first connection of its proxy, the engine's seventh.
std::string connection_text(journal_record const& record)
{
    auto const ordinal = "#" + std::to_string(record.ordinal);
    if (record.connection != 0)
        return ordinal + " (" + std::to_string(record.connection) + ")";
    return is_act(record) && (record.end || record.delay > duration::zero()) ? ordinal : "";
}

std::string closed(journal_record const& r)
{
    return "by " + std::string(to_text(r.by)) + " with " +
           std::string(end_text(r.end.value_or(ending::close))) +
           (r.text.empty() ? ", " : " (" + r.text + "), ") + std::to_string(r.received_bytes[0]) +
           " bytes up, " + std::to_string(r.received_bytes[1]) + " down, after " + ms_text(r.took);
}

std::string acted(journal_record const& r)
{
    std::string text;
    for (auto const& [name, value] : r.operation)
        text.append(text.empty() ? "" : ", ").append(name).append("=").append(value);
    if (r.operation.empty())
        text = std::string(to_text(r.direction)) + " at " + std::to_string(r.offset) + ", " +
               std::to_string(r.bytes) + " bytes";
    if (r.hits > 1)
        text += ", " + std::to_string(r.hits) + " hits";
    if (r.delay == duration::max())
        text += ", held";
    else if (r.delay > duration::zero())
        text += ", +" + ms_text(r.delay);
    if (r.end)
        text += ", ends with " + std::string(end_text(*r.end));
    if (!r.text.empty())
        text += ", matched " + r.text;
    return text;
}

std::string what_of(journal_record const& r)
{
    switch (r.kind) {
    case record_kind::open:
        return "from " + r.client + ", dialled in " + ms_text(r.took);
    case record_kind::dial_failed:
        return "from " + r.client + ", after " + ms_text(r.took) + ": " + r.text;
    case record_kind::close:
        return closed(r);
    case record_kind::hit:
    case record_kind::cut:
        return acted(r);
    case record_kind::control:
        return r.config ? r.text + ": " + to_text(*r.config) : r.text;
    case record_kind::mark:
    case record_kind::not_followed:
    case record_kind::unknown:
    case record_kind::bypass:
        break;
    }
    return r.text;
}

/// Appends `text` and at least two spaces.
void add_column(std::string& line, std::string_view text, std::size_t width)
{
    line.append(text).append(width > text.size() ? width - text.size() : 0, ' ').append("  ");
}

}  // namespace

std::string to_text(journal_record const& record)
{
    auto line = std::to_string(record.seq);
    line.insert(0, line.size() < 7 ? 7 - line.size() : 0, ' ');
    line += "  ";
    add_column(line, time_text(record.wall), 24);
    add_column(line, to_text(record.kind), 11);
    add_column(line, record.proxy, 12);
    add_column(line, record.toxic, 24);
    add_column(line, connection_text(record), 10);
    line += what_of(record);
    return printable(line);
}

}  // namespace aconite
