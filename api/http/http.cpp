#include "api/http/http.hpp"

#include "api/json/codec.hpp"

#include <algorithm>

namespace aconite::api {
namespace {

constexpr std::size_t named_at_most = 20;

}  // namespace

response json_answer(http::status status, json const& body)
{
    response answer(status, 11);
    answer.set(http::field::content_type, "application/json");
    answer.body() = write_text(body);
    return answer;
}

response text_answer(http::status status, std::string_view text)
{
    response answer(status, 11);
    answer.set(http::field::content_type, "text/plain; charset=utf-8");
    answer.set("X-Content-Type-Options", "nosniff");
    answer.body() = text;
    return answer;
}

response error_answer(problem const& p)
{
    return text_answer(http::int_to_status(static_cast<unsigned>(p.status)),
                       write_text(to_json(p)) + "\n");
}

response empty_answer(http::status status)
{
    return {status, 11};
}

response done_answer(result<void> const& done)
{
    return done ? empty_answer(http::status::no_content) : error_answer(done.error());
}

void warn_of(response& answer, ignored_members const& ignored)
{
    if (ignored.empty())
        return;
    std::string text = "ignored unknown fields:";
    for (std::size_t i = 0; i < std::min(ignored.size(), named_at_most); ++i)
        text.append(i == 0 ? " " : ", ").append(ignored[i]);
    if (ignored.size() > named_at_most)
        text += ", ...";
    answer.set("Aconite-Warning", text);
}

}  // namespace aconite::api
