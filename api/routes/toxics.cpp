// /proxies/{proxy}/toxics.
#include "api/json/codec.hpp"
#include "api/routes/handlers.hpp"

namespace aconite::api {
namespace {

constexpr auto no_toxic = fault(404, "There is no such proxy, or it has no such toxic.");

constexpr route_doc index_toxic_doc{
    .name = "ToxicIndex",
    .summary = "The toxics of a proxy: those of the upstream, then the others, each in order of "
               "creation.",
    .answers = {{200, "The toxics.", "Toxics"}, no_proxy},
};
constexpr route_doc create_toxic_doc{
    .name = "ToxicCreate",
    .summary = "Adds a toxic, in force on live connections when the answer comes.",
    .body = "ToxicConfig",
    .answers = {{200, "The toxic as it runs.", "Toxic"},
                fault(400, "A bad body, stream, type or attribute."),
                no_proxy,
                fault(409, "There is a toxic of that name, its protocol is not the proxy's, or the "
                           "kernel may not drop segments.")},
};
constexpr route_doc show_toxic_doc{
    .name = "ToxicShow",
    .summary = "One toxic.",
    .answers = {{200, "The toxic.", "Toxic"}, no_toxic},
};
constexpr route_doc update_toxic_doc{
    .name = "ToxicUpdate",
    .summary = "Changes a toxic: all that is listed or, if anything is wrong, nothing.",
    .body = "ToxicPatch",
    .answers = {{200, "The toxic as it runs.", "Toxic"},
                fault(400, "A bad body or attribute."),
                no_toxic,
                fault(409, "The kernel may not drop segments.")},
};
constexpr route_doc delete_toxic_doc{
    .name = "ToxicDelete",
    .summary = "Removes a toxic. What it holds back goes on at once.",
    .answers = {{204, "It is gone."}, no_toxic},
};

response show_toxic(result<toxic_info> const& toxic)
{
    return toxic ? json_answer(http::status::ok, to_json(*toxic)) : error_answer(toxic.error());
}

response index_toxic(engine& e, call& c)
{
    auto const toxics = e.toxics(c.names[0]);
    return toxics ? json_answer(http::status::ok, to_json(*toxics)) : error_answer(toxics.error());
}

/// The checks come in the reference's order: proxy, body, stream, type, name, attributes.
response create_toxic(engine& e, call& c)
{
    auto const& proxy = c.names[0];
    if (auto const found = e.proxy(proxy); !found)
        return error_answer(found.error());
    auto const body = parse_body(c.http.body());
    if (!body)
        return error_answer(body.error());
    auto draft = decode_toxic(*body, "", c.ignored);
    if (!draft)
        return error_answer(draft.error());
    auto const* type = e.toxic_types().find(draft->config.type);
    if (type == nullptr)
        return error_answer({400, "invalid toxic type"});
    auto const name = name_of(draft->config, *type);
    auto config = finish_toxic(*std::move(draft), *type, c.ignored);
    if (!config)
        return e.toxic(proxy, name) ? error_answer({409, "toxic already exists"})
                                    : error_answer(config.error());
    return show_toxic(e.add_toxic(proxy, *std::move(config)));
}

response update_toxic(engine& e, call& c)
{
    auto const found = e.toxic(c.names[0], c.names[1]);
    if (!found)
        return error_answer(found.error());
    auto const body = parse_body(c.http.body());
    if (!body)
        return error_answer(body.error());
    auto const* type = e.toxic_types().find(found->type);
    if (type == nullptr)
        return error_answer({400, "invalid toxic type"});
    auto const patch = decode_toxic_patch(*body, *type, c.ignored);
    if (!patch)
        return error_answer(patch.error());
    return show_toxic(e.update_toxic(c.names[0], c.names[1], *patch));
}

response remove_toxic(engine& e, call& c)
{
    return done_answer(e.remove_toxic(c.names[0], c.names[1]));
}

}  // namespace

std::vector<route> toxic_routes(engine& e)
{
    using http::verb;
    return {
        {{verb::get},
         "/proxies/{proxy}/toxics",
         index_toxic_doc,
         [&e](call& c) { return index_toxic(e, c); }},
        {{verb::post},
         "/proxies/{proxy}/toxics",
         create_toxic_doc,
         [&e](call& c) { return create_toxic(e, c); }},
        {{verb::get},
         "/proxies/{proxy}/toxics/{toxic}",
         show_toxic_doc,
         [&e](call& c) { return show_toxic(e.toxic(c.names[0], c.names[1])); }},
        {{verb::post, verb::patch},
         "/proxies/{proxy}/toxics/{toxic}",
         update_toxic_doc,
         [&e](call& c) { return update_toxic(e, c); }},
        {{verb::delete_},
         "/proxies/{proxy}/toxics/{toxic}",
         delete_toxic_doc,
         [&e](call& c) { return remove_toxic(e, c); }},
    };
}

}  // namespace aconite::api
