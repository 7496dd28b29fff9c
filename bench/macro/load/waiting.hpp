// Waiting for what another thread will bring about.
#pragma once

#include <chrono>
#include <stdexcept>
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

}  // namespace load
