#include "clients/cli/line/servers.hpp"

#include "clients/cli/text/format.hpp"
#include "clients/cpp/url.hpp"
#include "proxy/net/split.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <future>
#include <string_view>
#include <vector>

namespace aconite::cli {
namespace {

using nlohmann::json;

/// Each line of `text` behind the server's URL.
std::string named_lines(std::string const& url, std::string_view text)
{
    std::string lines;
    while (!text.empty())
        lines += fmt::format("{}: {}\n", printable(url), take_part(text, '\n'));
    return lines;
}

/// NDJSON as a list.
json records_of(std::string_view lines)
{
    auto list = json::array();
    while (!lines.empty())
        list.push_back(json::parse(take_part(lines, '\n')));
    return list;
}

json answer_of(command const& asked, outcome const& end)
{
    if (asked.what == verb::journal && end.status == 0)
        return records_of(end.out);
    return json::parse(end.out);
}

bool takes_one_server(command const& asked)
{
    return asked.what == verb::lease_run || (asked.what == verb::journal && asked.follow);
}

}  // namespace

result<void> check_servers(command const& asked)
{
    auto const& all = asked.servers;
    for (auto const& url : all) {
        if (auto const where = client::parse_url(url); !where)
            return problem{0, "--server: " + where.error().text};
        if (std::ranges::count(all, url) > 1)
            return problem{0, fmt::format("--server: {} is named twice", url)};
    }
    if (all.size() > 1 && takes_one_server(asked))
        return problem{0, fmt::format("{} takes one server, not {}",
                                      asked.follow ? "journal --follow" : "lease run", all.size())};
    return {};
}

outcome run_on_each(command const& asked, std::function<outcome(command const&)> const& run)
{
    std::vector<std::future<outcome>> ends;
    for (auto const& url : asked.servers) {
        auto one = asked;
        one.host = url;
        one.usage.clear();
        ends.push_back(std::async(std::launch::async, run, std::move(one)));
    }

    outcome all;
    auto answers = json::object();
    for (std::size_t i = 0; i < ends.size(); ++i) {
        auto const& url = asked.servers[i];
        auto const end = ends[i].get();
        all.status = std::max(all.status, end.status);
        all.err += named_lines(url, end.err);
        if (asked.for_scripts())
            answers[url] = answer_of(asked, end);
        else if (!end.out.empty())
            all.out +=
                fmt::format("{}{}\n{}", all.out.empty() ? "" : "\n", printable(url), end.out);
    }
    if (asked.for_scripts())
        all.out = to_text(answers);
    return all;
}

}  // namespace aconite::cli
