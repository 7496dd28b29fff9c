#pragma once

#include <limits>
#include <span>
#include <string_view>

namespace aconite::experiment {

/// What a key of an experiment's file takes. How each is written: values/units.hpp.
enum class field_type {
    text,
    choice,      ///< one of a few words
    flag,        ///< true or false
    number,      ///< maybe with a fraction
    whole,       ///< a whole number
    share,       ///< 10% or 0.1
    duration,    ///< 500ms, 1.5s, 2m
    bytes,       ///< 256MB
    rate,        ///< 50/s
    words,       ///< a list of texts; one text is a list of one
    command,     ///< a list of words, or one text for the shell
    expression,  ///< values/expression.hpp
    object,      ///< any mapping, not looked into
    any,         ///< any value
};

/// One key that a kind of action, probe, load or target has: the file's reader, its JSON Schema,
/// the help and the reference all come from these rows.
struct field {
    std::string_view name;
    field_type type = field_type::text;
    std::string_view about;
    bool required = false;
    std::span<std::string_view const> choices{};  ///< of a choice
    double minimum = 0;                           ///< of numbers, in seconds for a duration
    double maximum = std::numeric_limits<double>::infinity();
};

/// A kind of action, probe or load. `name` is also the key that says the kind; its value is that of
/// the field `primary`, which is called otherwise only within `params`.
struct kind {
    std::string_view name;
    std::string_view about;
    std::span<field const> fields;
    std::string_view
        primary{};  ///< empty: the kind's key takes nothing, or a mapping of all fields
    std::string_view example{};  ///< YAML on one line
};

}  // namespace aconite::experiment
