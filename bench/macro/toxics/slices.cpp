// slices: into which pieces a slicer cuts a message, and how far apart they arrive.
#include "bench/macro/toxics/commands.hpp"
#include "bench/macro/toxics/samples.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <system_error>
#include <vector>

namespace aconite::bench {
namespace {

struct settings : common_options {
    std::size_t message = 10'000;
    double piece = 1'000;
    double delay_us = 10'000;
};

struct findings {
    samples sizes;
    samples gaps_us;
    std::size_t messages = 0;
};

/// Receives one whole message without ever sleeping: waking up takes as long as the shortest gap.
void watch(int fd, std::size_t bytes, findings& found)
{
    std::vector<char> room(bytes);
    std::int64_t before = 0;
    auto const give_up = now_ns() + 30'000'000'000;
    while (bytes > 0) {
        auto const got = recv(fd, room.data(), bytes, MSG_DONTWAIT);
        auto const now = now_ns();
        if (got < 0 && (errno == EAGAIN || errno == EINTR) && now < give_up)
            continue;
        if (got <= 0)
            throw std::system_error(EPIPE, std::generic_category(), "a message did not arrive");
        bytes -= static_cast<std::size_t>(got);
        found.sizes.add(static_cast<double>(got));
        if (before != 0)
            found.gaps_us.add(static_cast<double>(now - before) / 1e3);
        before = now;
    }
    ++found.messages;
}

report run(settings const& options)
{
    line_maker maker(options.way);
    auto const line = maker.open();
    std::vector<char> const bytes(options.message);
    findings found;
    auto const end = now_ns() + options.total_ns();
    do {
        if (!send_all(line.server.get(), bytes))
            throw std::system_error(EPIPE, std::generic_category(), "send");
        watch(line.client.get(), options.message, found);
    } while (now_ns() < end);
    auto const set = options.delay_us;
    return {
        {"pieces", static_cast<double>(found.sizes.count()) / static_cast<double>(found.messages)},
        {"exact_share", found.sizes.share(options.piece, options.piece)},
        {"size_p50", found.sizes.quantile(0.5)},
        {"gap_mean_us", found.gaps_us.mean()},
        {"gap_p50_us", found.gaps_us.quantile(0.5)},
        {"gap_error_pct", (found.gaps_us.mean() / set - 1) * 100},
        {"gap_within_10pct_share", found.gaps_us.share(set * 0.9, set * 1.1)}};
}

}  // namespace

void add_slices(CLI::App& app, report& out)
{
    auto const options = std::make_shared<settings>();
    auto* command = app.add_subcommand("slices", "messages through a slicer");
    add_common(*command, *options);
    command->add_option("--message", options->message, "bytes in a message");
    command->add_option("--piece", options->piece, "bytes in a piece, as set");
    command->add_option("--delay", options->delay_us, "microseconds between pieces, as set");
    command->callback([options, &out] { out = run(*options); });
}

}  // namespace aconite::bench
