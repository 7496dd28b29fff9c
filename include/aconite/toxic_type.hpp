#pragma once

#include <aconite/problem.hpp>
#include <aconite/toxic.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aconite {

/// The largest time that an attribute can hold, in ms (some 31 years): fits in any clock.
inline constexpr std::int64_t time_ms_max = 1'000'000'000'000;

/// One attribute of a toxic: a whole number with a unit and bounds.
struct attribute {
    std::string_view name;
    std::string_view unit;     ///< "ms", "us", "KB/s" (1000 bytes), "bytes"
    std::string_view summary;  ///< one line for people
    std::int64_t fallback = 0;
    std::int64_t minimum = 0;
    std::int64_t maximum = time_ms_max;
};

/// The values of a type's attributes, in the order of its row. A plain value.
class attribute_values {
public:
    attribute_values() = default;
    /// All attributes at their fallback. `row` must outlive this object.
    explicit attribute_values(std::span<attribute const> row);

    /// The value of `name`, which the row must have (else std::out_of_range).
    [[nodiscard]] std::int64_t operator[](std::string_view name) const;
    [[nodiscard]] std::chrono::milliseconds ms(std::string_view name) const;
    [[nodiscard]] std::chrono::microseconds us(std::string_view name) const;

    /// Sets `name`. A 400 that names the attribute and its bounds if it does not exist or
    /// `value` is outside them; then nothing is changed.
    result<void> set(std::string_view name, std::int64_t value);

    [[nodiscard]] std::span<attribute const> row() const { return row_; }
    friend bool operator==(attribute_values const& a, attribute_values const& b)
    {
        return a.values_ == b.values_;
    }

private:
    std::span<attribute const> row_;
    std::vector<std::int64_t> values_;
};

/// Everything there is to know about a kind of toxic: one constant row beside its code.
struct toxic_type {
    std::string_view name;
    std::string_view summary;
    std::span<attribute const> attributes;
    /// A new toxic for one stream of one connection. `values` were accepted by `check`.
    std::unique_ptr<toxic> (*make)(attribute_values const& values) = nullptr;
    /// Optional rule over several attributes: a 400 that names the field and the bound.
    result<void> (*check)(attribute_values const& values) = nullptr;
    /// Optional: the bytes per second to which such a toxic limits a stream, if it does nothing
    /// else to it; 0 if it has to see the data all the same. From 10^3 to 10^11, and alone on a
    /// stream, the toxic is then not made: the engine reads no faster than that, without touching
    /// the data.
    std::uint64_t (*rate)(attribute_values const& values) = nullptr;
};

/// The kinds of toxics that an engine knows: a value, copied into the engine.
class toxic_registry {
public:
    /// The built-in toxics.
    static toxic_registry builtin();

    /// Adds a kind. `type` must outlive every engine that uses the registry; a type of the
    /// same name is replaced.
    void add(toxic_type const& type);

    /// The kind called `name` (case matters), or null.
    [[nodiscard]] toxic_type const* find(std::string_view name) const;

    [[nodiscard]] std::span<toxic_type const* const> all() const { return types_; }

private:
    std::vector<toxic_type const*> types_;
};

}  // namespace aconite
