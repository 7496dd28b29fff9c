// /proxies and /populate.
#include "api/json/codec.hpp"
#include "api/routes/handlers.hpp"

namespace aconite::api {
namespace {

constexpr auto no_place = fault(500, "It cannot listen.");

constexpr route_doc index_proxy_doc{
    .name = "ProxyIndex",
    .summary = "All proxies, by name.",
    .answers = {{200, "The proxies.", "Proxies"}},
};
constexpr route_doc create_proxy_doc{
    .name = "ProxyCreate",
    .summary = "Creates a proxy, with its toxics in force before it accepts.",
    .body = "ProxyConfig",
    .answers = {{201, "The proxy as it runs.", "Proxy"},
                fault(400, "A bad body, or a required field is missing."),
                fault(409, "There is a proxy of that name, two of its toxics share one, or the "
                           "kernel may not drop segments."),
                no_place},
};
constexpr route_doc populate_doc{
    .name = "Populate",
    .summary = "Creates the proxies that are missing, replaces those that listen elsewhere or have "
               "another upstream, keeps the rest.",
    .body = "ProxyConfigs",
    .answers = {{201, "The proxies, in the order of the request.", "Populated"},
                {400, "A bad body: nothing was created.", "PopulateError"},
                {409, "As for one proxy: nothing was created.", "PopulateError"},
                {500, "One cannot listen: those before it were created.", "PopulateError"}},
};
constexpr route_doc show_proxy_doc{
    .name = "ProxyShow",
    .summary = "One proxy.",
    .answers = {{200, "The proxy.", "Proxy"}, no_proxy},
};
constexpr route_doc update_proxy_doc{
    .name = "ProxyUpdate",
    .summary = "Changes a proxy. It starts anew, which closes its connections, only if it listens "
               "elsewhere or has another upstream.",
    .body = "ProxyPatch",
    .answers = {{200, "The proxy as it runs.", "Proxy"},
                fault(400, "A bad body."),
                no_proxy,
                fault(500, "It cannot listen. If the address itself is wrong, nothing was changed; "
                           "else the new values stay and the proxy is disabled.")},
};
constexpr route_doc delete_proxy_doc{
    .name = "ProxyDelete",
    .summary = "Closes a proxy and its connections. Its port is free then.",
    .answers = {{204, "It is gone."}, no_proxy},
};

response show_proxy(http::status status, result<proxy_info> const& proxy)
{
    return proxy ? json_answer(status, to_json(*proxy)) : error_answer(proxy.error());
}

response index_proxy(engine& e)
{
    json all = json::object();
    for (auto const& proxy : e.proxies())
        append_member(all, proxy.name, to_json(proxy));
    return json_answer(http::status::ok, all);
}

response create_proxy(engine& e, decode_options const& options, call& c)
{
    auto const body = parse_body(c.http.body());
    if (!body)
        return error_answer(body.error());
    auto config = decode_proxy(*body, options, c.ignored);
    if (!config)
        return error_answer(config.error());
    return show_proxy(http::status::created, e.create(*std::move(config)));
}

response update_proxy(engine& e, call& c)
{
    auto const& name = c.names[0];
    if (auto const found = e.proxy(name); !found)
        return error_answer(found.error());
    auto const body = parse_body(c.http.body());
    if (!body)
        return error_answer(body.error());
    auto const patch = decode_proxy_patch(*body, c.ignored);
    if (!patch)
        return error_answer(patch.error());
    return show_proxy(http::status::ok, e.update(name, *patch));
}

response remove_proxy(engine& e, call& c)
{
    return done_answer(e.remove(c.names[0]));
}

/// A failed populate: unlike all other errors it tells how far it came, and says that it is
/// JSON. `proxies` is null if there are none.
response populate_failure(problem const& failure, std::vector<proxy_info> const& done)
{
    auto body = to_json(failure);
    body["proxies"] = done.empty() ? json() : to_json(done);
    return json_answer(http::int_to_status(static_cast<unsigned>(failure.status)), body);
}

response populate(engine& e, decode_options const& options, call& c)
{
    auto const body = parse_body(c.http.body());
    if (!body)
        return populate_failure(body.error(), {});
    auto configs = decode_proxies(*body, options, c.ignored);
    if (!configs)
        return populate_failure(configs.error(), {});
    auto const done = e.populate(*std::move(configs));
    if (done.failure)
        return populate_failure(*done.failure, done.proxies);
    return json_answer(http::status::created, {{"proxies", to_json(done.proxies)}});
}

}  // namespace

std::vector<route> proxy_routes(engine& e, api_options options)
{
    using http::verb;
    auto const decode = [&e, options] {
        return decode_options{e.toxic_types(), options.ignore_body_toxics};
    };
    return {
        {{verb::get}, "/proxies", index_proxy_doc, [&e](call&) { return index_proxy(e); }},
        {{verb::post},
         "/proxies",
         create_proxy_doc,
         [&e, decode](call& c) { return create_proxy(e, decode(), c); },
         true},
        {{verb::post},
         "/populate",
         populate_doc,
         [&e, decode](call& c) { return populate(e, decode(), c); },
         true},
        {{verb::get},
         "/proxies/{proxy}",
         show_proxy_doc,
         [&e](call& c) { return show_proxy(http::status::ok, e.proxy(c.names[0])); }},
        {{verb::post, verb::patch},
         "/proxies/{proxy}",
         update_proxy_doc,
         [&e](call& c) { return update_proxy(e, c); },
         true},
        {{verb::delete_},
         "/proxies/{proxy}",
         delete_proxy_doc,
         [&e](call& c) { return remove_proxy(e, c); }},
    };
}

}  // namespace aconite::api
