// rate: how evenly a bandwidth toxic lets a stream through, seen by its receiver.
#include "bench/macro/toxics/commands.hpp"
#include "bench/macro/toxics/pattern.hpp"
#include "bench/macro/toxics/samples.hpp"

#include <thread>
#include <vector>

namespace aconite::bench {
namespace {

struct arrival {
    std::int64_t at_ns;  // since the connection stood
    std::size_t bytes;
};

std::vector<arrival> receive_for(int fd, std::int64_t span_ns, pattern_checker& checker)
{
    std::vector<arrival> arrivals;
    std::vector<char> room(pattern_view);
    auto const began = now_ns();
    while (true) {
        auto const got = receive(fd, room);
        auto const at = now_ns() - began;
        if (got <= 0 || at > span_ns)
            return arrivals;
        auto const bytes = static_cast<std::size_t>(got);
        arrivals.push_back({at, bytes});
        checker.check(std::span(room).first(bytes));
    }
}

/// Rates are bytes/s. The mean runs from one arrival to another, so that it does not depend on
/// where in a pause the measured time begins and ends.
report evaluate(std::vector<arrival> const& arrivals, common_options const& options, double rate)
{
    constexpr std::int64_t window_ns = 50'000'000;
    auto const windows = (options.total_ns() - options.skip_ns()) / window_ns;
    std::vector<double> in_window(static_cast<std::size_t>(windows));
    arrival const* first = nullptr;
    arrival const* last = nullptr;
    double between = 0;
    double in_first_second = 0;
    for (auto const& each : arrivals) {
        if (each.at_ns < 1'000'000'000)
            in_first_second += static_cast<double>(each.bytes);
        if (each.at_ns < options.skip_ns())
            continue;
        auto const window = (each.at_ns - options.skip_ns()) / window_ns;
        if (window < windows)
            in_window[static_cast<std::size_t>(window)] += static_cast<double>(each.bytes);
        between += first ? static_cast<double>(each.bytes) : 0;
        first = first ? first : &each;
        last = &each;
    }
    samples evenness;
    for (auto const bytes : in_window)
        evenness.add(bytes);
    auto const span_s = first ? static_cast<double>(last->at_ns - first->at_ns) / 1e9 : 0;
    auto const mean = span_s > 0 ? between / span_s : 0;
    return {{"rate_mb_s", mean / 1e6},
            {"error_pct", (mean / rate - 1) * 100},
            {"variation", evenness.variation()},
            {"first_second_extra_ms", (in_first_second / rate - 1) * 1000}};
}

report run(common_options const& options, double rate)
{
    line_maker maker(options.way);
    auto const line = maker.open();
    std::jthread sender([&](std::stop_token const& stop) {
        for (std::uint64_t sent = 0; !stop.stop_requested(); sent += pattern_view)
            if (!send_all(line.server.get(), pattern_at(sent)))
                return;
    });
    pattern_checker checker;
    auto const arrivals = receive_for(line.client.get(), options.total_ns(), checker);
    sender.request_stop();
    cut(line);
    sender.join();
    auto result = evaluate(arrivals, options, rate);
    result["breaks"] = checker.breaks();
    result["received_mb"] = static_cast<double>(checker.received()) / 1e6;
    return result;
}

}  // namespace

void add_rate(CLI::App& app, report& out)
{
    struct settings : common_options {
        double rate = 0;
    };
    auto const options = std::make_shared<settings>();
    auto* command = app.add_subcommand("rate", "a stream through a bandwidth toxic");
    add_common(*command, *options);
    command->add_option("--rate", options->rate, "bytes per second that are set")->required();
    command->callback([options, &out] { out = run(*options, options->rate); });
}

}  // namespace aconite::bench
