// aconite_load: puts a load on a proxy and prints what got through, as one JSON object a line.
//
// One process is both ends: clients that connect to --target, where a proxy listens, and the
// server on --listen that the proxy forwards to. Without a proxy both are the same port.
#include "bench/macro/load/workloads.hpp"

#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

constexpr char const* usage =
    "usage: aconite_load WORKLOAD --listen PORT --target PORT [OPTIONS]\n"
    "  bulk      --connections N --seconds S           streams, counted where they arrive\n"
    "  pingpong  --connections N --seconds S --size B  messages and their echoes\n"
    "  mixed     --connections N --seconds S --size B --streams N\n"
    "                                                  both at once\n"
    "  churn     --connections N --seconds S           N at a time, each for one request\n"
    "  mesh      --rate N --seconds S --size B         N messages a second in all, in turn over a\n"
    "                             link to each port of --target P,P,...; they arrive at --listen\n"
    "                             P,P,...; prints its result and ends at a line on stdin\n"
    "  idle      --steps N,N,...  opens connections up to each N, then passes 64 KB on each;\n"
    "                             prints a line after each and goes on at a line on stdin\n";

std::map<std::string_view, void (*)(load::options const&)> const workloads{
    {"bulk", load::run_bulk},   {"pingpong", load::run_ping_pong}, {"mixed", load::run_mixed},
    {"churn", load::run_churn}, {"idle", load::run_idle},          {"mesh", load::run_mesh},
};

template <class Number>
Number number(std::string_view text)
{
    Number value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !(value > Number{}))
        throw std::invalid_argument("not a positive number: " + std::string(text));
    return value;
}

template <class Number>
std::vector<Number> numbers(std::string_view text)
{
    std::vector<Number> all;
    for (;;) {
        auto const comma = text.find(',');
        all.push_back(number<Number>(text.substr(0, comma)));
        if (comma == text.npos)
            return all;
        text.remove_prefix(comma + 1);
    }
}

void set(load::options& options, std::string_view name, std::string_view value)
{
    if (name == "--listen")
        options.listen = (options.nodes = numbers<std::uint16_t>(value)).front();
    else if (name == "--target")
        options.target = (options.links = numbers<std::uint16_t>(value)).front();
    else if (name == "--connections")
        options.connections = number<int>(value);
    else if (name == "--streams")
        options.streams = number<int>(value);
    else if (name == "--seconds")
        options.time = std::chrono::duration<double>(number<double>(value));
    else if (name == "--size")
        options.message_size = number<std::size_t>(value);
    else if (name == "--steps")
        options.steps = numbers<int>(value);
    else if (name == "--rate")
        options.rate = number<double>(value);
    else
        throw std::invalid_argument("no such option: " + std::string(name));
}

}  // namespace

int main(int count, char** arguments)
try {
    auto const workload = count > 1 ? workloads.find(arguments[1]) : workloads.end();
    if (workload == workloads.end()) {
        std::fputs(usage, stderr);
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);  // sendfile cannot be told to leave it out
    load::options options;
    for (int place = 2; place < count; place += 2)
        set(options, arguments[place], place + 1 < count ? arguments[place + 1] : "");
    workload->second(options);
    return 0;
} catch (std::exception const& error) {
    std::fprintf(stderr, "aconite_load: %s\n", error.what());
    return 1;
}
