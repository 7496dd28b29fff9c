#include "bench/macro/load/workloads.hpp"

#include "bench/macro/load/bulk.hpp"
#include "bench/macro/load/churn.hpp"
#include "bench/macro/load/mesh.hpp"
#include "bench/macro/load/ping_pong.hpp"
#include "bench/macro/load/server.hpp"
#include "bench/macro/load/waiting.hpp"

#include <cstdio>
#include <stdexcept>
#include <thread>

namespace load {
namespace {

constexpr std::chrono::duration<double> warm_up{0.3};

/// Bytes discarded during some time, and how long that was.
class meter {
public:
    explicit meter(server const& counted) : counted_(counted), bytes_(counted.discarded()) {}

    double gigabytes_per_second() const
    {
        std::chrono::duration<double> const time = steady::now() - began_;
        return static_cast<double>(counted_.discarded() - bytes_) / time.count() / 1e9;
    }

private:
    server const& counted_;
    std::uint64_t bytes_;
    steady::time_point began_ = steady::now();
};

// Every byte sent must have come out at the other end.
std::uint64_t finish(bulk_senders& senders, server const& receiver, int connections)
{
    auto const sent = senders.finish();
    auto const ends = static_cast<std::uint64_t>(connections);
    wait_until([&] { return receiver.discarded_ends() >= ends; }, "a stream did not end");
    if (receiver.discarded() != sent)
        throw std::runtime_error("bytes were lost: " + std::to_string(sent) + " sent, " +
                                 std::to_string(receiver.discarded()) + " received");
    return sent;
}

double per_second(latencies const& taken, options const& options)
{
    if (taken.count() == 0)
        throw std::runtime_error("no echo came");
    return static_cast<double>(taken.count()) / options.time.count();
}

}  // namespace

void run_bulk(options const& options)
{
    server receiver(options.listen);
    bulk_senders senders(options.target, options.connections);
    std::this_thread::sleep_for(warm_up);
    meter const counted(receiver);
    std::this_thread::sleep_for(options.time);
    auto const rate = counted.gigabytes_per_second();
    auto const total = finish(senders, receiver, options.connections);
    std::printf("{\"gb_per_second\": %.4f, \"total_gb\": %.6f}\n", rate,
                static_cast<double>(total) / 1e9);
}

void run_ping_pong(options const& options)
{
    server echo(options.listen);
    ping_pong messages(options.target, options.connections, options.message_size);
    messages.run(warm_up);
    auto const taken = messages.run(options.time);
    std::printf("{\"requests_per_second\": %.1f, \"total_requests\": %llu, %s}\n",
                per_second(taken, options), static_cast<unsigned long long>(messages.total()),
                taken.json().c_str());
}

void run_mixed(options const& options)
{
    server both(options.listen);
    bulk_senders senders(options.target, options.streams);
    ping_pong small(options.target, options.connections, options.message_size);
    small.run(warm_up);
    meter const counted(both);
    auto const taken = small.run(options.time);
    auto const rate = counted.gigabytes_per_second();
    auto const total = finish(senders, both, options.streams);
    std::printf("{\"requests_per_second\": %.1f, \"gb_per_second\": %.4f, \"total_gb\": %.6f, "
                "%s}\n",
                per_second(taken, options), rate, static_cast<double>(total) / 1e9,
                taken.json().c_str());
}

void run_churn(options const& options)
{
    server echo(options.listen);
    churn connections(options.target, options.connections);
    connections.run(warm_up);
    auto const taken = connections.run(options.time);
    std::printf("{\"connections_per_second\": %.1f, \"total_connections\": %llu, %s}\n",
                per_second(taken, options), static_cast<unsigned long long>(connections.total()),
                taken.json().c_str());
}

void run_mesh(options const& options)
{
    mesh messages(options.nodes, options.links, options.message_size);
    messages.run(options.rate, warm_up);
    auto const taken = messages.run(options.rate, options.time);
    std::printf("{\"messages_per_second\": %.1f, \"total_messages\": %llu, %s}\n",
                per_second(taken, options), static_cast<unsigned long long>(messages.total()),
                taken.json().c_str());
    wait_for_line();
}

}  // namespace load
