#include "clients/experiment/actions/rows.hpp"

#include "clients/cpp/http.hpp"
#include "clients/cpp/url.hpp"

#include <aconite/text.hpp>

#include <algorithm>
#include <array>

namespace aconite::experiment {
namespace {

constexpr std::array http_fields{
    field{.name = "url",
          .type = field_type::text,
          .about = "http://host:port/path or https://...",
          .required = true},
    field{.name = "method", .type = field_type::text, .about = "Default: GET, or POST with a body"},
    field{
        .name = "body", .type = field_type::any, .about = "text, or a value that is sent as JSON"},
    field{.name = "expect_status",
          .type = field_type::whole,
          .about = "status that is well. Default: any of 200 to 299",
          .minimum = 100,
          .maximum = 999},
    field{.name = "timeout",
          .type = field_type::duration,
          .about = "for the answer's last byte. Default: 10s",
          .minimum = 0.001,
          .maximum = 86'400},
};

class http_action final : public action {
public:
    http_action(client::url where, client::http_request request, unsigned expected,
                std::chrono::milliseconds limit)
        : where_(std::move(where)), request_(std::move(request)), expected_(expected), limit_(limit)
    {}

    result<std::vector<json>> undo_plan() override { return std::vector<json>{}; }

    result<void> start() override
    {
        auto const answer = client::ask(where_, request_, {.connect = limit_, .answer = limit_});
        if (!answer)
            return problem{answer.error().status, printable(answer.error().text)};
        text_ = "status " + std::to_string(answer->status);
        bool const well = expected_ != 0 ? answer->status == expected_ : answer->status / 100 == 2;
        if (well)
            return {};
        auto const line =
            answer->body.substr(0, std::min(answer->body.find('\n'), std::size_t{200}));
        return problem{static_cast<int>(answer->status),
                       client::to_text(where_) + printable(request_.target) + " answers with " +
                           text_ + (line.empty() ? "" : ": " + printable(line))};
    }

    result<evidence> look() override { return evidence{{}, text_}; }

private:
    client::url where_;
    client::http_request request_;
    unsigned expected_;
    std::chrono::milliseconds limit_;
    std::string text_ = "not asked";
};

/// The path and what stands behind it, from where the host ends.
std::string path_of(std::string const& text)
{
    auto const scheme = text.find("://");
    auto const host = scheme == std::string::npos ? 0 : scheme + 3;
    auto const begin = std::min(text.find_first_of("/?#", host), text.size());
    auto path = text.substr(begin, std::min(text.find('#', begin), text.size()) - begin);
    return path.starts_with('/') ? path : "/" + path;
}

bool is_clean(std::string_view text)
{
    return text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "abcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%") ==
           text.npos;
}

result<std::unique_ptr<action>> make_http(settings const& how, std::vector<target const*> const&,
                                          surroundings const&)
{
    auto const text = how.text("url");
    if (!is_clean(text))
        return problem{400, "http: '" + printable(text) + "' has characters that a URL escapes"};
    auto const path = path_of(text);
    auto const scheme = text.find("://");
    auto const end = text.find_first_of("/?#", scheme == std::string::npos ? 0 : scheme + 3);
    auto const where = client::parse_url(text.substr(0, end));
    if (!where)
        return problem{400, "http: " + printable(where.error().text)};
    client::http_request request;
    request.target = path;
    request.body = how.text("body");
    request.user_agent = "aconite-experiment";
    request.method = how.text("method", how.has("body") ? "POST" : "GET");
    if (request.method.empty() ||
        request.method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos)
        return problem{400, "http: 'method' is none: '" + printable(request.method) +
                                "', but GET, POST, PUT, PATCH or DELETE"};
    auto const limit = std::chrono::ceil<std::chrono::milliseconds>(
        how.duration("timeout", std::chrono::seconds(10)));
    return std::unique_ptr<action>(std::make_unique<http_action>(
        *where, std::move(request), static_cast<unsigned>(how.whole("expect_status")), limit));
}

}  // namespace

constinit action_kind const http_row{
    .row = {.name = "http",
            .about = "one request",
            .fields = http_fields,
            .primary = "url",
            .example = "{http: \"http://127.0.0.1:8082/admin/flush\", method: POST}"},
    .aims_at = "",
    .lasts = false,
    .ends = may_end::any,
    .make = make_http};

}  // namespace aconite::experiment
