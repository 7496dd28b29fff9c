#pragma once

#include <chrono>
#include <thread>

namespace aconite {

/// Asks `holds` every 2 ms until it says true; false if `timeout` went by first.
template <class Question>
bool poll(Question const& holds, std::chrono::milliseconds timeout)
{
    auto const end = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        if (holds())
            return true;
        if (std::chrono::steady_clock::now() >= end)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

}  // namespace aconite
