// http: what a web server says, and how fast.

#include "clients/experiment/probes/faults.hpp"
#include "clients/experiment/probes/http_call.hpp"
#include "clients/experiment/probes/json_value.hpp"
#include "clients/experiment/probes/kinds.hpp"

#include <optional>

namespace aconite::experiment {
namespace {

constexpr std::string_view http_of[] = {"ok", "status", "time", "body", "json"};
constexpr field http_fields[] = {
    {.name = "url", .about = "http:// or https://; redirects are not followed", .required = true},
    {.name = "of",
     .type = field_type::choice,
     .about = "ok (default): 1 if the status is as expected, else 0, and 0 if nobody answers; "
              "status; time: seconds to the end of the answer; body: its text; json: what `json` "
              "points at",
     .choices = http_of},
    {.name = "expect_status",
     .type = field_type::whole,
     .about = "the status that is ok; default: any 2xx",
     .minimum = 100,
     .maximum = 599},
    {.name = "json", .about = "JSON pointer into the body, as /orders/0/id"},
    {.name = "method", .about = "default: GET, POST with a body"},
    {.name = "body", .about = "what is sent; application/json unless a header says otherwise"},
    {.name = "headers", .type = field_type::object, .about = "more fields of the request's header"},
    {.name = "verify",
     .type = field_type::flag,
     .about = "whether https needs a certificate that is trusted (default: true)"},
};

class http_look final : public probe {
public:
    http_look(http_call what, std::string of, std::string pointer, std::optional<unsigned> expected)
        : what_(std::move(what)),
          of_(std::move(of)),
          pointer_(std::move(pointer)),
          expected_(expected)
    {}

    result<value> look(std::chrono::milliseconds limit) override
    {
        auto const begin = time_point::clock::now();
        auto answer = call(what_, deadline(limit));
        if (!answer) {
            if (of_ == "ok" && answer.error().status == status_absent)
                return value(0.0);
            return answer.error();
        }
        if (of_ == "status")
            return value(static_cast<double>(answer->status));
        if (of_ == "ok")
            return value(fits(answer->status) ? 1.0 : 0.0);
        if (!fits(answer->status))
            return wrong(what_.to_text(), fmt::format("answered with status {}", answer->status));
        if (of_ == "time")
            return value(std::chrono::duration<double>(time_point::clock::now() - begin).count());
        if (of_ == "body")
            return value(std::move(answer->body));
        auto found = value_at(answer->body, pointer_);
        if (!found)
            return wrong(what_.to_text(), "the answer " + found.error().text);
        return found;
    }

private:
    [[nodiscard]] bool fits(unsigned status) const
    {
        return expected_ ? status == *expected_ : status / 100 == 2;
    }

    http_call what_;
    std::string of_;
    std::string pointer_;
    std::optional<unsigned> expected_;
};

result<std::unique_ptr<probe>> make_http(settings const& how, surroundings const&)
{
    auto what = read_call(how.text("url"));
    if (!what)
        return what.error();
    what->body = how.text("body");
    what->method = how.text("method", what->body.empty() ? "GET" : "POST");
    what->verify_certificate = how.flag("verify", true);
    if (auto const added = add_fields(*what, how.any("headers")); !added)
        return added.error();
    auto const of = how.text("of", how.has("json") ? "json" : "ok");
    if (how.has("json") && of != "json")
        return wrong("json", "is of no use with of: " + of);
    if (of == "json" && !how.has("json"))
        return wrong("of", "json needs a pointer: json: /orders/0/id");
    if (auto const pointer = check_pointer(how.text("json")); !pointer)
        return pointer.error();
    std::optional<unsigned> expected;
    if (how.has("expect_status"))
        expected = static_cast<unsigned>(how.whole("expect_status"));
    return std::make_unique<http_look>(std::move(*what), of, how.text("json"), expected);
}

}  // namespace

probe_kind http_probe()
{
    return {{.name = "http",
             .about = "what a web server says, and how fast",
             .fields = http_fields,
             .primary = "url",
             .example = R"({http: "http://127.0.0.1:8082/health", expect_status: 200})"},
            make_http};
}

}  // namespace aconite::experiment
