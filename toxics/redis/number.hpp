#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace aconite::redis {

/// All of the text as a number; none: it is not one.
inline std::optional<std::int64_t> number_in(std::string_view text)
{
    std::int64_t made = 0;
    auto const* const end = text.data() + text.size();
    auto const [at, error] = std::from_chars(text.data(), end, made);
    return error == std::errc() && at == end ? std::optional(made) : std::nullopt;
}

/// Of a line that is longer nobody wants to know more.
inline constexpr std::size_t line_bytes_max = 64 * 1024;
/// What says to be longer is not Redis'.
inline constexpr std::int64_t bulk_bytes_max = std::int64_t{1} << 40;

}  // namespace aconite::redis
