// What tests wait for and insist on: /ready, /wait, /assert.
#include "api/http/query.hpp"
#include "api/json/codec.hpp"
#include "api/json/condition.hpp"
#include "api/routes/handlers.hpp"

#include <fmt/core.h>

#include <limits>

namespace aconite::api {
namespace {

constexpr std::int64_t patience_ms = 10'000;

constexpr attribute wait_rows[] = {
    {.name = "proxy", .summary = "without it all together", .kind = attribute_kind::text},
    {.name = "toxic", .summary = "without it all together", .kind = attribute_kind::text},
    {.name = "timeout",
     .summary = "10s, 250ms, 2m or a number of ms, an hour at most; 10s without it",
     .kind = attribute_kind::text},
    {.name = "ready", .summary = "that the proxy is enabled; empty", .kind = attribute_kind::text},
};
constexpr auto not_there = fault(404, "There is no such proxy or toxic.");

constexpr route_doc ready_doc{
    .name = "Ready",
    .summary = "That the server serves.",
    .answers = {{200, "It does.", "Ready"}},
};
constexpr route_doc wait_doc{
    .name = "Wait",
    .summary = "Answers when everything in the query holds, or its time is over. Beside the "
               "parameters it takes comparisons: hits, bytes, connections, open, dial_errors, "
               "not_followed, bypass or unknown, a sign and a number, as in `hits>=1`.",
    .query = wait_rows,
    .answers = {{200, "It holds.", "Held"},
                {417, "It did not in time.", "Refuted"},
                fault(400, "A bad query, or nothing to wait for."),
                not_there},
};
constexpr route_doc assert_doc{
    .name = "Assert",
    .summary = "Whether something holds now.",
    .body = "Condition",
    .answers = {{200, "It holds.", "Held"},
                {417, "It does not.", "Refuted"},
                fault(400, "A bad body, or nothing to insist on."),
                not_there},
};

struct question {
    subject who;
    std::vector<condition> all;
    std::int64_t timeout_ms = patience_ms;
    bool ready = false;  ///< asks for no number, only that the proxy is enabled
};

/// What holds, and the first thing that does not.
struct verdict {
    json seen = json::object();
    std::string refuted;
};

result<verdict> judge(engine const& e, question const& asked)
{
    verdict made;
    if (asked.ready) {
        auto const proxy = e.proxy(asked.who.proxy);
        if (!proxy)
            return proxy.error();
        made.seen["ready"] = proxy->enabled;
        if (!proxy->enabled)
            made.refuted = fmt::format("{} is disabled", asked.who.text());
    }
    for (auto const& each : asked.all) {
        auto const seen = measure(e, asked.who, each.quantity());
        if (!seen)
            return seen.error();
        made.seen[std::string(each.quantity())] = *seen;
        if (made.refuted.empty() && !each.holds_for(*seen))
            made.refuted = fmt::format("{} of {} is {}, not {}", each.quantity(), asked.who.text(),
                                       *seen, each.text().substr(each.quantity().size() + 1));
    }
    return made;
}

response answer_to(verdict const& found)
{
    if (found.refuted.empty())
        return json_answer(http::status::ok, {{"held", true}, {"seen", found.seen}});
    return json_answer(
        http::status::expectation_failed,
        {{"held", false}, {"seen", found.seen}, {"error", found.refuted}, {"status", 417}});
}

result<question> question_in(call const& c)
{
    auto const parts = query_of(c.http.target());
    if (!parts)
        return parts.error();
    question asked;
    for (auto const& part : *parts) {
        if (part.name == "proxy") {
            asked.who.proxy = part.value;
        } else if (part.name == "toxic") {
            asked.who.toxic = part.value;
        } else if (part.name == "timeout") {
            auto const limit = milliseconds_in(part);
            if (!limit)
                return limit.error();
            asked.timeout_ms = *limit;
        } else if (part.name == "ready" && part.value.empty()) {
            asked.ready = true;
        } else {
            auto const made = condition::from_query(part.name, part.value);
            if (!made)
                return made.error();
            asked.all.push_back(*made);
        }
    }
    if (asked.ready && asked.who.proxy.empty())
        return problem{400, "bad query: 'ready' needs 'proxy'"};
    if (asked.all.empty() && !asked.ready)
        return problem{400, "bad query: nothing to wait for; there are ready, " + quantities()};
    return asked;
}

/// A proxy or a toxic that is not there yet may come.
response wait(engine& e, call& c)
{
    auto const asked = question_in(c);
    if (!asked)
        return error_answer(asked.error());
    bool const in_time =
        std::chrono::steady_clock::now() - c.began < std::chrono::milliseconds(asked->timeout_ms);
    auto const found = judge(e, *asked);
    if (!found) {
        c.again = in_time && found.error().status == 404;
        return error_answer(found.error());
    }
    c.again = in_time && !found->refuted.empty();
    return answer_to(*found);
}

/// The comparisons of one member: a number, or an object of signs and numbers.
std::optional<problem> read_comparisons(std::string const& name, json const& value,
                                        std::vector<condition>& into)
{
    auto const add = [&](std::string_view sign, json const& bound) -> std::optional<problem> {
        if (!bound.is_number_unsigned())
            return bad_body(fmt::format("'{}' must be compared with a whole number from 0 to {}",
                                        name, std::numeric_limits<std::uint64_t>::max()));
        auto const made = condition::make(name, sign, bound.get<std::uint64_t>());
        if (!made)
            return made.error();
        into.push_back(*made);
        return std::nullopt;
    };
    if (!value.is_object())
        return add("==", value);
    if (value.empty())
        return bad_body(fmt::format("'{}' must be compared with something", name));
    for (auto const& [sign, bound] : value.items())
        if (auto const fault = add(sign, bound))
            return fault;
    return std::nullopt;
}

result<question> question_of(json const& body)
{
    if (!body.is_object())
        return wrong_type("", "object", body);
    question asked;
    for (auto const& [name, value] : body.items()) {
        if (name == "proxy" || name == "toxic") {
            if (!value.is_string())
                return wrong_type(pointer_to("", name), "string", value);
            (name == "proxy" ? asked.who.proxy : asked.who.toxic) = value.get<std::string>();
        } else if (auto const fault = read_comparisons(name, value, asked.all)) {
            return *fault;
        }
    }
    if (asked.all.empty())
        return bad_body("nothing to insist on; there are " + quantities());
    return asked;
}

response insist(engine& e, call& c)
{
    auto const body = parse_body(c.http.body());
    if (!body)
        return error_answer(body.error());
    auto const asked = question_of(*body);
    if (!asked)
        return error_answer(asked.error());
    auto const found = judge(e, *asked);
    return found ? answer_to(*found) : error_answer(found.error());
}

response ready(engine& e)
{
    std::size_t enabled = 0;
    auto const proxies = e.proxies();
    for (auto const& proxy : proxies)
        enabled += proxy.enabled ? 1 : 0;
    return json_answer(http::status::ok,
                       {{"ready", true}, {"proxies", proxies.size()}, {"enabled", enabled}});
}

}  // namespace

std::vector<route> condition_routes(engine& e)
{
    using http::verb;
    return {
        {{verb::get}, "/ready", ready_doc, [&e](call&) { return ready(e); }},
        {{verb::get}, "/wait", wait_doc, [&e](call& c) { return wait(e, c); }},
        {{verb::post}, "/assert", assert_doc, [&e](call& c) { return insist(e, c); }},
    };
}

}  // namespace aconite::api
