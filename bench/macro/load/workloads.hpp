// The loads that aconite_load can put on a proxy.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace load {

/// What the command line says.
struct options {
    std::uint16_t listen = 0;  ///< port of the server that the proxy forwards to
    std::uint16_t target = 0;  ///< port that the clients connect to
    int connections = 1;
    int streams = 4;                        ///< beside them
    std::chrono::duration<double> time{2};  ///< counted; a warm-up comes before it
    std::size_t message_size = 64;          ///< bytes
    std::vector<int> steps{2000};           ///< numbers of connections, growing
    std::vector<std::uint16_t> nodes;       ///< every port of `--listen`, the first is `listen`
    std::vector<std::uint16_t> links;       ///< every port of `--target`, the first is `target`
    double rate = 1000;                     ///< messages a second, over all links
};

// Each prints its result, with totals that include the warm-up: what a proxy spent from its start
// to the end of the load belongs to those. They throw when the load did not go through whole.
void run_bulk(options const& options);
void run_ping_pong(options const& options);
void run_mixed(options const& options);
void run_churn(options const& options);
void run_idle(options const& options);
void run_mesh(options const& options);

}  // namespace load
