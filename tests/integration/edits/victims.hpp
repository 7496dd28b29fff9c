#pragma once

#include "tests/integration/edits/keepers.hpp"

#include "proxy/net/address.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace aconite::testing {

/// Connections through a proxy to which anything may happen, on a thread of their own: they are
/// opened again when they end, and end now and then by themselves. The far end echoes.
class victims {
public:
    /// `upstream` outlives them.
    victims(std::string const& listen, upstream_end& upstream, std::size_t count,
            std::uint64_t seed);

    /// Closes all of them.
    void stop();
    /// How many were opened.
    [[nodiscard]] std::uint64_t opened() const { return opened_; }

private:
    using clock = std::chrono::steady_clock;
    struct victim {
        unique_fd fd;
        clock::time_point opened;
        bool connected = false;
    };

    void run(std::stop_token const& stop);
    void open(victim& which);
    void use(victim& which, short events);
    static void end(victim& which);
    void act(victim& which);
    bool echo(unique_fd const& peer);

    aconite::address const to_;
    upstream_end& upstream_;
    std::mt19937_64 dice_;
    std::vector<victim> victims_;
    std::list<unique_fd> peers_;
    std::vector<char> buffer_;
    std::atomic<std::uint64_t> opened_{0};
    std::jthread thread_;
};

}  // namespace aconite::testing
