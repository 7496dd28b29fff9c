#include "clients/cli/verbs/journal.hpp"

#include "clients/cli/line/asking.hpp"
#include "clients/cli/text/format.hpp"
#include "clients/cpp/record_codec.hpp"
#include "clients/cpp/url.hpp"
#include "proxy/net/split.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string_view>
#include <utility>

namespace aconite::cli {
namespace {

using nlohmann::json;

/// So many at most come with one answer.
constexpr std::size_t page_records = 10'000;

/// What is asked about, from behind record `since` on.
std::string query_of(command const& asked, std::string_view since)
{
    std::string query = "since=" + client::percent_encoded(since);
    auto const add = [&](std::string_view name, std::string const& value) {
        if (!value.empty())
            query += fmt::format("&{}={}", name, client::percent_encoded(value));
    };
    add("proxy", asked.proxy);
    add("toxic", asked.toxic_name);
    add("kind", asked.kinds);
    add("tail", asked.tail);
    return query;
}

/// Throws json::exception if the record is none.
std::string line_of(std::string_view record, bool for_scripts)
{
    auto const object = json::parse(record);
    return (for_scripts ? std::string(record) : to_text(client::codec::to_record(object))) + "\n";
}

std::string missed_text(std::uint64_t count)
{
    return fmt::format("{} records were overwritten\n", count);
}

std::string beginning_of(command const& asked)
{
    return asked.since.empty() ? "0" : asked.since;
}

outcome whole_journal(command const& asked, client::server const& server)
{
    bool const for_scripts = asked.for_scripts();
    outcome end;
    std::uint64_t missed = 0;
    std::uint64_t last = 0;
    auto since = beginning_of(asked);
    for (std::ptrdiff_t count = page_records; count == page_records;) {
        auto const page =
            server.journal(fmt::format("limit={}&{}", page_records, query_of(asked, since)));
        if (!page)
            fail("Failed to read the journal: " + reason(page.error()));
        missed += page->missed;
        count = asked.tail.empty() ? std::ranges::count(page->lines, '\n') : 0;
        if (count > 0 && std::exchange(last, page->next) >= page->next)
            fail("unexpected answer from the server: its journal goes round in circles");
        since = std::to_string(page->next);
        std::string_view rest = page->lines;
        while (!rest.empty())
            end.out += line_of(take_part(rest, '\n'), for_scripts);
    }
    if (missed > 0)
        end.err = missed_text(missed);
    return end;
}

outcome follow(command const& asked, client::server const& server)
{
    // What was printed is out already: nothing is left to be done.
    std::signal(SIGINT, [](int) { _exit(0); });
    auto const query = query_of(asked, beginning_of(asked));
    auto const end =
        server.follow_journal(query, [&](std::string_view event, std::string_view data) {
            bool const lost = event == "missed";
            auto const text = lost
                                  ? missed_text(json::parse(data).at("missed").get<std::uint64_t>())
                                  : line_of(data, asked.for_scripts());
            auto* const to = lost ? stderr : stdout;
            std::fputs(text.c_str(), to);
            std::fflush(to);
        });
    fail("Failed to follow the journal: " + reason(end));
}

}  // namespace

outcome show_journal(command const& asked, identity const& self)
{
    client::server const server(server_of(asked, self));
    return asked.follow ? follow(asked, server) : whole_journal(asked, server);
}

outcome leave_mark(command const& asked, identity const& self)
{
    if (asked.text.empty())
        fail("A text is required as the first argument.", asked.usage);
    auto const body = json{{"text", asked.text}};
    ask(client::server(server_of(asked, self)), "Failed to leave a mark: ", "POST", "/marks", body);
    return {0, asked.for_scripts() ? to_text(body) : "Marked '" + printable(asked.text) + "'\n",
            ""};
}

}  // namespace aconite::cli
