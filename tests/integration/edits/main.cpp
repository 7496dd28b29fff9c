// Edits a running engine at random, many times a second, and checks that it loses no byte, hangs
// nowhere and leaves nothing behind.
#include "tests/integration/edits/editor.hpp"
#include "tests/integration/edits/keepers.hpp"
#include "tests/integration/edits/victims.hpp"
#include "tests/support/knock.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <stdexcept>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double least_rate = 100;
#else
constexpr double least_rate = 950;
#endif
constexpr auto edit_hangs = 10s;
/// A sender whose segments the kernel dropped time and again waits longer each time.
constexpr auto drain_hangs = 60s;
constexpr long memory_mb_max = 2048;
constexpr std::size_t editors_count = 2;

struct options {
    int seconds = 60;
    double rate = 1000;
    double least = least_rate;
    std::size_t connections = 100;
    std::uint64_t seed = 1;
};

void require(bool holds, std::string const& what)
{
    if (!holds)
        throw std::runtime_error(what);
}

double seconds_since(clock::time_point start)
{
    return std::chrono::duration<double>(clock::now() - start).count();
}

long peak_memory_mb()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss / 1024;
}

/// Ends the process at once if an edit hangs: no thread could be joined then.
void look_at(std::deque<editor> const& editors)
{
    if (std::ranges::all_of(editors, [](auto& each) { return each.busy_for() < edit_hangs; }))
        return;
    fmt::print(stderr, "FAILED: an edit hangs\n");
    std::_Exit(EXIT_FAILURE);
}

/// Uses the connections while the editors work.
void keep_busy(keepers& streams, std::deque<editor> const& editors, int seconds)
{
    auto const start = clock::now();
    auto told = start;
    while (clock::now() - start < std::chrono::seconds(seconds)) {
        streams.turn();
        look_at(editors);
        if (clock::now() - told < 5s)
            continue;
        told = clock::now();
        std::uint64_t edits = 0;
        for (auto const& each : editors)
            edits += each.made();
        fmt::print("{:3.0f} s: {} edits, {} MB checked, peak memory {} MB\n", seconds_since(start),
                   edits, streams.received_bytes() >> 20U, peak_memory_mb());
        std::fflush(stdout);
    }
}

edit_counts stop(std::deque<editor>& editors, keepers& streams)
{
    for (auto& each : editors)
        each.ask_to_stop();
    while (!std::ranges::all_of(editors, &editor::stopped)) {
        streams.turn();
        look_at(editors);
    }
    edit_counts all;
    for (auto const& each : editors) {
        auto const& counts = each.counts();
        all.made += counts.made;
        all.slowest = std::max(all.slowest, counts.slowest);
        for (auto const& [status, count] : counts.refused)
            all.refused[status] += count;
    }
    return all;
}

/// What was sent arrives, once nothing holds it.
void drain(keepers& streams)
{
    auto const start = clock::now();
    auto arrived_at = start;
    for (auto arrived = streams.received_bytes(); !streams.drain();) {
        if (arrived != streams.received_bytes())
            arrived_at = clock::now();
        arrived = streams.received_bytes();
        require(clock::now() - arrived_at < drain_hangs, streams.under_way());
    }
    fmt::print(
        "keepers: {} bytes sent, {} arrived, {} in the least stream; the last after {:.2f} s\n",
        streams.sent_bytes(), streams.received_bytes(), streams.least_bytes(),
        seconds_since(start));
}

std::string describe(connection_info const& which)
{
    return fmt::format("connection {} of {}, {} to '{}', {} ms old, {} and {} bytes received",
                       which.ordinal, which.proxy, which.client, which.upstream, which.age_ms,
                       which.received_bytes[0], which.received_bytes[1]);
}

void soak(options const& wanted)
{
    upstream_end far_end;
    upstream_end victims_end;
    engine target({.shards = 4, .seed = wanted.seed});
    // 127.0.0.2, as no client connects from there: a port stays free while its proxy is off.
    auto const listen = [&](std::string const& name, upstream_end const& upstream) {
        return target.create({name, "127.0.0.2:0", upstream.address(), true, {}}).value().listen;
    };
    auto const port = victims_end.address().substr(victims_end.address().find(':'));
    std::vector<edited_proxy> const proxies{
        {"keepers", manners::gentle},
        {"victims", manners::any, {"127.0.0.1" + port, "localhost" + port}}};

    keepers streams(listen("keepers", far_end), far_end, wanted.connections, wanted.seed);
    victims others(listen("victims", victims_end), victims_end, wanted.connections / 4,
                   wanted.seed);
    std::deque<editor> editors;
    for (std::size_t i = 0; i < editors_count; ++i)
        editors.emplace_back(target, proxies, wanted.rate / editors_count, wanted.seed + i);
    auto const start = clock::now();
    keep_busy(streams, editors, wanted.seconds);
    auto const counts = stop(editors, streams);
    auto const rate = static_cast<double>(counts.made) / seconds_since(start);

    target.reset().value();
    drain(streams);
    streams.finish();
    others.stop();
    bool const all_end = eventually([&] {
        victims_end.accept().reset();  // closes what was dialled and not taken
        return target.connections().empty();
    });
    if (!all_end)
        throw std::runtime_error("never ends: " + describe(target.connections().front()));

    fmt::print("edits: {} made, {:.0f} a second; the slowest took {:.1f} ms", counts.made, rate,
               std::chrono::duration<double, std::milli>(counts.slowest).count());
    for (auto const& [status, count] : counts.refused)
        fmt::print("; {} refused with {}", count, status);
    fmt::print("\nvictims: {} connections opened\n", others.opened());
    require(counts.slowest < edit_hangs, "an edit hung");
    require(rate >= wanted.least, "too few edits");
    require(peak_memory_mb() <= memory_mb_max, "too much memory");
}

int run(options const& wanted)
{
    try {
        auto const before = open_descriptors();
        soak(wanted);
        auto const after = open_descriptors();
        fmt::print("descriptors: {} before, {} after; peak memory {} MB\n", before, after,
                   peak_memory_mb());
        require(before == after, "descriptors leak");
    } catch (std::exception const& error) {
        fmt::print(stderr, "FAILED with seed {}: {}\n", wanted.seed, error.what());
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

}  // namespace
}  // namespace aconite::testing

int main(int argc, char** argv)
{
    aconite::testing::options wanted;
    CLI::App app("edits a running engine at random");
    app.add_option("--seconds", wanted.seconds)->capture_default_str();
    app.add_option("--rate", wanted.rate, "edits per second")->capture_default_str();
    app.add_option("--least", wanted.least, "edits per second that must be made")
        ->capture_default_str();
    app.add_option("--connections", wanted.connections, "that live all the time")
        ->capture_default_str();
    app.add_option("--seed", wanted.seed)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return aconite::testing::run(wanted);
}
