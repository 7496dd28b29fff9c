// /proxies/{proxy}/toxics.
#include "api/codec.hpp"
#include "api/handlers.hpp"

namespace aconite::api {
namespace {

response show(result<toxic_info> const& toxic)
{
    return toxic ? json_answer(http::status::ok, to_json(*toxic)) : error_answer(toxic.error());
}

response index(engine& e, call& c)
{
    auto const toxics = e.toxics(c.names[0]);
    return toxics ? json_answer(http::status::ok, to_json(*toxics)) : error_answer(toxics.error());
}

/// The checks come in the reference's order: proxy, body, stream, type, name, attributes.
response create(engine& e, call& c)
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
    return show(e.add_toxic(proxy, *std::move(config)));
}

response update(engine& e, call& c)
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
    return show(e.update_toxic(c.names[0], c.names[1], *patch));
}

response remove(engine& e, call& c)
{
    auto const done = e.remove_toxic(c.names[0], c.names[1]);
    return done ? empty_answer(http::status::no_content) : error_answer(done.error());
}

}  // namespace

std::vector<route> toxic_routes(engine& e)
{
    using http::verb;
    return {
        {{verb::get}, "/proxies/{}/toxics", "ToxicIndex", [&e](call& c) { return index(e, c); }},
        {{verb::post}, "/proxies/{}/toxics", "ToxicCreate", [&e](call& c) { return create(e, c); }},
        {{verb::get},
         "/proxies/{}/toxics/{}",
         "ToxicShow",
         [&e](call& c) { return show(e.toxic(c.names[0], c.names[1])); }},
        {{verb::post, verb::patch},
         "/proxies/{}/toxics/{}",
         "ToxicUpdate",
         [&e](call& c) { return update(e, c); }},
        {{verb::delete_},
         "/proxies/{}/toxics/{}",
         "ToxicDelete",
         [&e](call& c) { return remove(e, c); }},
    };
}

}  // namespace aconite::api
