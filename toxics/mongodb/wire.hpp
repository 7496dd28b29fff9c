#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Messages as they stand on the wire; all numbers have their lowest byte first.
/// https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
namespace aconite::mongodb {

/// Kinds of messages that are more than bytes to the conversation.
enum class op_code : std::int32_t {
    reply = 1,          ///< to a query
    query = 2004,       ///< how old clients ask, and how others begin
    compressed = 2012,  ///< another kind in a form that only the two sides read
    message = 2013,     ///< both ways
};

/// Bits of an `op_code::message`.
namespace flag {
inline constexpr std::uint32_t checksum = 1U << 0;      ///< the last four bytes are one
inline constexpr std::uint32_t more_to_come = 1U << 1;  ///< a request without an answer, or an
                                                        ///< answer that has another behind it
}  // namespace flag

/// Of an `op_code::message`: what stands in front of its body, which is a document.
inline constexpr char body_section = 0;

inline constexpr std::size_t head_bytes = 16;
/// And of an `op_code::message` its flags.
inline constexpr std::size_t flags_end = head_bytes + 4;
inline constexpr std::size_t checksum_bytes = 4;
/// Servers neither take nor send more.
inline constexpr std::size_t message_bytes_max = 48'000'000;

/// What every message begins with.
struct message_head {
    std::size_t bytes = 0;  ///< of the whole message
    std::int32_t id = 0;
    std::int32_t answers = 0;  ///< the id of what it is an answer to
    op_code kind = op_code::message;

    /// Whether there can be a message of that size and kind.
    [[nodiscard]] bool is_possible() const;
};

/// The four or eight bytes that stand at `at`, which are there.
std::uint32_t number_at(std::string_view bytes, std::size_t at);
std::uint64_t long_number_at(std::string_view bytes, std::size_t at);
/// Adds the lowest `count` bytes of `value`.
void put_number(std::string& out, std::uint64_t value, std::size_t count = 4);
/// Writes four bytes over those at `at`.
void set_number(std::string& bytes, std::size_t at, std::uint32_t value);

/// `bytes` has at least `head_bytes`.
message_head read_head(std::string_view bytes);
/// The flags of a message, in its beginning, which has its head; 0: it has none, or not yet.
std::uint32_t flags_in(std::string_view beginning);
/// Adds a head; its length is right once `end_message` was called for the whole.
void begin_message(std::string& out, std::int32_t id, std::int32_t answers, op_code kind);
/// Puts the length of a message right, and its checksum if its flags say that it has one.
void end_message(std::string& message);
/// Whether the checksum is right, of a whole message whose flags say that it has one.
bool has_right_checksum(std::string_view message);

}  // namespace aconite::mongodb
