// Waiting for what another thread or another program will bring about.
#pragma once

#include <chrono>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

namespace load {

/// Returns once the condition holds; throws with this text if it does not within 30 s.
template <class Condition>
void wait_until(Condition const& condition, char const* otherwise)
{
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error(otherwise);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

/// Returns once a line came in on standard input, by which somebody tells that the load may go on;
/// what was printed before can be read by then.
inline void wait_for_line()
{
    std::fflush(stdout);
    std::string line;
    if (!std::getline(std::cin, line))
        throw std::runtime_error("standard input ended");
}

}  // namespace load
