// What happened: /journal, /events, /marks, /stats.
#include "api/http/query.hpp"
#include "api/json/codec.hpp"
#include "api/json/record_codec.hpp"
#include "api/routes/handlers.hpp"
#include "proxy/net/split.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite::api {
namespace {

constexpr std::size_t records_max = 100'000;
/// What one look at the journal adds to a stream, at most.
constexpr std::size_t events_at_once = 500;

constexpr attribute journal_query_rows[] = {
    {.name = "since", .summary = "records with a greater seq", .maximum = INT64_MAX},
    {.name = "limit", .summary = "so many at most", .minimum = 1, .maximum = records_max},
    {.name = "tail", .summary = "the newest so many", .minimum = 1, .maximum = records_max},
    {.name = "proxy", .summary = "of this one only", .kind = attribute_kind::text},
    {.name = "toxic", .summary = "of this one only", .kind = attribute_kind::text},
    {.name = "kind", .summary = "of these kinds, with commas", .kind = attribute_kind::text},
};
constexpr auto bad_query = fault(400, "A bad query.");

constexpr route_doc journal_doc{
    .name = "Journal",
    .summary = "What happened, in order. Aconite-Journal-Next tells the `since` that goes on from "
               "here, Aconite-Journal-Missed how many were overwritten already.",
    .query = journal_query_rows,
    .answers = {{200, "A record on each line.", "Record", "application/x-ndjson"}, bad_query},
};
constexpr route_doc events_doc{
    .name = "Events",
    .summary = "What happens, as Server-Sent Events: from now on, or behind `since` or the header "
               "Last-Event-ID.",
    .query = journal_query_rows,
    .answers = {{200, "Events with a record as data, until the client goes.", "Record",
                 "text/event-stream"},
                bad_query},
};
constexpr route_doc mark_doc{
    .name = "MarkCreate",
    .summary = "Puts a text of up to 1,000 bytes into the journal, so that a test is found there.",
    .body = "MarkConfig",
    .answers = {{204, "It is there."}, fault(400, "A bad body, or no text, or a long one.")},
};
constexpr route_doc all_stats_doc{
    .name = "StatsIndex",
    .summary = "What each proxy and its toxics did.",
    .answers = {{200, "The counters, by name.", "Stats"}},
};
constexpr route_doc stats_doc{
    .name = "StatsShow",
    .summary = "What one proxy and its toxics did.",
    .answers = {{200, "The counters.", "ProxyStats"}, fault(404, "There is no such proxy.")},
};

std::vector<std::string_view> kind_names()
{
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < record_kind_count; ++i)
        names.push_back(to_text(static_cast<record_kind>(i)));
    return names;
}

/// The kinds that `text` lists, with commas, as bits.
result<std::uint16_t> kinds_in(query_part const& part)
{
    unsigned kinds = 0;
    std::string_view rest = part.value;
    while (!rest.empty()) {
        auto const one = take_part(rest, ',');
        auto const kind = record_kind_from(one);
        if (!kind)
            return problem{400, fmt::format("bad query: 'kind' must be some of {}, not '{}'",
                                            fmt::join(kind_names(), ", "), one)};
        kinds |= 1U << static_cast<unsigned>(*kind);
    }
    return {boost::system::in_place_value, static_cast<std::uint16_t>(kinds)};
}

struct journal_request {
    journal_query wanted;
    bool placed = false;  ///< says where to begin
};

result<journal_request> request_of(call const& c)
{
    auto const parts = query_of(c.http.target());
    if (!parts)
        return parts.error();
    journal_request asked;
    auto& wanted = asked.wanted;
    for (auto const& part : *parts) {
        if (part.name == "since" || part.name == "limit" || part.name == "tail") {
            bool const counts = part.name != "since";
            auto const number =
                counts ? whole_number(part, 1, records_max) : whole_number(part, 0, INT64_MAX);
            if (!number)
                return number.error();
            (counts ? wanted.limit : wanted.since) = *number;
            wanted.newest = wanted.newest || part.name == "tail";
            asked.placed = asked.placed || part.name != "limit";
        } else if (part.name == "kind") {
            auto const kinds = kinds_in(part);
            if (!kinds)
                return kinds.error();
            wanted.kinds = *kinds;
        } else if (part.name == "proxy") {
            wanted.proxy = part.value;
        } else if (part.name == "toxic") {
            wanted.toxic = part.value;
        } else {
            return unknown_parameter(part, "since, limit, tail, proxy, toxic and kind");
        }
    }
    return asked;
}

