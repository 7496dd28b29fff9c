#include "clients/cli/verbs/conditions.hpp"

#include "clients/cli/line/asking.hpp"
#include "clients/cpp/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

namespace aconite::cli {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// A server that is asked to wait answers when it is over: so much later at most.
constexpr milliseconds grace = 5s;
/// How often it is looked whether a server is there.
constexpr milliseconds look_every = 50ms;

/// What has to hold, of what.
struct question {
    std::string proxy;  ///< empty: of all of them, or of the server
    std::vector<std::string> conditions;
};

bool is_condition(std::string const& word)
{
    return word == "ready" || word.find_first_of("<>=!") != word.npos;
}

[[noreturn]] void misuse(std::string const& text)
{
    throw failure{{2, "", text + "\n"}};
}

question question_of(command const& asked)
{
    question made;
    for (auto const& word : asked.words) {
        if (is_condition(word))
            made.conditions.push_back(word);
        else if (made.proxy.empty() && made.conditions.empty())
            made.proxy = word;
        else
            misuse(fmt::format("'{}' is no condition such as connections>=1, hits>=1 or ready.",
                               word));
    }
    if (made.conditions.empty())
        misuse("A condition is missing, such as connections>=1, hits>=1 or ready.");
    return made;
}

/// "500ms", "10s", "2m" or milliseconds; an hour at most.
milliseconds time_of(std::string const& text)
{
    std::int64_t count = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    auto const unit = std::string_view(end, text.data() + text.size());
    bool const known = unit.empty() || unit == "ms" || unit == "s" || unit == "m";
    constexpr std::int64_t hour_ms = 3'600'000;
    auto const unit_ms = unit == "m" ? 60'000 : unit == "s" ? 1'000 : 1;
    if (error != std::errc() || !known || count < 0 || count > hour_ms / unit_ms)
        misuse(fmt::format("--timeout must be a time of at most an hour, such as 500ms, 10s or 2m, "
                           "not '{}'.",
                           text));
    return milliseconds(count * unit_ms);
}

/// The query of /wait; nothing where all that is asked is whether the server is there.
std::optional<std::string> query_of(question const& what, std::string const& toxic)
{
    std::string query;
    for (auto const& condition : what.conditions)
        if (condition != "ready" || !what.proxy.empty())
            query += "&" + client::percent_encoded(condition);
    if (query.empty())
        return std::nullopt;
    if (!what.proxy.empty())
        query += "&proxy=" + client::percent_encoded(what.proxy);
    if (!toxic.empty())
        query += "&toxic=" + client::percent_encoded(toxic);
    return query;
}

/// Whether the server is ready; a Toxiproxy that answers is.
result<std::string> ask_ready(client::server const& server)
{
    auto answer = server.request("GET", "/ready");
    if (!answer && answer.error().status == 404)
        return server.request("GET", "/version");
    return answer;
}

outcome verdict_of(result<std::string> const& answer, command const& asked)
{
    if (answer)
        return {0, asked.output == "json" ? *answer + "\n" : "", ""};
    auto const& why = answer.error();
    return {why.status == 400 ? 2 : 1, "", why.text + "\n"};
}

/// Asks, again and again until `deadline` as long as there is no answer.
outcome judge(command const& asked, identity const& self, milliseconds patience)
{
    auto const what = question_of(asked);
    auto const query = query_of(what, asked.toxic_name);
    auto where = server_of(asked, self);
    if (auto const valid = client::parse_url(where.url); !valid)
        misuse(valid.error().text);
    auto const deadline = clock::now() + patience;
    for (;;) {
        auto const left = std::max(std::chrono::ceil<milliseconds>(deadline - clock::now()), 0ms);
        where.connect_timeout = std::max(left, look_every);
        where.answer_timeout = left + grace;
        client::server const server(where);
        auto const answer =
            query ? server.request("GET", fmt::format("/wait?timeout={}ms{}", left.count(), *query))
                  : ask_ready(server);
        if (answer || answer.error().status != 0 || clock::now() + look_every > deadline)
            return verdict_of(answer, asked);
        std::this_thread::sleep_for(look_every);
    }
}

}  // namespace

outcome wait_for(command const& asked, identity const& self)
{
    return judge(asked, self, time_of(asked.timeout));
}

outcome insist_on(command const& asked, identity const& self)
{
    return judge(asked, self, 0ms);
}

outcome check_health(command const& asked, identity const& self)
{
    auto where = server_of(asked, self);
    where.connect_timeout = where.answer_timeout = 1s;
    auto const answer = ask_ready(client::server(where));
    if (!answer)
        fail("not healthy: " + reason(answer.error()));
    return {0, asked.output == "json" ? *answer + "\n" : "", ""};
}

}  // namespace aconite::cli
