#include "api/json/record_codec.hpp"

#include "api/json/codec.hpp"

#include <fmt/core.h>

#include <ctime>

namespace aconite::api {
namespace {

using std::chrono::duration_cast;

double ms(duration d)
{
    return duration_cast<std::chrono::duration<double, std::milli>>(d).count();
}

json both_streams(std::uint64_t up, std::uint64_t down)
{
    return {{"upstream", up}, {"downstream", down}};
}

std::string_view wire_text(ending how)
{
    return how == ending::reset ? "rst" : "fin";
}

void append_connection(json& object, journal_record const& r)
{
    append_member(object, "connection", r.connection);
    append_member(object, "ordinal", r.ordinal);
    if (!r.client.empty())
        append_member(object, "client", r.client);
}

void append_act(json& object, journal_record const& r)
{
    if (r.connection != 0)
        append_connection(object, r);
    else if (r.end || r.delay > duration::zero())
        append_member(object, "ordinal", r.ordinal);
    append_member(object, "stream", to_text(r.direction));
    append_member(object, "hits", r.hits);
    append_member(object, "offset", r.offset);
    append_member(object, "bytes", r.bytes);
    if (!r.operation.empty()) {
        auto& operation = append_member(object, "operation", json::object());
        for (auto const& [name, value] : r.operation)
            append_member(operation, name, value);
    }
    if (r.delay == duration::max())
        append_member(object, "held", true);
    else if (r.delay > duration::zero())
        append_member(object, "delay_ms", shortest(ms(r.delay)));
    if (r.end)
        append_member(object, "ends", wire_text(*r.end));
    if (!r.text.empty())
        append_member(object, "matched", r.text);
}

json to_json(toxic_stats const& stats)
{
    auto const time = [](auto const& at) { return at ? json(rfc3339(*at)) : json(); };
    return {{"name", stats.name},
            {"type", stats.type},
            {"stream", to_text(stats.direction)},
            {"removed", stats.removed},
            {"hits", stats.hits},
            {"connections", stats.connections},
            {"bytes", stats.bytes},
            {"first_hit", time(stats.first_hit)},
            {"last_hit", time(stats.last_hit)},
            {"delayed", stats.added_delay.count()},
            {"added_delay_ms", shortest(ms(stats.added_delay.sum))}};
}

}  // namespace

std::string rfc3339(std::chrono::system_clock::time_point when)
{
    auto const seconds = std::chrono::floor<std::chrono::seconds>(when);
    auto const micros = duration_cast<std::chrono::microseconds>(when - seconds).count();
    std::time_t const at = std::chrono::system_clock::to_time_t(seconds);
    std::tm parts{};
    ::gmtime_r(&at, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", parts.tm_year + 1900,
                       parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                       micros);
}

json to_json(journal_record const& r)
{
    json object = json::object();
    append_member(object, "seq", r.seq);
    append_member(object, "time", rfc3339(r.wall));
    append_member(object, "mono_ns", r.at.time_since_epoch().count());
    append_member(object, "kind", to_text(r.kind));
    if (!r.proxy.empty())
        append_member(object, "proxy", r.proxy);
    if (!r.toxic.empty())
        append_member(object, "toxic", r.toxic);
    switch (r.kind) {
    case record_kind::open:
        append_connection(object, r);
        append_member(object, "dial_ms", shortest(ms(r.took)));
        break;
    case record_kind::dial_failed:
        append_connection(object, r);
        append_member(object, "dial_ms", shortest(ms(r.took)));
        append_member(object, "error", r.text);
        break;
    case record_kind::close:
        append_connection(object, r);
        append_member(object, "by", to_text(r.by));
        append_member(object, "how", wire_text(r.end.value_or(ending::close)));
        if (!r.text.empty())
            append_member(object, "reason", r.text);
        append_member(object, "received_bytes",
                      both_streams(r.received_bytes[0], r.received_bytes[1]));
        append_member(object, "duration_ms", shortest(ms(r.took)));
        break;
    case record_kind::hit:
    case record_kind::cut:
        append_act(object, r);
        break;
    case record_kind::control:
        append_member(object, "action", r.text);
        if (r.config)
            append_member(object, "config", to_json(*r.config));
        break;
    case record_kind::not_followed:
    case record_kind::unknown:
    case record_kind::bypass:
        append_connection(object, r);
        append_member(object, "reason", r.text);
        break;
    case record_kind::mark:
        append_member(object, "text", r.text);
        break;
    }
    return object;
}

json to_json(proxy_stats const& stats)
{
    auto const& [up, down] = stats.streams;
    json toxics = json::array();
    for (auto const& each : stats.toxics)
        toxics.push_back(to_json(each));
    json made = {{"name", stats.name},
                 {"listen", stats.listen},
                 {"upstream", stats.upstream},
                 {"enabled", stats.enabled},
                 {"connections",
                  {{"open", stats.connections_open},
                   {"total", stats.connections_total},
                   {"refused", stats.refused},
                   {"dial_errors", stats.dial_errors},
                   {"not_followed", stats.not_followed}}},
                 {"unknown", stats.unknown},
                 {"rewritten", stats.rewritten},
                 {"bypass", stats.bypass},
                 {"dials", stats.dials.count()},
                 {"dial_ms", shortest(ms(stats.dials.sum))},
                 {"received_bytes", both_streams(up.received_bytes, down.received_bytes)},
                 {"sent_bytes", both_streams(up.sent_bytes, down.sent_bytes)},
                 {"hits", stats.hits()},
                 {"toxics", std::move(toxics)}};
    if (!stats.brokers.empty())
        append_member(made, "brokers", to_json(stats.brokers));
    return made;
}

}  // namespace aconite::api