response show_journal(engine& e, call& c)
{
    auto const asked = request_of(c);
    if (!asked)
        return error_answer(asked.error());
    auto const page = e.read_journal(asked->wanted).value();
    response answer(http::status::ok, 11);
    answer.set(http::field::content_type, "application/x-ndjson");
    answer.set("Aconite-Journal-Next", std::to_string(page.next));
    answer.set("Aconite-Journal-Missed", std::to_string(page.missed));
    for (auto const& record : page.records)
        answer.body().append(write_text(to_json(record))).append("\n");
    return answer;
}

/// The events since the last call.
std::string next_events(engine& e, journal_query& wanted)
{
    auto const page = e.read_journal(wanted).value();
    std::string text;
    if (page.missed > 0)
        text = fmt::format("event: missed\ndata: {{\"missed\":{}}}\n\n", page.missed);
    for (auto const& record : page.records)
        text += fmt::format("id: {}\nevent: {}\ndata: {}\n\n", record.seq, to_text(record.kind),
                            write_text(to_json(record)));
    wanted.since = page.next;
    if (std::exchange(wanted.newest, false))
        wanted.limit = events_at_once;
    return text;
}

response show_events(engine& e, call& c)
{
    auto asked = request_of(c);
    if (!asked)
        return error_answer(asked.error());
    auto& wanted = asked->wanted;
    // A browser that lost the connection says how far it came.
    if (auto const last = c.http.find("Last-Event-ID"); last != c.http.end()) {
        auto const seq = whole_number({"Last-Event-ID", std::string(last->value())}, 0, INT64_MAX);
        if (!seq)
            return error_answer(seq.error());
        wanted.since = *seq;
    } else if (!asked->placed) {
        wanted.since = e.read_journal({.limit = 0, .newest = true})->next;
    }
    if (!wanted.newest)
        wanted.limit = std::min(wanted.limit, events_at_once);
    c.more = [&e, wanted]() mutable { return next_events(e, wanted); };
    response answer(http::status::ok, 11);
    answer.set(http::field::content_type, "text/event-stream");
    answer.set(http::field::cache_control, "no-store");
    return answer;
}

response mark(engine& e, call& c)
{
    auto const body = parse_body(c.http.body());
    if (!body)
        return error_answer(body.error());
    object_reader in(*body, "");
    auto const text = in.text("text");
    if (auto const fault = in.finish_strictly())
        return error_answer(*fault);
    if (!text)
        return error_answer({400, "missing required field: text"});
    return done_answer(e.mark(*text));
}

response show_stats(engine& e, call& c)
{
    auto const stats = e.stats(c.names[0]);
    return stats ? json_answer(http::status::ok, to_json(*stats)) : error_answer(stats.error());
}

response show_all_stats(engine& e)
{
    json list = json::array();
    for (auto const& each : e.stats().proxies)
        list.push_back(to_json(each));
    return json_answer(http::status::ok, list);
}

}  // namespace

std::vector<route> journal_routes(engine& e)
{
    using http::verb;
    return {
        {{verb::get}, "/journal", journal_doc, [&e](call& c) { return show_journal(e, c); }},
        {{verb::get}, "/events", events_doc, [&e](call& c) { return show_events(e, c); }},
        {{verb::post}, "/marks", mark_doc, [&e](call& c) { return mark(e, c); }},
        {{verb::get}, "/stats", all_stats_doc, [&e](call&) { return show_all_stats(e); }},
        {{verb::get},
         "/proxies/{proxy}/stats",
         stats_doc,
         [&e](call& c) { return show_stats(e, c); }},
    };
}

}  // namespace aconite::api
