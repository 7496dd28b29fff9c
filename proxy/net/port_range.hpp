#pragma once

#include <aconite/problem.hpp>

#include <cstdint>
#include <string_view>

namespace aconite {

/// Ports from the first to the last; 0 to 0: any that is free.
struct port_range {
    std::uint16_t first = 0;
    std::uint16_t last = 0;

    /// "19093-19192", "19093" or "", which is any. 400 that says what it has to be.
    static result<port_range> parse(std::string_view text);

    [[nodiscard]] bool any() const { return first == 0; }
};

}  // namespace aconite
