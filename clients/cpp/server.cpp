#include <aconite/client.hpp>

#include "clients/cpp/codec.hpp"
#include "clients/cpp/event_reader.hpp"
#include "clients/cpp/http.hpp"
#include "clients/cpp/record_codec.hpp"
#include "clients/cpp/url.hpp"
#include "proxy/net/number.hpp"
#include "proxy/net/split.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace aconite::client {
namespace {

using nlohmann::json;

/// What a refusal says: the `error` of a JSON body, else the body's first line.
problem refusal(http_answer const& answer)
{
    auto const body = json::parse(answer.body, nullptr, false);
    if (body.is_object() && body.contains("error") && body["error"].is_string())
        return {static_cast<int>(answer.status), body["error"].get<std::string>()};
    auto line = answer.body.substr(0, answer.body.find('\n'));
    if (line.empty())
        line = "no reason given";
    return {static_cast<int>(answer.status), std::move(line)};
}

problem unexpected(json::exception const& error)
{
    return {0, "unexpected answer from the server: " + codec::reason(error)};
}

/// Reads a JSON answer with `read`, which may throw json::exception.
template <class Read>
auto decode(result<std::string> const& answer, Read read) -> result<decltype(read(json{}))>
{
    if (!answer)
        return answer.error();
    try {
        return read(json::parse(*answer));
    } catch (json::exception const& error) {
        return unexpected(error);
    }
}

result<void> only_success(result<std::string> const& answer)
{
    if (!answer)
        return answer.error();
    return {};
}

std::vector<toxic_info> to_toxics(json const& list)
{
    std::vector<toxic_info> toxics;
    for (auto const& toxic : list)
        toxics.push_back(codec::to_toxic(toxic));
    return toxics;
}

std::vector<proxy_info> to_proxies(json const& list)
{
    std::vector<proxy_info> proxies;
    for (auto const& proxy : list)
        proxies.push_back(codec::to_proxy(proxy));
    return proxies;
}

std::vector<lease_info> to_leases(json const& list)
{
    std::vector<lease_info> leases;
    for (auto const& lease : list)
        leases.push_back(codec::to_lease(lease));
    return leases;
}

/// What /journal takes. It refuses a limit of 0, which asks for nothing but the end.
std::string query_text(journal_query const& wanted)
{
    auto text = "since=" + std::to_string(wanted.since) + (wanted.newest ? "&tail=" : "&limit=") +
                std::to_string(std::max<std::size_t>(wanted.limit, 1));
    if (!wanted.proxy.empty())
        text += "&proxy=" + percent_encoded(wanted.proxy);
    if (!wanted.toxic.empty())
        text += "&toxic=" + percent_encoded(wanted.toxic);
    std::string kinds;
    for (std::size_t i = 0; i < record_kind_count; ++i)
        if ((wanted.kinds >> i & 1U) != 0)
            kinds.append(kinds.empty() ? "&kind=" : ",")
                .append(to_text(static_cast<record_kind>(i)));
    return text + kinds;
}

std::string lease_path(std::string_view id)
{
    return "/leases/" + percent_encoded(id);
}

}  // namespace

server::server(server_config config) : config_(std::move(config)) {}

/// A 2xx answer.
result<http_answer> server::fetch(std::string_view method, std::string_view path,
                                  std::string_view json) const
{
    auto const where = parse_url(config_.url);
    if (!where)
        return where.error();
    auto answer =
        ask(*where,
            {.method = std::string(method),
             .target = std::string(path),
             .body = std::string(json),
             .user_agent = config_.user_agent},
            {config_.connect_timeout, config_.answer_timeout, config_.verify_certificate});
    if (answer && config_.on_warning)
        for (auto const& [name, value] : answer->fields)
            if (name == "aconite-warning")
                config_.on_warning(value);
    if (answer && (answer->status < 200 || answer->status > 299))
        return refusal(*answer);
    return answer;
}

result<std::string> server::request(std::string_view method, std::string_view path,
                                    std::string_view json) const
{
    auto answer = fetch(method, path, json);
    if (!answer)
        return answer.error();
    return std::move(answer->body);
}

result<std::string> server::version() const
{
    auto const answer = request("GET", "/version");
    if (answer && !answer->starts_with('{'))
        return *answer;  // the bare text, before Toxiproxy 2.7
    return decode(answer, [](json const& body) { return body.at("version").get<std::string>(); });
}

result<std::string> server::metrics() const
{
    return request("GET", "/metrics");
}

result<std::vector<proxy_info>> server::proxies() const
{
    return decode(request("GET", "/proxies"), to_proxies);  // an object iterates by name
}

result<proxy_info> server::proxy(std::string_view name) const
{
    return decode(request("GET", proxy_path(name)), codec::to_proxy);
}

