// pingpong: 64 bytes to and fro on many connections, each round trip timed.
#include "bench/macro/toxics/commands.hpp"
#include "bench/macro/toxics/samples.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <thread>
#include <vector>

namespace aconite::bench {
namespace {

struct settings : common_options {
    std::size_t connections = 1;
    double delay_us = 0;
};

constexpr std::size_t message_size = 64;
using event_list = std::array<epoll_event, 256>;

unique_fd watch_all(std::vector<line> const& lines, unique_fd line::*end)
{
    unique_fd set(epoll_create1(EPOLL_CLOEXEC));
    for (std::size_t number = 0; number < lines.size(); ++number) {
        epoll_event event{.events = EPOLLIN, .data = {.u64 = number}};
        epoll_ctl(set.get(), EPOLL_CTL_ADD, (lines[number].*end).get(), &event);
    }
    return set;
}

void echo(std::vector<line> const& lines, std::stop_token const& stop)
{
    auto const set = watch_all(lines, &line::server);
    event_list events;
    std::array<char, 4096> room;
    while (!stop.stop_requested()) {
        auto const count = epoll_wait(set.get(), events.data(), events.size(), 50);
        for (int at = 0; at < count; ++at) {
            auto const fd = lines[events[static_cast<std::size_t>(at)].data.u64].server.get();
            auto const got = receive(fd, room);
            if (got <= 0 || !send_all(fd, std::span(room).first(static_cast<std::size_t>(got))))
                return;
        }
    }
}

/// The asking side: one message under way on each connection.
class client {
public:
    client(std::vector<line> const& lines, settings const& options)
        : lines_(lines), options_(options), talks_(lines.size())
    {}

    void run()
    {
        auto const set = watch_all(lines_, &line::client);
        event_list events;
        auto const began = now_ns();
        from_ns_ = began + options_.skip_ns();
        auto const end = began + options_.total_ns();
        while (now_ns() < end) {
            start_due(began);
            auto const wait_ms = started_ < lines_.size() ? 0 : 50;
            auto const count = epoll_wait(set.get(), events.data(), events.size(), wait_ms);
            for (int at = 0; at < count; ++at)
                take(events[static_cast<std::size_t>(at)].data.u64);
        }
    }

    samples round_trips_us;
    bool broken = false;

private:
    struct talk {
        std::int64_t asked_ns = 0;
        std::size_t received = 0;
    };

    /// Spreads the first messages over one delay, so that they do not all come back at once.
    void start_due(std::int64_t began)
    {
        auto const step_ns = options_.delay_us * 1e3 / static_cast<double>(lines_.size());
        while (started_ < lines_.size() &&
               static_cast<double>(now_ns() - began) >= step_ns * static_cast<double>(started_))
            ask(started_++);
    }

    void ask(std::size_t number)
    {
        static constexpr std::array<char, message_size> message{};
        talks_[number] = {now_ns(), 0};
        broken |= !send_all(lines_[number].client.get(), message);
    }

    void take(std::size_t number)
    {
        auto& current = talks_[number];
        std::array<char, message_size> room;
        auto const got = receive(lines_[number].client.get(), room);
        broken |= got <= 0;
        current.received += static_cast<std::size_t>(std::max<std::ptrdiff_t>(got, 0));
        if (current.received < message_size)
            return;
        auto const now = now_ns();
        if (now >= from_ns_)
            round_trips_us.add(static_cast<double>(now - current.asked_ns) / 1e3);
        ask(number);
    }

    std::vector<line> const& lines_;
    settings const& options_;
    std::vector<talk> talks_;
    std::size_t started_ = 0;
    std::int64_t from_ns_ = 0;
};

report run(settings const& options)
{
    line_maker maker(options.way);
    std::vector<line> lines(options.connections);
    for (auto& each : lines)
        each = maker.open();
    std::jthread const server([&](std::stop_token const& stop) { echo(lines, stop); });
    client asker(lines, options);
    asker.run();
    auto& times = asker.round_trips_us;
    return {{"requests_s", static_cast<double>(times.count()) / options.seconds},
            {"error_p50_us", times.quantile(0.5) - options.delay_us},
            {"error_p99_us", times.quantile(0.99) - options.delay_us},
            {"broken", asker.broken ? 1 : 0}};
}

}  // namespace

void add_pingpong(CLI::App& app, report& out)
{
    auto const options = std::make_shared<settings>();
    auto* command = app.add_subcommand("pingpong", "64-byte round trips");
    add_common(*command, *options);
    command->add_option("--connections", options->connections, "connections at once");
    command->add_option("--delay", options->delay_us, "microseconds of latency that are set");
    command->callback([options, &out] { out = run(*options); });
}

}  // namespace aconite::bench
