// bulk: a stream as fast as it goes, every byte checked, and none may be missing at its end.
#include "bench/macro/toxics/commands.hpp"
#include "bench/macro/toxics/pattern.hpp"

#include <sys/socket.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace aconite::bench {
namespace {

/// Sends for `span_ns`, then ends the stream. Returns the bytes sent.
std::uint64_t send_for(int fd, std::int64_t span_ns)
{
    std::uint64_t sent = 0;
    auto const end = now_ns() + span_ns;
    while (now_ns() < end && send_all(fd, pattern_at(sent)))
        sent += pattern_view;
    shutdown(fd, SHUT_WR);
    return sent;
}

report run(common_options const& options)
{
    line_maker maker(options.way);
    auto const line = maker.open();
    std::atomic<std::uint64_t> sent = 0;
    std::jthread sender([&] { sent = send_for(line.server.get(), options.total_ns()); });

    pattern_checker checker;
    std::vector<char> room(pattern_view);
    std::uint64_t measured = 0;
    auto const began = now_ns();
    std::ptrdiff_t got = 0;
    while ((got = receive(line.client.get(), room)) > 0) {
        auto const bytes = static_cast<std::size_t>(got);
        checker.check(std::span(room).first(bytes));
        auto const at = now_ns() - began;
        if (at >= options.skip_ns() && at < options.total_ns())
            measured += bytes;
    }
    cut(line);
    sender.join();
    return {{"rate_mb_s", static_cast<double>(measured) / options.seconds / 1e6},
            {"received_mb", static_cast<double>(checker.received()) / 1e6},
            {"lost_bytes", sent.load() - checker.received()},
            {"breaks", checker.breaks()},
            {"ended_well", got == 0 ? 1 : 0}};
}

}  // namespace

void add_bulk(CLI::App& app, report& out)
{
    auto const options = std::make_shared<common_options>();
    auto* command = app.add_subcommand("bulk", "one stream at full speed, checked");
    add_common(*command, *options);
    command->callback([options, &out] { out = run(*options); });
}

}  // namespace aconite::bench