result<proxy_info> server::create(proxy_config config)
{
    auto const body = codec::dump(codec::to_json(config));
    return decode(request("POST", "/proxies", body), codec::to_proxy);
}

result<proxy_info> server::update(std::string_view name, proxy_patch const& patch)
{
    // POST, not PATCH: servers older than 2.6 know only this.
    return decode(request("POST", proxy_path(name), codec::dump(codec::to_json(patch))),
                  codec::to_proxy);
}

result<void> server::remove(std::string_view name)
{
    return only_success(request("DELETE", proxy_path(name)));
}

result<std::vector<proxy_info>> server::populate(std::vector<proxy_config> const& configs)
{
    auto list = json::array();
    for (auto const& config : configs)
        list.push_back(codec::to_json(config));
    return decode(request("POST", "/populate", codec::dump(list)),
                  [](json const& body) { return to_proxies(body.at("proxies")); });
}

result<void> server::reset()
{
    return only_success(request("POST", "/reset"));
}

result<std::vector<toxic_info>> server::toxics(std::string_view proxy) const
{
    return decode(request("GET", proxy_path(proxy) + "/toxics"), to_toxics);
}

result<toxic_info> server::toxic(std::string_view proxy, std::string_view name) const
{
    return decode(request("GET", toxic_path(proxy, name)), codec::to_toxic);
}

result<toxic_info> server::add_toxic(std::string_view proxy, toxic_config config)
{
    auto const body = codec::dump(codec::to_json(config));
    return decode(request("POST", proxy_path(proxy) + "/toxics", body), codec::to_toxic);
}

result<toxic_info> server::update_toxic(std::string_view proxy, std::string_view name,
                                        toxic_patch const& patch)
{
    return decode(request("PATCH", toxic_path(proxy, name), codec::dump(codec::to_json(patch))),
                  codec::to_toxic);
}

result<void> server::remove_toxic(std::string_view proxy, std::string_view name)
{
    return only_success(request("DELETE", toxic_path(proxy, name)));
}

result<lease_info> server::open_lease(std::int64_t ttl_ms)
{
    return decode(request("POST", "/leases", codec::dump({{"ttl", ttl_ms}})), codec::to_lease);
}

result<lease_info> server::renew_lease(std::string_view id)
{
    return decode(request("POST", lease_path(id)), codec::to_lease);
}

result<void> server::end_lease(std::string_view id)
{
    return only_success(request("DELETE", lease_path(id)));
}

result<std::vector<lease_info>> server::leases() const
{
    return decode(request("GET", "/leases"), to_leases);
}

result<journal_text> server::journal(std::string_view query) const
{
    auto answer = fetch("GET", "/journal?" + std::string(query), {});
    if (!answer)
        return answer.error();
    auto const number = [&](char const* name) -> std::optional<std::uint64_t> {
        auto const field = answer->fields.find(name);
        if (field == answer->fields.end())
            return 0;
        return number_in<std::uint64_t>(field->second);
    };
    auto const next = number("aconite-journal-next");
    auto const missed = number("aconite-journal-missed");
    if (!next || !missed)
        return problem{0, "unexpected answer from the server: a number of the journal is none"};
    return journal_text{std::move(answer->body), *next, *missed};
}

result<proxy_stats> server::stats(std::string_view proxy) const
{
    return decode(request("GET", proxy_path(proxy) + "/stats"), codec::to_stats);
}

result<journal_page> server::read_journal(journal_query const& wanted) const
{
    auto const text = journal(query_text(wanted));
    if (!text)
        return text.error();
    journal_page page;
    page.next = text->next;
    page.missed = text->missed;
    if (wanted.limit == 0)
        return page;
    std::string_view rest = text->lines;
    try {
        while (!rest.empty())
            page.records.push_back(codec::to_record(json::parse(take_part(rest, '\n'))));
    } catch (json::exception const& error) {
        return unexpected(error);
    }
    return page;
}

result<void> server::mark(std::string_view text)
{
    return only_success(request("POST", "/marks", codec::dump({{"text", text}})));
}

problem server::follow_journal(
    std::string_view query,
    std::function<void(std::string_view event, std::string_view data)> const& on_event) const
{
    auto const where = parse_url(config_.url);
    if (!where)
        return where.error();
    event_reader events(on_event);
    auto const end =
        follow(*where,
               {.method = "GET",
                .target = "/events?" + std::string(query),
                .body = {},
                .user_agent = config_.user_agent},
               {config_.connect_timeout, config_.answer_timeout, config_.verify_certificate},
               [&](std::string_view part) { events.read(part); });
    return end ? refusal(*end) : end.error();
}

std::string proxy_path(std::string_view proxy)
{
    return "/proxies/" + percent_encoded(proxy);
}

std::string toxic_path(std::string_view proxy, std::string_view toxic)
{
    return proxy_path(proxy) + "/toxics/" + percent_encoded(toxic);
}

}  // namespace aconite::client
