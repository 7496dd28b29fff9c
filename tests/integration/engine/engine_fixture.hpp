#pragma once

#include "tests/support/sockets.hpp"

#include <aconite/engine.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace aconite::testing {

/// An engine with one proxy, "p", on a free port.
struct proxied {
    explicit proxied(std::string const& upstream, engine_config config = {},
                     std::string const& at = "127.0.0.1:0")
        : engine(std::move(config))
    {
        listen = engine.create({"p", at, upstream, true, {}}).value().listen;
    }

    void add(std::string type, stream direction, attribute_list attributes, float toxicity = 1)
    {
        engine.add_toxic("p", {"", std::move(type), direction, toxicity, std::move(attributes)})
            .value();
    }

    aconite::engine engine;
    std::string listen;
};

/// How long `what` took.
template <class F>
std::chrono::milliseconds time_of(F what)
{
    auto const begin = std::chrono::steady_clock::now();
    what();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 begin);
}

}  // namespace aconite::testing
