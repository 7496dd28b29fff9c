#pragma once

#include "toxics/kafka/visitor.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::kafka {

/// A number in a frame that can be given another value in place.
struct number_at {
    field const* what = nullptr;
    std::uint64_t begin = 0;  ///< counted from behind the frame's length
    std::int64_t value = 0;
};

/// A topic, or one partition of it, as a frame speaks of it.
struct mention {
    std::string topic;            ///< its name; empty where the frame has its id only
    std::string topic_id;         ///< 16 bytes; empty: none
    std::int32_t partition = -1;  ///< -1: the topic as a whole
    std::vector<number_at> numbers;

    [[nodiscard]] number_at const* find(std::string_view name) const;
};

/// What a whole frame is about, and where its numbers stand.
struct outline {
    /// So many topics and partitions are told; what follows is left alone.
    static constexpr std::size_t mentions_max = 10'000;

    /// Of the message itself, and of several answers in one: coordinators, groups.
    std::vector<number_at> numbers;
    std::vector<mention> topics;
    std::vector<mention> partitions;
    std::string client_id;
    std::string group;
    std::string transactional_id;
    std::string mechanism;   ///< of SASL
    bool no_topics = false;  ///< it has a list of topics, which is empty

    /// The message's own number of that name; null: it has none.
    [[nodiscard]] number_at const* find(std::string_view name) const;
};

/// Reads a frame, of which `bytes` are what stands behind its length, perhaps not all of it. None:
/// it is not what it has to be, or of a version that is not known. What is missing at its end is
/// not told.
std::optional<outline> read_outline(direction way, std::int16_t api_key, std::int16_t version,
                                    std::uint32_t size, std::string_view bytes);

/// Puts another value in the place of a number. `frame` has its four bytes of length.
void set_number(std::string& frame, number_at const& where, std::int64_t value);

}  // namespace aconite::kafka
