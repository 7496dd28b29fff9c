// /config: all proxies and their toxics at once.
#include "api/http/query.hpp"
#include "api/json/codec.hpp"
#include "api/json/config_text.hpp"
#include "api/json/yaml_text.hpp"
#include "api/routes/handlers.hpp"
#include "proxy/net/split.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aconite::api {
namespace {

constexpr std::string_view formats[] = {"json", "yaml"};
constexpr attribute show_rows[] = {
    {.name = "format",
     .summary = "of the answer; without it as Accept says, else JSON",
     .kind = attribute_kind::choice,
     .names = formats},
};
constexpr route_doc show_doc{
    .name = "ConfigShow",
    .summary = "All proxies and toxics, as a configuration that asks for them.",
    .query = show_rows,
    .answers = {{200, "In a form that can be loaded back.", "Config"},
                {200, "The same as YAML.", "Config", "application/yaml"},
                fault(400, "No such format.")},
};
constexpr route_doc replace_doc{
    .name = "ConfigReplace",
    .summary = "Makes a configuration, JSON or YAML, all there is; what is the same is left alone.",
    .body = "ProxyConfigs",
    .answers = {{200, "What was done.", "Reconfigured"},
                fault(400, "A bad body: nothing was changed."),
                fault(409, "Two toxics share a name, a toxic's protocol is not its proxy's, or the "
                           "kernel may not drop segments: nothing was changed."),
                {500, "Some cannot listen; the others are in force.", "ReconfigureError"}},
};

/// What runs as a configuration that asks for it: without what is only told, and without toxics
/// of a lease, which are somebody's for a while.
json configuration(std::vector<proxy_info> proxies)
{
    for (auto& proxy : proxies) {
        std::erase_if(proxy.toxics, [](toxic_info const& t) { return !t.aim.lease.empty(); });
        for (auto& toxic : proxy.toxics) {
            toxic.active = true;
            toxic.effective_mode.reset();
        }
    }
    return to_json(proxies);
}

/// What the query asks for, else "yaml" if the client accepts YAML and not JSON.
result<std::string_view> wanted_format(request const& asked)
{
    auto const& [json_name, yaml_name] = formats;
    auto const parts = query_of(asked.target());
    if (!parts)
        return parts.error();
    for (auto const& part : *parts) {
        if (part.name != "format")
            return unknown_parameter(part, "format");
        auto const known = std::ranges::find(formats, part.value);
        if (known == std::end(formats))
            return problem{400, fmt::format("bad query: 'format' must be {}, not '{}'",
                                            fmt::join(formats, " or "), part.value)};
        return *known;
    }
    bool yaml = false;
    for (std::string_view rest = asked[http::field::accept]; !rest.empty();) {
        auto const type = take_part(rest, ',');
        if (type.find("application/json") != type.npos)
            return json_name;
        yaml |= is_yaml_type(type);
    }
    return yaml ? yaml_name : json_name;
}

response show(engine& e, call& c)
{
    auto const format = wanted_format(c.http);
    if (!format)
        return error_answer(format.error());
    auto const body = configuration(e.proxies());
    if (*format == "json")
        return json_answer(http::status::ok, body);
    response answer(http::status::ok, 11);
    answer.set(http::field::content_type, "application/yaml");
    answer.body() = write_yaml(body);
    return answer;
}

response told(reconfigure_result const& done)
{
    json body{{"created", done.created},
              {"updated", done.updated},
              {"removed", done.removed},
              {"unchanged", done.unchanged},
              {"failed", json::array()}};
    if (done.failed.empty())
        return json_answer(http::status::ok, body);
    std::vector<std::string> reasons;
    for (auto const& [name, why] : done.failed) {
        body["failed"].push_back({{"name", name}, {"error", why.text}});
        reasons.push_back(fmt::format("{}: {}", name, why.text));
    }
    auto const status = done.failed.front().second.status;
    body["error"] = fmt::format("{}", fmt::join(reasons, "; "));
    body["status"] = status;
    return json_answer(http::int_to_status(static_cast<unsigned>(status)), body);
}

response replace(engine& e, decode_options const& options, call& c)
{
    auto const yaml = is_yaml_type(c.http[http::field::content_type]);
    auto const body = parse_config(c.http.body(), yaml);
    if (!body)
        return error_answer(bad_body(body.error().text));
    auto configs = decode_proxies(*body, options, c.ignored);
    if (!configs)
        return error_answer(configs.error());
    auto const done = e.reconfigure(*std::move(configs), options.ignore_toxics);
    return done ? told(*done) : error_answer(done.error());
}

}  // namespace

std::vector<route> config_routes(engine& e, api_options options)
{
    using http::verb;
    auto const put = [&e, options](call& c) {
        return replace(e, {e.toxic_types(), options.ignore_body_toxics}, c);
    };
    return {
        {{verb::get}, "/config", show_doc, [&e](call& c) { return show(e, c); }},
        {{verb::post}, "/config", replace_doc, put, true},
    };
}

}  // namespace aconite::api
