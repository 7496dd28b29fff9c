#include "clients/cli/verbs/conditions.hpp"

#include "clients/cli/line/asking.hpp"
#include "clients/cli/line/numbers.hpp"
#include "clients/cli/text/format.hpp"
#include "clients/cpp/url.hpp"

#include <fmt/format.h>

#include <algorithm>
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

constexpr std::string_view signs = "<>=!";

bool is_condition(std::string const& word)
{
    return word == "ready" || word.find_first_of(signs) != word.npos;
}

/// What was typed with blanks around its sign is one condition: `hits > 3`, in quotes or not.
std::vector<std::string> joined(std::vector<std::string> const& typed)
{
    std::vector<std::string> words;
    auto const is_sign = [](char c) { return signs.find(c) != signs.npos; };
    for (auto const& word : typed) {
        auto const goes_on = !words.empty() && !words.back().empty() && !word.empty() &&
                             (is_sign(word.front()) || is_sign(words.back().back()));
        if (goes_on)
            words.back() += word;
        else
            words.push_back(word);
    }
    for (auto& word : words)
        if (is_condition(word))
            std::erase_if(word, [](char c) { return c == ' ' || c == '\t'; });
    return words;
}

[[noreturn]] void misuse(std::string const& text)
{
    fail(text, {}, 2);
}

question question_of(command const& asked)
{
    question made;
    for (auto const& word : joined(asked.words)) {
        if (word.empty())
            misuse("A name or condition is empty.");
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

milliseconds time_of(std::string const& text)
{
    auto const time = read_time_ms({0, wait_ms_max}, text);
    if (!time)
        misuse("--timeout " + time.error().text + ".");
    return milliseconds(*time);
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

/// What the server said, for scripts. The version of an old Toxiproxy is a bare text.
outcome told(command const& asked, std::string const& answer)
{
    if (!asked.for_scripts())
        return {};
    auto const is_json = nlohmann::json::accept(answer);
    return {0, is_json ? answer + "\n" : to_text(nlohmann::json{{"version", answer}}), ""};
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
        if (answer || answer.error().status != 0 || clock::now() + look_every > deadline) {
            if (!answer)
                fail(answer.error().text, {}, answer.error().status == 400 ? 2 : 1);
            return told(asked, *answer);
        }
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
    return told(asked, *answer);
}

}  // namespace aconite::cli
