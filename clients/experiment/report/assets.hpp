#pragma once

#include <span>
#include <string_view>

namespace aconite::experiment {

/// A file of clients/experiment/report/assets, as a part of the program.
struct asset {
    std::string_view name;  ///< without a folder
    std::string_view text;
};

[[nodiscard]] std::span<asset const> assets();

}  // namespace aconite::experiment
