#include "clients/cli/verbs/stats.hpp"

#include "clients/cli/line/asking.hpp"
#include "clients/cli/text/table.hpp"

#include <fmt/format.h>

#include <utility>

namespace aconite::cli {
namespace {

using nlohmann::json;

std::string delay_of(json const& toxic)
{
    auto const delayed = toxic.at("delayed").get<std::uint64_t>();
    return delayed == 0
               ? "-"
               : fmt::format("{:g} ms in {}", toxic.at("added_delay_ms").get<double>(), delayed);
}

std::string time_or_dash(json const& time)
{
    return time.is_string() ? time.get<std::string>() : "-";
}

}  // namespace

std::string format_stats(json const& proxies, style how)
{
    table rows({"PROXY", "TOXIC", "TYPE", "STREAM", "HITS", "CONNECTIONS", "BYTES", "ADDED DELAY",
                "FIRST HIT", "LAST HIT"});
    bool any = false;
    for (auto const& proxy : proxies)
        for (auto const& toxic : proxy.at("toxics")) {
            any = true;
            auto const removed = toxic.at("removed").get<bool>();
            rows.add({proxy.at("name").get<std::string>(),
                      toxic.at("name").get<std::string>() + (removed ? " (removed)" : ""),
                      toxic.at("type").get<std::string>(), toxic.at("stream").get<std::string>(),
                      value_text(toxic.at("hits")), value_text(toxic.at("connections")),
                      value_text(toxic.at("bytes")), delay_of(toxic),
                      time_or_dash(toxic.at("first_hit")), time_or_dash(toxic.at("last_hit"))});
        }
    return any ? rows.text(how.colour) : "no toxic has been there yet\n";
}

outcome show_stats(command const& asked, identity const& self, style how)
{
    client::server const server(server_of(asked, self));
    auto const path = asked.proxy.empty() ? "/stats" : client::proxy_path(asked.proxy) + "/stats";
    auto const stats = ask(server, "Failed to retrieve statistics: ", "GET", path);
    if (asked.for_scripts())
        return {0, to_text(stats), ""};
    return {0, format_stats(asked.proxy.empty() ? stats : json::array({stats}), how), ""};
}

}  // namespace aconite::cli
