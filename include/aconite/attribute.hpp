#pragma once

#include <aconite/problem.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace aconite {

/// Numbers with names of their own, in the order they were given.
using named_numbers = std::vector<std::pair<std::string, double>>;

/// What an attribute can hold; which of them its row says (`attribute_kind`).
using attribute_value = std::variant<std::int64_t, double, std::string, named_numbers, bool>;

/// Attributes by name.
using attribute_list = std::vector<std::pair<std::string, attribute_value>>;

/// The largest time that an attribute can hold, in ms (some 31 years): fits in any clock.
inline constexpr std::int64_t time_ms_max = 1'000'000'000'000;

/// What an attribute holds.
enum class attribute_kind : std::uint8_t {
    integer,  ///< std::int64_t
    number,   ///< double; its bounds are whole
    choice,   ///< std::string, one of `names`
    text,     ///< std::string, any
    numbers,  ///< named_numbers, each within the bounds
    flag,     ///< bool; has no bounds
    pattern,  ///< std::string, a regular expression as RE2 reads it
    list,     ///< std::string, names with commas between them; small and large letters are the same
};

/// Whether such an attribute holds a text that may have commas in it.
constexpr bool is_free_text(attribute_kind kind)
{
    return kind == attribute_kind::text || kind == attribute_kind::pattern ||
           kind == attribute_kind::list;
}

/// One attribute of a toxic: its kind, unit and bounds. Constant, beside the toxic's code.
struct attribute {
    std::string_view name;     ///< as in JSON
    std::string_view unit;     ///< "ms", "us", "KB/s" (1000 bytes), "bytes"
    std::string_view summary;  ///< one line for people
    /// The value if none is given. Of a choice: the position in `names`; of a flag: 1 is true;
    /// `numbers` has none.
    std::int64_t fallback = 0;
    std::int64_t minimum = 0;                       ///< the least that is taken
    std::int64_t maximum = time_ms_max;             ///< the most that is taken
    attribute_kind kind = attribute_kind::integer;  ///< what it holds
    /// What a choice is between, or what numbers may be called; no names there: anything.
    std::span<std::string_view const> names{};
    /// Told only where it differs from its fallback: clients of the reference do not know it.
    bool extra = false;
    bool whole = false;     ///< a pattern that has to fit all of a text, not something in it
    bool binary = false;    ///< a pattern over bytes, each of which is a character
    bool caseless = false;  ///< a pattern to which small and capital letters are one
    bool ranges = false;    ///< a list of whole numbers and ranges of them: 0,3,7-9
    bool glob = false;      ///< a pattern as Redis' KEYS reads it, which fits all of a text

    /// `fallback` in the attribute's kind.
    [[nodiscard]] attribute_value fallback_value() const;
    /// Of a pattern: the regular expression that it stands for.
    [[nodiscard]] std::string expression(std::string_view value) const;
};

/// The values of a type's attributes, in the order of its row. A plain value; copies share their
/// memory until one is changed.
class attribute_values {
public:
    attribute_values() = default;
    /// All attributes at their fallback. `row` must outlive this object.
    explicit attribute_values(std::span<attribute const> row);

    /// The value of `name`. Here and below: std::out_of_range if the row has no such attribute,
    /// std::bad_variant_access if it is of another kind.
    [[nodiscard]] std::int64_t operator[](std::string_view name) const;
    [[nodiscard]] std::chrono::milliseconds ms(std::string_view name) const;  ///< an integer, as ms
    [[nodiscard]] std::chrono::microseconds us(std::string_view name) const;  ///< an integer, as us
    [[nodiscard]] double number(std::string_view name) const;                 ///< a number
    [[nodiscard]] std::string const& choice(std::string_view name) const;     ///< a choice
    /// A text.
    [[nodiscard]] std::string const& text(std::string_view name) const { return choice(name); }
    [[nodiscard]] named_numbers const& numbers(std::string_view name) const;  ///< numbers
    [[nodiscard]] bool flag(std::string_view name) const;                     ///< a flag
    [[nodiscard]] attribute_value const& value(std::string_view name) const;  ///< any

    /// Sets `name`. A 400 that names the attribute and what it takes if it does not exist or
    /// does not take `value`; then nothing is changed. A whole number is a number too.
    result<void> set(std::string_view name, attribute_value value);

    /// The attributes that there are.
    [[nodiscard]] std::span<attribute const> row() const { return row_; }
    /// All of them, `extra` ones only where they differ from their fallback.
    [[nodiscard]] attribute_list told() const;
    /// Whether all values are equal; the rows are taken to be the same.
    friend bool operator==(attribute_values const& a, attribute_values const& b)
    {
        return a.values_ == b.values_ || (a.values_ && b.values_ && *a.values_ == *b.values_);
    }

private:
    std::span<attribute const> row_;
    std::shared_ptr<std::vector<attribute_value> const> values_;  ///< null: an empty row
};

}  // namespace aconite
