#include "clients/cli/demo/demo.hpp"

#include "clients/cli/demo/child_server.hpp"
#include "clients/cli/demo/echo_server.hpp"
#include "clients/cli/demo/ping_pong.hpp"
#include "clients/cli/line/demo_options.hpp"
#include "clients/cli/line/flags.hpp"
#include "clients/cli/text/table.hpp"

#include <aconite/client.hpp>
#include <aconite/text.hpp>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <variant>

namespace aconite::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t usual_port = 8474;
constexpr auto latency = 50ms;
constexpr auto jitter = 5ms;
constexpr auto shortest_with_fault = latency - jitter;
constexpr auto longest_without = 10ms;

/// Ends the demo with a line for people.
struct demo_failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

void say(std::string const& line)
{
    fmt::print("{}\n", line);
    std::fflush(stdout);
}

template <class T>
T must(result<T> outcome)
{
    if (!outcome)
        throw demo_failure(outcome.error().text);
    if constexpr (!std::is_void_v<T>)
        return std::move(*outcome);
}

std::string milliseconds_text(std::chrono::nanoseconds time)
{
    return fmt::format("{:.3f} ms", std::chrono::duration<double, std::milli>(time).count());
}

/// The settings, or the exit status if there is nothing more to do.
std::variant<demo_settings, int> read(std::vector<std::string> const& arguments)
{
    demo_settings wanted;
    CLI::App app("Shows a proxy and a fault at work, in a few seconds, on this machine only.",
                 "aconite demo");
    add_demo_options(app, wanted);
    try {
        auto plain = from_go_syntax(app, arguments);
        std::ranges::reverse(plain);
        app.parse(std::move(plain));
        return wanted;
    } catch (CLI::CallForHelp const&) {
        fmt::print("{}", app.help());
        return 0;
    } catch (std::exception const& error) {
        fmt::print(stderr, "aconite demo: {}; see aconite demo --help\n", printable(error.what()));
        return 2;
    }
}

std::uint16_t choose_port(demo_settings const& wanted)
{
    if (wanted.port != 0) {
        if (!is_free(wanted.port))
            throw demo_failure(fmt::format("port {} is taken", wanted.port));
        return wanted.port;
    }
    if (!wanted.once && is_free(usual_port))
        return usual_port;
    auto const port = free_port();
    if (!port)
        throw demo_failure("there is no free port on 127.0.0.1");
    if (!wanted.once)
        say(fmt::format("Port {} is taken (another server?): using {} instead.", usual_port,
                        *port));
    return *port;
}

demo_phase measure(std::string name, std::uint16_t port, std::chrono::milliseconds how_long)
{
    auto const times = must(measure_round_trips(port, how_long));
    return {std::move(name), times.size(), percentile(times, 50), percentile(times, 99)};
}

std::uint16_t port_of(std::string const& address)
{
    return static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
}

/// Measures, prints, judges. Returns the proxy's port.
std::uint16_t demonstrate(client::server& server, echo_server const& upstream)
{
    proxy_config config;
    config.name = "demo";
    config.listen = "127.0.0.1:0";
    config.upstream = fmt::format("127.0.0.1:{}", upstream.port());
    auto const proxy = must(server.create(config));
    auto const port = port_of(proxy.listen);
    say(fmt::format("Proxy demo listens on {} and connects to an echo server on {}.\n",
                    proxy.listen, proxy.upstream));

    say("Sending messages of 64 bytes through the proxy and back ...");
    auto const before = measure("before", port, 1s);
    say(fmt::format("Adding a latency toxic: {} ms, give or take {} ms ...", latency.count(),
                    jitter.count()));
    toxic_config slow;
    slow.name = "slow";
    slow.type = "latency";
    slow.attributes = {{"latency", latency.count()}, {"jitter", jitter.count()}};
    must(server.add_toxic("demo", slow));
    auto const during = measure("with latency", port, 1500ms);
    say("Removing it ...\n");
    must(server.remove_toxic("demo", slow.name));
    auto const after = measure("after", port, 1s);

    say(demo_table({before, during, after}));
    if (auto const wrong = demo_verdict(before, during, after))
        throw demo_failure(*wrong);
    say("The fault came and went as asked.");
    return port;
}

