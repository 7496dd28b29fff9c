#pragma once

#include "toxics/frame/framing.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aconite::frame {

/// Finds where frames begin and end in one stream, however its bytes are cut. Keeps no more of a
/// frame than its header, or what may be the beginning of its delimiter.
class frame_reader {
public:
    /// `how` outlives it. The first `skip` bytes are a frame of their own.
    frame_reader(framing const& how, std::uint64_t skip);

    /// Reads the frame on, up to its end: how many of `bytes` belong to it, at least one. Of a bad
    /// one the rest is not read.
    std::size_t feed(std::string_view bytes);
    /// So many bytes of it passed unread, not more than there are.
    void skip(std::uint64_t count);
    /// The frame is over: the next one.
    void restart();

    /// Some of the frame was read.
    [[nodiscard]] bool is_begun() const { return seen_ > 0; }
    [[nodiscard]] bool is_whole() const { return whole_; }
    /// There can be no such frame.
    [[nodiscard]] bool is_bad() const { return bad_; }
    /// It is no frame, but what comes before the first.
    [[nodiscard]] bool is_preamble() const { return preamble_; }
    /// Of the frame, as soon as that is known.
    [[nodiscard]] std::optional<std::uint64_t> size() const { return size_; }
    /// So many of it were read.
    [[nodiscard]] std::uint64_t seen() const { return seen_; }

private:
    std::size_t feed_sized(std::string_view bytes);
    std::size_t feed_delimited(std::string_view bytes);

    framing const& how_;
    std::uint64_t seen_ = 0;
    std::optional<std::uint64_t> size_;
    bool preamble_;
    bool whole_ = false;
    bool bad_ = false;
    std::string kept_;  ///< the header as far as it has come, or what may be part of a delimiter
};

}  // namespace aconite::frame
