#pragma once

#include <aconite/problem.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace aconite {

/// Connections by their ordinals, as a text lists them: "0,3,7-9". An immutable value.
class ordinal_ranges {
public:
    static constexpr std::size_t count_max = 1000;

    /// None.
    ordinal_ranges() = default;
    /// In any order, spaces around each allowed. 400 that names `ordinals` if `text` is no such
    /// list or has more than `count_max` ranges, single ordinals included.
    static result<ordinal_ranges> parse(std::string_view text);

    [[nodiscard]] bool empty() const { return ranges_.empty(); }
    [[nodiscard]] bool has(std::uint64_t ordinal) const;

private:
    struct range {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
    };
    static bool read(std::string_view text, range& into);

    std::vector<range> ranges_;  ///< ascending, none overlaps another
};

}  // namespace aconite
