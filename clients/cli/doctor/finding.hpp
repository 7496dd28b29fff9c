#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace aconite::cli {

/// How bad what was found is.
enum class grade : std::uint8_t {
    ok,
    warning,  ///< something will be slower, fewer or refused
    problem,  ///< something does not work
};

/// What `aconite doctor` found at one place.
struct finding {
    std::string check;  ///< what was looked at
    grade how = grade::ok;
    std::string found;
    std::string advice{};  ///< what to do about it; empty if all is well
};

using findings = std::vector<finding>;

}  // namespace aconite::cli
