#pragma once

#include <aconite/attribute.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aconite::frame {

/// In the order of `framing_kind`.
inline constexpr std::string_view kind_names[] = {"length", "delimiter", "fixed"};
inline constexpr std::string_view order_names[] = {"big", "little"};

inline constexpr std::int64_t header_max = 1024;
inline constexpr std::int64_t fixed_max = 1 << 30;
inline constexpr std::size_t length_bytes_max = 8;
inline constexpr std::size_t delimiter_max = 64;

/// What a proxy says of its frames.
inline constexpr attribute settings_attributes[] = {
    {.name = "frame",
     .summary = "what tells one frame from the next: its length, a text at its end, its fixed size",
     .kind = attribute_kind::choice,
     .names = kind_names},
    {.name = "offset",
     .unit = "bytes",
     .summary = "of length: where in the frame its length stands",
     .maximum = header_max,
     .extra = true},
    {.name = "bytes",
     .unit = "bytes",
     .summary = "of length: of how many the length is, 1 to 8; of fixed: the size of a frame",
     .fallback = 4,
     .minimum = 1,
     .maximum = fixed_max,
     .extra = true},
    {.name = "order",
     .summary = "of length: which of its bytes is first, the most significant or the least",
     .kind = attribute_kind::choice,
     .names = order_names,
     .extra = true},
    {.name = "includes",
     .unit = "bytes",
     .summary = "of length: how much of what ends with it the length counts; 0: only what is "
                "behind, below 0: so many bytes behind it are not counted",
     .minimum = -header_max,
     .maximum = header_max + 8,
     .extra = true},
    {.name = "text",
     .summary = "of delimiter: what a frame ends with, 1 to 64 bytes",
     .kind = attribute_kind::text,
     .extra = true},
    {.name = "hex",
     .summary = "of delimiter: the same in hexadecimal digits",
     .kind = attribute_kind::text,
     .extra = true},
    {.name = "largest",
     .unit = "bytes",
     .summary = "what would be larger is no frame",
     .fallback = 67'108'864,
     .minimum = 1,
     .extra = true},
    {.name = "wait",
     .unit = "ms",
     .summary = "the beginning of a frame waits so long for more of it, then it passes",
     .fallback = 100,
     .minimum = 1,
     .maximum = 3'600'000,
     .extra = true},
    {.name = "skip_upstream",
     .unit = "bytes",
     .summary = "what a client sends before its first frame",
     .maximum = fixed_max,
     .extra = true},
    {.name = "skip_downstream",
     .unit = "bytes",
     .summary = "what a server sends before its first frame",
     .maximum = fixed_max,
     .extra = true},
};

}  // namespace aconite::frame
