#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace aconite::api {

/// Members keep the order in which they were written, equal names included.
using json = nlohmann::ordered_json;

/// Why a text is not JSON.
struct json_fault {
    /// `EOF` for an empty text, `unexpected EOF` for one that stops too early.
    std::string text;
    /// Bytes of the text up to and with the one that is wrong.
    std::size_t position = 0;
};

/// A value, or the fault that prevented it.
struct json_parsed {
    json value;
    std::optional<json_fault> fault;
};

/// Adds a member without looking for one of that name, which the library's own access does member
/// by member. The reference is good until the next member of `object` is added.
json& append_member(json& object, std::string name, json value);

/// `line:column` of the last of the first `count` bytes, both from 1.
std::string position_in(std::string_view text, std::size_t count);

/// Reads the first JSON value of `text`; what follows it is not looked at.
json_parsed parse_first_value(std::string_view text);
/// The same where nothing but blanks may follow.
json_parsed parse_only_value(std::string_view text);

/// `value` on one line, with `<`, `>` and `&` escaped as Go does. Bytes that are not UTF-8
/// are replaced.
std::string write_text(json const& value);

/// `value` as the shortest JSON number that reads back as the same: 0.2, and 1 rather than 1.0.
/// `value` must be finite.
json shortest(float value);
json shortest(double value);

}  // namespace aconite::api
