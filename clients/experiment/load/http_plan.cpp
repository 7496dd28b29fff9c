#include "clients/experiment/load/http_plan.hpp"

#include "clients/experiment/load/generator_options.hpp"
#include "clients/experiment/values/suggestion.hpp"
#include "proxy/net/letters.hpp"
#include "proxy/net/number.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aconite::experiment {
namespace {

constexpr std::string_view request_keys[] = {"method", "path", "headers", "body"};
constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";

bool is_token(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               token_marks.find(c) != std::string_view::npos;
    });
}

bool has_control(std::string_view text)
{
    return std::ranges::any_of(text, [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

std::string text_of(json const& value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}

/// What one request is made of, before it is checked.
struct raw_request {
    std::string name;  ///< of where it stands, with a point: `requests[1].`
    std::string method{};
    std::string path{};
    json const* headers = nullptr;
    json const* body = nullptr;
};

result<std::string> fields_of(raw_request const& raw, std::string_view host, bool sends_body)
{
    auto const name = raw.name + "headers";
    std::string fields;
    bool has_host = false;
    bool has_type = false;
    if (raw.headers != nullptr) {
        if (!raw.headers->is_object())
            return bad_field(name, "must be a mapping of names to texts");
        for (auto const& [key, value] : raw.headers->items()) {
            auto const text = text_of(value);
            if (!is_token(key))
                return bad_field(name, fmt::format("'{}' is no name of a header", key));
            if (same_name(key, "content-length") || same_name(key, "transfer-encoding"))
                return bad_field(name, fmt::format("{} is set by the load itself", key));
            if (has_control(text))
                return bad_field(name, fmt::format("{} has a control character in it", key));
            has_host = has_host || same_name(key, "host");
            has_type = has_type || same_name(key, "content-type");
            fields += fmt::format("{}: {}\r\n", key, text);
        }
    }
    if (!has_host)
        fields.insert(0, fmt::format("Host: {}\r\n", host));
    if (sends_body && !has_type)
        fields += raw.body->is_object() || raw.body->is_array() ||
                          text_of(*raw.body).find_first_of("{[") == 0
                      ? "Content-Type: application/json\r\n"
                      : "Content-Type: text/plain\r\n";
    return fields;
}

result<http_plan::step> step_of(raw_request const& raw, std::string_view host)
{
    http_plan::step made;
    made.sends_body = raw.body != nullptr;
    auto const method = !raw.method.empty() ? raw.method : made.sends_body ? "POST" : "GET";
    if (!is_token(method))
        return bad_field(raw.name + "method", "must be a word such as GET");
    if (!raw.path.starts_with('/'))
        return bad_field(raw.name + "path", "must begin with /");
    if (has_control(raw.path) || raw.path.find(' ') != std::string::npos)
        return bad_field(raw.name + "path", "must not have spaces or control characters in it");
    auto const fields = fields_of(raw, host, made.sends_body);
    if (!fields)
        return fields.error();
    made.head = method == "HEAD";
    made.start = request_text(fmt::format("{} {} HTTP/1.1\r\nUser-Agent: aconite-experiment\r\n{}",
                                          method, raw.path, *fields));
    if (made.sends_body)
        made.body = request_text(text_of(*raw.body));
    return made;
}

result<raw_request> raw_of(json const& from, raw_request const& defaults, std::size_t number)
{
    auto const name = fmt::format("requests[{}]", number);
    if (!from.is_object())
        return bad_field(name, "must be a mapping of method, path, headers and body");
    auto raw = defaults;
    raw.name = name + ".";
    for (auto const& [key, value] : from.items()) {
        if (std::ranges::find(request_keys, key) == std::end(request_keys))
            return bad_field(name,
                             fmt::format("unknown key '{}'{}", key, suggestion(key, request_keys)));
        if (key == "method")
            raw.method = text_of(value);
        else if (key == "path")
            raw.path = text_of(value);
        else if (key == "headers")
            raw.headers = &value;
        else
            raw.body = &value;
    }
    return raw;
}

result<std::pair<unsigned, unsigned>> statuses_of(std::string const& text)
{
    if (text.size() == 3 && text.ends_with("xx") && text[0] >= '1' && text[0] <= '5') {
        auto const first = static_cast<unsigned>(text[0] - '0') * 100;
        return std::pair{first, first + 99};
    }
    auto const one = number_in<unsigned>(text);
    if (!one || *one < 100 || *one > 599)
        return bad_field("expect_status",
                         fmt::format("'{}' must be a status from 100 to 599, or 2xx", text));
    return std::pair{*one, *one};
}

}  // namespace

bool http_plan::expects(unsigned status) const
{
    return std::ranges::any_of(
        expected, [&](auto const& each) { return status >= each.first && status <= each.second; });
}

result<http_plan> read_http_plan(settings const& how)
{
    http_plan plan;
    auto const url = how.text("url");
    auto const scheme = url.find("://");
    auto const authority = scheme == std::string::npos ? 0 : scheme + 3;
    auto const slash = std::min(url.find_first_of("/?#", authority), url.size());
    auto const where = client::parse_url(std::string_view(url).substr(0, slash));
    if (!where)
        return bad_field("url", where.error().text);
    plan.where = *where;
    auto path = url.substr(slash, url.find('#') - slash);
    if (!path.starts_with('/'))
        path.insert(0, "/");

    raw_request const base{"", how.text("method"), path, how.any("headers"), how.any("body")};
    auto const host = client::authority(plan.where);
    if (auto const* list = how.any("requests"); list != nullptr) {
        if (!list->is_array() || list->empty())
            return bad_field("requests", "must be a list of {method, path, headers, body}");
        for (std::size_t number = 0; number < list->size(); ++number) {
            auto const raw = raw_of((*list)[number], base, number);
            if (!raw)
                return raw.error();
            auto made = step_of(*raw, host);
            if (!made)
                return made.error();
            plan.steps.push_back(std::move(*made));
        }
    } else {
        auto made = step_of(base, host);
        if (!made)
            return made.error();
        plan.steps.push_back(std::move(*made));
    }
    auto statuses = how.words("expect_status");
    if (statuses.empty())
        statuses.emplace_back(how.has("expect_status") ? how.text("expect_status") : "2xx");
    for (auto const& each : statuses) {
        auto const read = statuses_of(each);
        if (!read)
            return read.error();
        plan.expected.push_back(*read);
    }
    return plan;
}

}  // namespace aconite::experiment
