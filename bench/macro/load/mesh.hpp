// Small messages at a fixed rate over many links at once.
#pragma once

#include "bench/macro/load/event_thread.hpp"
#include "bench/macro/load/latencies.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace load {

/// Nodes that listen, and links that lead to them, each by itself or through a proxy. A message
/// tells when it was due, so one that waits at either end counts as late.
class mesh {
public:
    /// Listens on the ports `nodes` and connects once to each of the ports `links`. Throws if a
    /// message of this many bytes cannot hold a time.
    mesh(std::span<std::uint16_t const> nodes, std::span<std::uint16_t const> links,
         std::size_t message_size);

    /// Sends so many messages a second, whatever arrives meanwhile; the links take turns. Returns
    /// once all are there, with how long after they were due each of them came. Throws if one is
    /// missing.
    latencies run(double rate, std::chrono::duration<double> time);

    /// Messages since the start, over all runs.
    std::uint64_t total() const { return sent_; }

private:
    void send(steady::time_point due);
    void accept_all(int listener);
    void receive(int fd);

    std::size_t message_size_;
    std::vector<descriptor> nodes_;
    std::vector<descriptor> links_;
    std::uint64_t sent_ = 0;
    std::vector<char> buffer_;
    std::vector<std::string> begun_;  // by descriptor: a message that has not come whole
    std::mutex lock_;
    latencies taken_;  // under the lock
    std::atomic<std::uint64_t> received_ = 0;
    event_thread receiver_;
};

}  // namespace load
