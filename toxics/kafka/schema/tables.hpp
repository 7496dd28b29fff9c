#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// What Kafka's own message definitions say: how the fields of its requests and answers follow one
/// another in each version. The rows are made by generate.py. Everything here is constant and lives
/// as long as the program. https://kafka.apache.org/protocol
namespace aconite::kafka {

/// Versions of a message from the first to the last, both included.
struct version_range {
    std::int8_t first = 1;
    std::int8_t last = 0;  ///< less than the first: none; 127: all that follow

    [[nodiscard]] constexpr bool contains(std::int16_t version) const
    {
        return version >= first && version <= last;
    }
};

/// How a value, or each value of an array, stands on the wire.
enum class field_kind : std::uint8_t {
    boolean,
    int8,
    int16,
    uint16,
    int32,
    int64,
    float64,
    uuid,  ///< 16 bytes
    string,
    bytes,
    records,  ///< bytes that are batches of records
    structure,
};

/// What a value of this kind takes; 0: its length stands before it, or it is a structure.
constexpr std::size_t fixed_bytes(field_kind kind)
{
    switch (kind) {
    case field_kind::boolean:
    case field_kind::int8:
        return 1;
    case field_kind::int16:
    case field_kind::uint16:
        return 2;
    case field_kind::int32:
        return 4;
    case field_kind::int64:
    case field_kind::float64:
        return 8;
    case field_kind::uuid:
        return 16;
    default:
        return 0;
    }
}

enum class field_shape : std::uint8_t { single, array };

/// A run of rows: the first and their number.
struct row_range {
    std::uint16_t first = 0;
    std::uint16_t count = 0;
};

/// A field of a message or of a structure in it.
struct field {
    std::string_view name;  ///< as the definition has it: "NodeEndpoints"
    field_kind kind = field_kind::boolean;
    field_shape shape = field_shape::single;
    version_range versions{};  ///< it is there
    version_range nullable{};  ///< it may be null
    row_range fields{};        ///< of a structure: its own
    std::int8_t tag = -1;      ///< less than 0: none
    version_range tagged{};    ///< it stands among the tagged fields, under `tag`
    /// It is as compact as its message, where that is flexible. Only a client's id never is.
    version_range flexible{0, 127};

    [[nodiscard]] constexpr bool is_array() const { return shape == field_shape::array; }
    [[nodiscard]] constexpr bool is_structure() const { return kind == field_kind::structure; }
};

enum class direction : std::uint8_t { request, response };

/// A request, an answer, or the header of either.
struct message {
    std::string_view name;  ///< "FetchRequest"
    std::int16_t api_key;   ///< less than 0: a header
    direction way;
    /// The newest version that is known. Older ones are read too, down to 0, also those that Kafka
    /// no longer speaks.
    std::int8_t newest;
    version_range flexible;  ///< has compact lengths, and tagged fields
    row_range fields;
};

/// A kind of request.
struct api {
    std::int16_t key;
    std::string_view name;   ///< "Fetch"
    std::int8_t newest;      ///< the newest version that is known; less than 0: it is no more
    version_range flexible;  ///< of its requests
};

/// An error as an answer tells it.
struct error {
    std::int16_t code;
    std::string_view name;  ///< "NOT_LEADER_OR_FOLLOWER"
    bool retriable;         ///< clients try again
};

/// The rows of fields that a message or a structure points at.
std::span<field const> rows(row_range which);

/// Null: there is no table for it.
message const* find_message(std::int16_t api_key, direction way);
message const& request_header();
message const& response_header();

/// Null: nobody knows it.
api const* find_api(std::int16_t key);
/// By its name, case and all. Null: nobody knows it.
api const* find_api(std::string_view name);

/// Null: nobody knows it.
error const* find_error(std::int16_t code);
/// By its name, case and all. Null: nobody knows it.
error const* find_error(std::string_view name);

/// All rows there are.
namespace tables {
std::span<field const> fields();
std::span<message const> messages();
std::span<api const> apis();      ///< ordered by key
std::span<error const> errors();  ///< ordered by code
}  // namespace tables

}  // namespace aconite::kafka
