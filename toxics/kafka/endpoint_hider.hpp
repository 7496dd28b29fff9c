#pragma once

#include "toxics/kafka/visitor.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace aconite::kafka {

/// Visits a response that goes by, and finds how its endpoints can be hidden in place: by changing
/// bytes, none of which went by yet, and no length. Endpoints are a hint to clients, which
/// otherwise use the address that they know of the node, or ask for metadata.
///
/// A tagged field of endpoints gets a tag that nobody knows. An array of them, which is the last
/// field before the tagged ones, becomes empty, and its elements a tagged field that nobody knows,
/// up to the end of the frame.
class endpoint_hider final : public visitor {
public:
    explicit endpoint_hider(std::uint64_t frame_size) : frame_size_(frame_size) {}

    /// Where the bytes to be changed begin, and what they become; empty: there are none so far.
    [[nodiscard]] std::uint64_t offset() const { return offset_; }
    [[nodiscard]] std::string const& bytes() const { return bytes_; }
    /// Why endpoints that there are cannot be hidden; empty: there are none so far that cannot.
    [[nodiscard]] std::string_view error() const { return error_; }

    bool wants(field const&) override { return false; }
    void on_array(field const& what, place where, std::optional<std::uint32_t> count) override;
    void on_tag(field const* what, std::uint32_t tag, place where) override;

private:
    std::uint64_t frame_size_;
    std::uint64_t offset_ = 0;
    std::string bytes_;
    std::string_view error_;
};

}  // namespace aconite::kafka
