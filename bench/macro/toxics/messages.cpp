// messages: small messages at a steady pace on one connection, each with its time of sending.
#include "bench/macro/toxics/commands.hpp"
#include "bench/macro/toxics/samples.hpp"

#include <sys/socket.h>

#include <array>
#include <cstring>
#include <thread>
#include <vector>

namespace aconite::bench {
namespace {

struct message {
    std::int64_t sent_ns;
    std::uint64_t number;
    std::array<char, 48> rest;
};
static_assert(sizeof(message) == 64);

/// Sends `pace` messages a second; one that is late goes at once, so the pace holds on average.
std::uint64_t send_for(int fd, std::int64_t span_ns, double pace)
{
    auto const began = now_ns();
    for (std::uint64_t number = 0;; ++number) {
        auto const due = static_cast<std::int64_t>(static_cast<double>(number) / pace * 1e9);
        if (due >= span_ns)
            return number;
        if (now_ns() < began + due)
            sleep_until(began + due);
        message one{now_ns(), number, {}};
        std::array<char, sizeof one> bytes{};
        std::memcpy(bytes.data(), &one, sizeof one);
        if (!send_all(fd, bytes))
            return number;
    }
}

/// Receives until the stream ends, and looks into each message that is complete.
class receiver {
public:
    explicit receiver(std::int64_t from_ns) : from_ns_(from_ns) {}

    void run(int fd)
    {
        std::vector<char> room(256 * 1024);
        std::size_t held = 0;
        for (;;) {
            auto const got = receive(fd, std::span(room).subspan(held));
            if (got <= 0)
                return;
            auto const now = now_ns();
            auto const total = held + static_cast<std::size_t>(got);
            held = total % sizeof(message);
            for (std::size_t at = 0; at + sizeof(message) <= total; at += sizeof(message))
                take(room.data() + at, now);
            std::memmove(room.data(), room.data() + (total - held), held);
        }
    }

    samples delays_ms;
    std::uint64_t received = 0;
    std::uint64_t out_of_order = 0;

private:
    void take(char const* bytes, std::int64_t now)
    {
        message one{};
        std::memcpy(&one, bytes, sizeof one);
        out_of_order += one.number != received ? 1 : 0;
        ++received;
        if (one.sent_ns >= from_ns_)
            delays_ms.add(static_cast<double>(now - one.sent_ns) / 1e6);
    }

    std::int64_t from_ns_;
};

report run(common_options const& options, double pace)
{
    line_maker maker(options.way);
    auto const line = maker.open();
    receiver taker(now_ns() + options.skip_ns());
    std::uint64_t sent = 0;
    std::jthread sender([&] {
        sent = send_for(line.server.get(), options.total_ns(), pace);
        shutdown(line.server.get(), SHUT_WR);
    });
    taker.run(line.client.get());
    cut(line);
    sender.join();
    return {{"messages_s", static_cast<double>(sent) / (options.skip_s + options.seconds)},
            {"p50_ms", taker.delays_ms.quantile(0.5)},
            {"p99_ms", taker.delays_ms.quantile(0.99)},
            {"lost", sent - taker.received},
            {"out_of_order", taker.out_of_order}};
}

}  // namespace

void add_messages(CLI::App& app, report& out)
{
    struct settings : common_options {
        double pace = 20'000;
    };
    auto const options = std::make_shared<settings>();
    auto* command = app.add_subcommand("messages", "64-byte messages at a steady pace");
    add_common(*command, *options);
    command->add_option("--pace", options->pace, "messages per second");
    command->callback([options, &out] { out = run(*options, options->pace); });
}

}  // namespace aconite::bench
