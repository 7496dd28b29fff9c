#pragma once

#include <aconite/attribute.hpp>
#include <aconite/conversation.hpp>
#include <aconite/problem.hpp>
#include <aconite/time.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aconite::frame {

/// How a protocol tells its frames from each other.
enum class framing_kind : std::uint8_t {
    length,     ///< each says how long it is
    delimiter,  ///< each ends with the same text
    fixed,      ///< all are of one size
};

/// What a proxy says of its frames: an immutable value that its connections share.
struct framing final : protocol_common {
    framing_kind kind = framing_kind::length;
    std::size_t offset = 0;  ///< of the length field in a frame
    std::size_t bytes = 4;   ///< of the length field, or of a fixed frame
    bool little = false;     ///< the length field's least significant byte is first
    /// Of what stands before and in the length field so many bytes are counted by it; below 0: so
    /// many behind it are not.
    std::int64_t includes = 0;
    std::string delimiter;       ///< not empty
    duration wait{};             ///< so long a part of a frame is held while no more of it comes
    std::uint64_t largest = 0;   ///< no frame has more bytes
    std::uint64_t skip[2] = {};  ///< so many bytes at the beginning of each stream are no frame

    /// The bytes of a frame that end with its length field; without one 0.
    [[nodiscard]] std::size_t header_bytes() const
    {
        return kind == framing_kind::length ? offset + bytes : 0;
    }
    /// The size of the whole frame that begins with `header`, which has `header_bytes`; none if
    /// there can be no such frame.
    [[nodiscard]] std::optional<std::uint64_t> size_of(std::string_view header) const;
    /// Makes `frame` one of this kind again after its bytes were changed: its length field put
    /// right, its delimiter appended, or filled or cut to the fixed size. False if the length field
    /// cannot tell its size.
    [[nodiscard]] bool put_right(std::string& frame) const;
};

/// 400 that names the attribute if they do not fit each other.
result<void> check_settings(attribute_values const& values);
/// What they say.
std::shared_ptr<protocol_common> make_framing(attribute_values const& values);

/// The bytes that pairs of hexadecimal digits stand for, with blanks between pairs; none if the
/// text is anything else.
std::optional<std::string> bytes_of_hex(std::string_view text);

}  // namespace aconite::frame
