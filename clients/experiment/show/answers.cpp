#include "clients/experiment/show/answers.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace aconite::experiment {
namespace {

namespace beast_http = boost::beast::http;
using boost::beast::iequals;

/// A report runs apart from this server's origin: whatever is in it, it can read no other.
constexpr auto report_policy = "sandbox allow-scripts; default-src 'none'; style-src "
                               "'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
                               "form-action 'none'; frame-ancestors 'none'";
constexpr auto list_policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                             "form-action 'none'; frame-ancestors 'none'";

/// Addresses and `localhost` cannot be the name of somebody's site.
bool is_this_machine(std::string_view host)
{
    boost::system::error_code no_address;
    if (host.starts_with('[')) {
        auto const end = host.find(']');
        if (end == std::string_view::npos)
            return false;
        boost::asio::ip::make_address_v6(std::string(host.substr(1, end - 1)), no_address);
        return !no_address;
    }
    host = host.substr(0, host.find(':'));
    boost::asio::ip::make_address_v4(std::string(host), no_address);
    constexpr std::string_view own_names = ".localhost";
    return !no_address || iequals(host, "localhost") ||
           (host.size() > own_names.size() &&
            iequals(host.substr(host.size() - own_names.size()), own_names));
}

/// True for what another page made a browser ask for; a link that somebody follows is none.
bool is_of_another_page(show_request const& asked)
{
    std::string_view const site = asked["Sec-Fetch-Site"];
    return !site.empty() && site != "same-origin" && site != "none" &&
           asked["Sec-Fetch-Mode"] != "navigate";
}

show_answer plain(beast_http::status status, std::string_view text)
{
    show_answer answer(status, 11);
    answer.set(beast_http::field::content_type, "text/plain; charset=utf-8");
    answer.body() = std::string(text) + "\n";
    return answer;
}

/// `part` with its `%xx` resolved. None if one is broken.
std::optional<std::string> decoded(std::string_view part)
{
    auto const digit = [](char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : -1;
    };
    std::string out;
    for (std::size_t i = 0; i < part.size(); ++i) {
        if (part[i] != '%') {
            out += part[i];
            continue;
        }
        auto const high = i + 2 < part.size() ? digit(part[i + 1]) : -1;
        auto const low = i + 2 < part.size() ? digit(part[i + 2]) : -1;
        if (high < 0 || low < 0)
            return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

show_answer list_answer(past_runs& runs)
{
    auto const rows = runs.list();
    if (!rows)
        return plain(beast_http::status::internal_server_error, rows.error().text);
    show_answer answer(beast_http::status::ok, 11);
    answer.set(beast_http::field::content_type, "text/html; charset=utf-8");
    answer.set("Content-Security-Policy", list_policy);
    if (!rows->empty() && !rows->front().live.empty())
        answer.set("Refresh", "2");
    answer.body() = runs_page(runs, *rows);
    return answer;
}

/// `name` is one of `report_files`, so that it is safe in a header.
show_answer file_answer(past_runs const& runs, std::string const& run, std::string const& name,
                        bool download)
{
    auto text = runs.file(run, name);
    if (!text)
        return plain(text.error().status == 404 ? beast_http::status::not_found
                                                : beast_http::status::internal_server_error,
                     text.error().text);
    show_answer answer(beast_http::status::ok, 11);
    for (auto const& each : report_files())
        if (each.name == name)
            answer.set(beast_http::field::content_type, each.type);
    answer.set("Content-Security-Policy", report_policy);
    if (download) {
        std::string called;
        for (char const c : run)
            called += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ? c : '_';
        answer.set(beast_http::field::content_disposition,
                   fmt::format("attachment; filename=\"{}-{}\"", called, name));
    }
    answer.body() = *std::move(text);
    return answer;
}

show_answer routed_answer(past_runs& runs, std::string_view target)
{
    auto const query = std::min(target.find('?'), target.size());
    auto path = target.substr(0, query);
    if (path == "/")
        return list_answer(runs);
    constexpr std::string_view below = "/runs/";
    if (path.starts_with(below)) {
        path.remove_prefix(below.size());
        auto const slash = path.find('/');
        auto const run = decoded(path.substr(0, slash));
        if (run && slash != std::string_view::npos)
            return file_answer(runs, *run, std::string(path.substr(slash + 1)),
                               target.substr(query) == "?download");
    }
    return plain(beast_http::status::not_found, "there is no such page");
}

}  // namespace

show_answer answer_to(past_runs& runs, show_request const& asked)
{
    auto answer = [&] {
        if (!is_this_machine(asked[beast_http::field::host]))
            return plain(beast_http::status::forbidden,
                         "this server answers only for an address or localhost");
        if (is_of_another_page(asked))
            return plain(beast_http::status::forbidden, "another page asked for this");
        if (asked.method() != beast_http::verb::get && asked.method() != beast_http::verb::head) {
            auto refused = plain(beast_http::status::method_not_allowed, "only GET and HEAD");
            refused.set(beast_http::field::allow, "GET, HEAD");
            return refused;
        }
        return routed_answer(runs, asked.target());
    }();
    answer.set(beast_http::field::cache_control, "no-store");
    answer.set("Cross-Origin-Resource-Policy", "same-origin");
    answer.set("Referrer-Policy", "no-referrer");
    answer.set("X-Content-Type-Options", "nosniff");
    return answer;
}

}  // namespace aconite::experiment
