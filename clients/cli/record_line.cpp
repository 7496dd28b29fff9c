#include "clients/cli/record_line.hpp"

#include "clients/cli/format.hpp"
#include "clients/cli/table.hpp"

#include <fmt/format.h>

#include <cmath>

namespace aconite::cli {
namespace {

using nlohmann::json;

std::string text_of(json const& record, char const* name)
{
    return record.value(name, "");
}

/// `2026-01-31T12:00:00.123456Z` to the millisecond.
std::string time_of(json const& record)
{
    auto time = record.at("time").get<std::string>();
    if (auto const point = time.find('.'); point != time.npos && time.ends_with('Z'))
        time = time.substr(0, point + 4) + "Z";
    return time;
}

/// To the microsecond.
std::string ms_of(json const& record, char const* name)
{
    return fmt::format("{:g} ms", std::round(record.at(name).get<double>() * 1000) / 1000);
}

/// `#0 (7)`: the first connection of its proxy, the server's seventh.
std::string connection_of(json const& record)
{
    if (!record.contains("ordinal"))
        return "";
    auto const ordinal = record["ordinal"].get<std::uint64_t>();
    return record.contains("connection")
               ? fmt::format("#{} ({})", ordinal, record["connection"].get<std::uint64_t>())
               : fmt::format("#{}", ordinal);
}

std::string closed(json const& record)
{
    auto const& bytes = record.at("received_bytes");
    return fmt::format("by {} with {}, {} bytes up, {} down, after {}", text_of(record, "by"),
                       text_of(record, "how"), bytes.at("upstream").get<std::uint64_t>(),
                       bytes.at("downstream").get<std::uint64_t>(), ms_of(record, "duration_ms"));
}

std::string acted(json const& record)
{
    auto text = fmt::format("{} at {}, {} bytes", text_of(record, "stream"),
                            record.at("offset").get<std::uint64_t>(),
                            record.at("bytes").get<std::uint64_t>());
    if (auto const hits = record.at("hits").get<std::uint64_t>(); hits > 1)
        text += fmt::format(", {} hits", hits);
    if (record.contains("delay_ms"))
        text += ", +" + ms_of(record, "delay_ms");
    if (record.value("held", false))
        text += ", held";
    if (record.contains("ends"))
        text += ", ends with " + text_of(record, "ends");
    if (record.contains("matched"))
        text += ", matched " + text_of(record, "matched");
    return text;
}

/// What happened, by the kind.
std::string what_of(json const& record)
{
    auto const kind = text_of(record, "kind");
    if (kind == "open")
        return fmt::format("from {}, dialled in {}", text_of(record, "client"),
                           ms_of(record, "dial_ms"));
    if (kind == "dial_failed")
        return fmt::format("from {}, after {}: {}", text_of(record, "client"),
                           ms_of(record, "dial_ms"), text_of(record, "error"));
    if (kind == "close")
        return closed(record);
    if (kind == "hit" || kind == "cut")
        return acted(record);
    if (kind == "control") {
        auto const action = text_of(record, "action");
        return record.contains("config") ? action + ": " + toxic_text(record["config"]) : action;
    }
    return text_of(record, "text");
}

}  // namespace

std::string record_line(json const& record)
{
    return printable(fmt::format("{:>7}  {:<24}  {:<11}  {:<12}  {:<24}  {:<10}  {}",
                                 record.at("seq").get<std::uint64_t>(), time_of(record),
                                 text_of(record, "kind"), text_of(record, "proxy"),
                                 text_of(record, "toxic"), connection_of(record),
                                 what_of(record))) +
           "\n";
}

}  // namespace aconite::cli
