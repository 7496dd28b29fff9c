// /leases: toxics that go when the process that asked for them does.
#include "api/json/codec.hpp"
#include "api/routes/handlers.hpp"

namespace aconite::api {
namespace {

constexpr auto no_lease = fault(404, "There is no such lease: it has ended.");

constexpr route_doc index_lease_doc{
    .name = "LeaseIndex",
    .summary = "The leases that run.",
    .answers = {{200, "The leases, by id.", "Leases"}},
};
constexpr route_doc open_doc{
    .name = "LeaseOpen",
    .summary = "Opens a lease. Toxics that name its id go when nobody renews it in time.",
    .body = "LeaseConfig",
    .answers = {{201, "The lease.", "Lease"}, fault(400, "A bad body, or no ttl.")},
};
constexpr route_doc renew_lease_doc{
    .name = "LeaseRenew",
    .summary = "Begins the lease's time anew: the heart-beat.",
    .answers = {{200, "The lease.", "Lease"}, no_lease},
};
constexpr route_doc end_doc{
    .name = "LeaseEnd",
    .summary = "Ends a lease and removes the toxics that are tied to it.",
    .answers = {{204, "It has ended."}, no_lease},
};

json to_json(lease_info const& lease)
{
    return {{"id", lease.id}, {"ttl", lease.ttl_ms}, {"left", lease.left_ms}};
}

response show_lease(http::status status, result<lease_info> const& lease)
{
    return lease ? json_answer(status, to_json(*lease)) : error_answer(lease.error());
}

response index_lease(engine& e)
{
    json list = json::array();
    for (auto const& lease : e.leases())
        list.push_back(to_json(lease));
    return json_answer(http::status::ok, list);
}

response open(engine& e, call& c)
{
    auto const body = parse_body(c.http.body());
    if (!body)
        return error_answer(body.error());
    object_reader in(*body, "");
    auto const ttl = in.integer("ttl");
    if (auto const fault = in.finish(c.ignored))
        return error_answer(*fault);
    if (!ttl)
        return error_answer({400, "missing required field: ttl"});
    return show_lease(http::status::created, e.open_lease(*ttl));
}

response end(engine& e, call& c)
{
    return done_answer(e.end_lease(c.names[0]));
}

}  // namespace

std::vector<route> lease_routes(engine& e)
{
    using http::verb;
    return {
        {{verb::get}, "/leases", index_lease_doc, [&e](call&) { return index_lease(e); }},
        {{verb::post}, "/leases", open_doc, [&e](call& c) { return open(e, c); }},
        {{verb::post},
         "/leases/{lease}",
         renew_lease_doc,
         [&e](call& c) { return show_lease(http::status::ok, e.renew_lease(c.names[0])); }},
        {{verb::delete_}, "/leases/{lease}", end_doc, [&e](call& c) { return end(e, c); }},
    };
}

}  // namespace aconite::api
