// What is about the server as a whole.
#include "api/http/gzip.hpp"
#include "api/json/codec.hpp"
#include "api/openapi/openapi.hpp"
#include "api/routes/handlers.hpp"
#include "api/routes/metrics.hpp"
#include "api/version.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

namespace aconite::api {
namespace {

constexpr route_doc version_doc{
    .name = "Version",
    .summary = "The Toxiproxy release that this server behaves as.",
    .answers = {{200, "The release.", "Version"}},
};
constexpr route_doc reset_doc{
    .name = "ResetState",
    .summary = "Starts every proxy, removes all toxics and ends all leases. No body is looked at.",
    .answers = {{204, "Done."},
                fault(500, "A proxy cannot listen, the first of them if there are more. All others "
                           "were started.")},
};
constexpr route_doc metrics_doc{
    .name = "Metrics",
    .summary = "Prometheus' text format, of the series that the server was started with. Any "
               "method will do.",
    .answers = {{200, "The series; compressed if the request accepts gzip.", {}, "text/plain"}},
};
constexpr route_doc seed_doc{
    .name = "Seed",
    .summary = "The key of every random decision that has none of its own.",
    .answers = {{200, "The seed.", "Seed"}},
};
constexpr route_doc connections_doc{
    .name = "Connections",
    .summary = "Every live connection, the oldest first.",
    .answers = {{200, "The connections.", "Connections"}},
};

response version()
{
    response answer(http::status::ok, 11);
    answer.set(http::field::content_type, "application/json;charset=utf-8");
    answer.body() = fmt::format("{{\"version\": \"{}\"}}\n", toxiproxy_version);
    return answer;
}

response reset(engine& e)
{
    return done_answer(e.reset());
}

/// A request may say for which test it is made.
void mark_by_header(engine& e, call const& c)
{
    auto const found = c.http.find("Aconite-Mark");
    if (found != c.http.end())
        (void)e.mark(found->value());
}

response connections(engine& e)
{
    json list = json::array();
    for (auto const& connection : e.connections())
        list.push_back(to_json(connection));
    return json_answer(http::status::ok, list);
}

response metrics(engine& e, api_options options, request const& asked)
{
    response answer(http::status::ok, 11);
    answer.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
    if (options.proxy_metrics)
        answer.body() += engine_text(e.stats());
    if (options.runtime_metrics)
        answer.body() += process_text();
    if (http::token_list(asked[http::field::accept_encoding]).exists("gzip")) {
        answer.set(http::field::content_encoding, "gzip");
        answer.body() = gzipped(answer.body());
    }
    return answer;
}

}  // namespace

std::vector<route> admin_routes(engine& e, api_options options)
{
    using http::verb;
    std::vector<route> routes{
        {{verb::get}, "/version", version_doc, [](call&) { return version(); }},
        {{verb::post}, "/reset", reset_doc, [&e](call&) { return reset(e); }, true},
    };
    if (options.proxy_metrics || options.runtime_metrics)
        routes.push_back({{}, "/metrics", metrics_doc, [&e, options](call& c) {
                              return metrics(e, options, c.http);
                          }});
    if (!options.extras)
        return routes;
    routes.push_back({{verb::get}, "/seed", seed_doc, [&e](call&) {
                          return json_answer(http::status::ok, {{"seed", e.seed()}});
                      }});
    routes.push_back(
        {{verb::get}, "/connections", connections_doc, [&e](call&) { return connections(e); }});
    return routes;
}

std::vector<route> all_routes(engine& e, api_options options)
{
    std::vector<route> all;
    for (auto&& routes : {admin_routes(e, options), proxy_routes(e, options), toxic_routes(e)})
        all.insert(all.end(), routes.begin(), routes.end());
    if (!options.extras)
        return all;
    for (auto&& routes : {lease_routes(e), journal_routes(e), condition_routes(e),
                          config_routes(e, options), toxic_type_routes(e)})
        all.insert(all.end(), routes.begin(), routes.end());
    all.push_back(openapi_route(all, e, options));  // it describes those before it
    std::ranges::move(page_routes(), std::back_inserter(all));
    for (auto& each : all)
        each.handle = [&e, inner = std::move(each.handle)](call& c) {
            mark_by_header(e, c);
            return inner(c);
        };
    return all;
}

}  // namespace aconite::api
