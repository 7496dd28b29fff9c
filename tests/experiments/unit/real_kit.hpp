#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

/// What tests against real servers share: tests/experiments/test_probes.py starts the servers,
/// names them in the environment and does what these tests ask of it over standard output and
/// input.
namespace aconite::experiment::probe_kit {

/// From the environment; empty if it is not there.
inline std::string named(char const* name)
{
    auto const* text = std::getenv(name);
    return text != nullptr ? text : "";
}

/// Has the runner do something with a server, as `restart postgres`, and waits until it is done.
inline void have_runner(std::string const& what)
{
    std::cout << "::" << what << std::endl;
    std::string answer;
    ASSERT_TRUE(std::getline(std::cin, answer)) << "nobody did: " << what;
    ASSERT_EQ(answer, "done") << what;
}

/// Asks again and again until it is so; false: not within 20 s.
template <class Condition>
bool comes_true(Condition condition)
{
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

}  // namespace aconite::experiment::probe_kit
