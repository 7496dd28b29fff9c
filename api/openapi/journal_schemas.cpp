// What the journal, the counters and the answers to conditions look like: see record_codec.cpp.
#include "api/json/condition.hpp"
#include "api/openapi/schema.hpp"
#include "api/openapi/schemas.hpp"

#include <aconite/journal.hpp>

#include <limits>
#include <string_view>

namespace aconite::api {
namespace {

using namespace schema;

constexpr double no_maximum = std::numeric_limits<double>::max();
constexpr std::string_view wire_ends[] = {"fin", "rst"};

json ms(std::string_view about)
{
    return number(about, 0, no_maximum);
}

json kinds()
{
    json names = json::array();
    for (std::size_t i = 0; i < record_kind_count; ++i)
        names.push_back(to_text(static_cast<record_kind>(i)));
    return {{"type", "string"}, {"enum", std::move(names)}};
}

json both_streams()
{
    return told({{"upstream", whole("from the client")}, {"downstream", whole("from upstream")}});
}

json time_of(char const* about)
{
    auto made = text(about);
    made["format"] = "date-time";
    return made;
}

json record()
{
    static constexpr std::string_view enders[] = {"client", "upstream", "toxic", "proxy"};
    json const facts{{"type", "object"},
                     {"description", "hit: the operation, by the names of its protocol's match"},
                     {"additionalProperties", {{"type", "string"}}}};
    return told(
        {{"seq", whole("one more for each record", 1)},
         {"time", time_of("UTC")},
         {"mono_ns", whole("ns on a clock that is never set")},
         {"kind", kinds()}},
        {{"proxy", text("its name")},
         {"toxic", text("its name")},
         {"connection", whole("its id")},
         {"ordinal", whole("its number in the proxy, from 0")},
         {"client", text("`host:port`")},
         {"dial_ms", ms("how long the dial took")},
         {"error", text("dial_failed: why")},
         {"by", one_of("close: who ended it", enders)},
         {"how", one_of("close: how", wire_ends)},
         {"reason", text("close: why, where `by` does not tell; not_followed: why; unknown: "
                         "what; bypass: the address")},
         {"received_bytes", both_streams()},
         {"duration_ms", ms("close: since the accept")},
         {"stream", one_of("hit, cut: where", all_streams)},
         {"hits", whole("hit, cut: so many in the same moment")},
         {"offset", whole("hit, cut: of the first byte that was at hand")},
         {"bytes", whole("hit, cut: that were at hand")},
         {"held", flag("hit: for as long as the toxic is there")},
         {"delay_ms", ms("hit: the longest delay that was added")},
         {"ends", one_of("hit, cut: how it ends the connection", wire_ends)},
         {"matched", text("hit: what matched")},
         {"operation", facts},
         {"action", text("control: what was done")},
         {"config", named("Toxic")},
         {"text", text("mark: what was said")}});
}

json toxic_stats()
{
    return told({{"name", text("its name")},
                 {"type", text("its type")},
                 {"stream", one_of("where", all_streams)},
                 {"removed", flag("it is there no more")},
                 {"hits", whole("how often it changed what a receiver sees")},
                 {"connections", whole("on how many")},
                 {"bytes", whole("that were at hand when it did")},
                 {"first_hit", or_null(time_of("UTC"))},
                 {"last_hit", or_null(time_of("UTC"))},
                 {"delayed", whole("pieces of data that left it later than they came")},
                 {"added_delay_ms", ms("sum over those")}});
}

json proxy_stats()
{
    return told({{"name", text("its name")},
                 {"listen", text("`host:port`")},
                 {"upstream", text("`host:port`")},
                 {"enabled", flag("whether it listens")},
                 {"connections", told({{"open", whole("now")},
                                       {"total", whole("accepted")},
                                       {"refused", whole("accepted and reset at once")},
                                       {"dial_errors", whole("that had no upstream")},
                                       {"not_followed", whole("whose protocol could not be "
                                                              "followed to their end")}})},
                 {"unknown", whole("how often something that is not known passed untouched")},
                 {"rewritten", whole("how often clients were told of the proxy in place of a "
                                     "broker")},
                 {"bypass", whole("how often they were told of a way around the proxy")},
                 {"dials", whole("that succeeded")},
                 {"dial_ms", ms("sum over the dials that succeeded")},
                 {"received_bytes", both_streams()},
                 {"sent_bytes", both_streams()},
                 {"hits", whole("sum over its toxics")},
                 {"toxics", list_of(named("ToxicStats"))}},
                {{"brokers", seen_brokers()}});
}

json seen()
{
    return {{"type", "object"},
            {"description", "what was asked about, as it is now"},
            {"additionalProperties", {{"type", {"integer", "boolean"}}}}};
}

json condition_schema()
{
    auto bound = whole("exactly so many");
    bound["maximum"] = std::numeric_limits<std::uint64_t>::max();
    json signs = json::object();
    for (auto const sign : condition_signs())
        signs[std::string(sign)] = bound;
    auto comparisons = told(json::object(), signs);
    comparisons["minProperties"] = 1;
    json members{{"proxy", text("all proxies together without it")},
                 {"toxic", text("all toxics together without it")}};
    json any = json::array();
    for (auto const quantity : quantity_names()) {
        members[std::string(quantity)] = {{"anyOf", {bound, comparisons}}};
        any.push_back({{"required", json::array({quantity})}});
    }
    auto made = told(json::object(), members);
    made["anyOf"] = std::move(any);
    return made;
}

}  // namespace

json journal_schemas()
{
    auto mark = text("what is said");
    mark["minLength"] = 1;
    json const yes{{"const", true}};
    json const no{{"const", false}};
    return {{"Record", record()},
            {"ToxicStats", toxic_stats()},
            {"ProxyStats", proxy_stats()},
            {"Stats", list_of(named("ProxyStats"))},
            {"MarkConfig", taken_strictly({{"text", mark}}, {"text"})},
            {"Ready", told({{"ready", yes},
                            {"proxies", whole("how many there are")},
                            {"enabled", whole("of those")}})},
            {"Condition", condition_schema()},
            {"Held", told({{"held", yes}, {"seen", seen()}})},
            {"Refuted", told({{"held", no},
                              {"seen", seen()},
                              {"error", text("what does not hold")},
                              {"status", {{"const", 417}}}})}};
}

}  // namespace aconite::api
