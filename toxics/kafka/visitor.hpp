#pragma once

#include "toxics/kafka/schema/tables.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace aconite::kafka {

/// Where something stands in its frame: offsets of its first byte and of the one behind its last,
/// counted from behind the frame's four bytes of length.
struct place {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Is told what a walker comes across, in order. What it is not interested in need not be
/// overridden.
class visitor {
public:
    /// Whether values of this field are to be told; asked for each field that is no structure,
    /// where it begins, once for an array. The bytes of others are passed over.
    virtual bool wants(field const& what) = 0;

    /// A number, or one of an array of numbers. A boolean is 0 or another number, a float64 its
    /// bits.
    virtual void on_number(field const&, place, std::int64_t) {}
    /// A string, bytes or a uuid; none: null. Where it stands includes its length, as it stands
    /// there. The text is valid during the call.
    virtual void on_text(field const&, place, std::optional<std::string_view>) {}
    /// A string or bytes of more than `walker::text_bytes_max`.
    virtual void on_long_text(field const&, place) {}

    /// An array begins, with its length, which stands there; none: null.
    virtual void on_array(field const&, place, std::optional<std::uint32_t>) {}
    /// Behind its last element. Not told of an array that is null.
    virtual void on_array_end(field const&, std::uint64_t) {}
    /// A structure, or one of an array of them, begins at this offset. Not told of one that is
    /// null.
    virtual void on_structure(field const&, std::uint64_t) {}
    virtual void on_structure_end(field const&, std::uint64_t) {}

    /// A tagged field begins with its tag, which stands there; null: it is not known, and its
    /// bytes are passed over.
    virtual void on_tag(field const*, std::uint32_t, place) {}
    /// And then comes its size in bytes, which stands there.
    virtual void on_tagged(field const*, place, std::uint32_t) {}
    /// Behind one that is known.
    virtual void on_tagged_end(field const&, std::uint64_t) {}

protected:
    ~visitor() = default;
};

}  // namespace aconite::kafka