/// What to type for toxiproxy-cli: its path when it lies below the current folder, as in a build.
std::string cli_command()
{
    namespace fs = std::filesystem;
    std::error_code error;
    auto const self = fs::read_symlink("/proc/self/exe", error);
    auto const folder = self.parent_path().lexically_proximate(fs::current_path(error));
    auto const beside = (folder / "toxiproxy-cli").lexically_normal().string();
    auto const is_below = !error && !beside.starts_with("..") && fs::exists(beside, error);
    if (!is_below)
        return "toxiproxy-cli";
    return beside.find('/') == std::string::npos ? "./" + beside : beside;
}

void print_suggestions(std::uint16_t api, std::uint16_t proxy)
{
    auto const url = fmt::format("http://localhost:{}", api);
    auto const cli =
        cli_command() + (api == usual_port ? std::string() : fmt::format(" -h {}", url));
    say(fmt::format(R"(
The server runs on at {0}. Try, in another terminal:

  curl {0}/proxies
  curl {0}/metrics
  curl -d '{{"type": "latency", "attributes": {{"latency": 1000}}}}' {0}/proxies/demo/toxics
  nc 127.0.0.1 {2}      # type a line: the echo comes a second later
  {1} inspect demo
  {1} toxic remove -n latency_downstream demo
  {1} toggle demo

Ctrl-C stops it.)",
                    url, cli, proxy));
}

/// Returns when asked to stop; false if the server ended before.
bool wait_for_the_end(child_server& server)
{
    sigset_t awaited;
    sigemptyset(&awaited);
    for (auto const number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD})
        sigaddset(&awaited, number);
    pthread_sigmask(SIG_BLOCK, &awaited, nullptr);
    while (server.alive()) {
        int number = 0;
        if (sigwait(&awaited, &number) == 0 && number != SIGCHLD)
            return true;
    }
    return false;
}

}  // namespace

std::string demo_table(std::vector<demo_phase> const& phases)
{
    table rows({"PHASE", "MESSAGES", "P50", "P99"});
    for (auto const& phase : phases)
        rows.add({phase.name, std::to_string(phase.messages), milliseconds_text(phase.p50),
                  milliseconds_text(phase.p99)});
    return rows.text(false);
}

std::optional<std::string> demo_verdict(demo_phase const& before, demo_phase const& during,
                                        demo_phase const& after)
{
    auto const complaint = [](demo_phase const& phase, char const* bound,
                              std::chrono::milliseconds limit) {
        return fmt::format("{}: half of the messages took {}, expected {} {} ms", phase.name,
                           milliseconds_text(phase.p50), bound, limit.count());
    };
    for (auto const* phase : {&before, &during, &after})
        if (phase->messages == 0)
            return phase->name + ": no message came back";
    if (before.p50 >= longest_without)
        return complaint(before, "less than", longest_without);
    if (during.p50 < shortest_with_fault)
        return complaint(during, "at least", shortest_with_fault);
    if (after.p50 >= longest_without)
        return complaint(after, "less than", longest_without);
    return std::nullopt;
}

int run_demo(std::vector<std::string> const& arguments)
{
    auto const wanted = read(arguments);
    if (std::holds_alternative<int>(wanted))
        return std::get<int>(wanted);
    try {
        auto const& how = std::get<demo_settings>(wanted);
        auto const api = choose_port(how);
        child_server process(api);
        must(process.wait_until_ready());
        say(fmt::format("The server answers at http://localhost:{}.", api));

        echo_server const upstream;
        client::server server({.url = fmt::format("127.0.0.1:{}", api)});
        auto const proxy = demonstrate(server, upstream);
        if (how.once)
            return 0;
        print_suggestions(api, proxy);
        if (!wait_for_the_end(process))
            throw demo_failure("the server ended");
        say("\nStopping.");
        return 0;
    } catch (std::exception const& error) {
        std::fflush(stdout);
        fmt::print(stderr, "aconite demo: {}\n", error.what());
        return 1;
    }
}

}  // namespace aconite::cli
