#pragma once

#include "api/json/json_text.hpp"

#include <aconite/attribute.hpp>
#include <aconite/problem.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::api {

/// JSON pointers of members that nobody asked for: printable ASCII, safe in a header.
using ignored_members = std::vector<std::string>;

/// `bad request body: ` and the detail, as a 400.
problem bad_body(std::string_view detail);

/// `pointer` and one step more, escaped as RFC 6901 wants.
std::string pointer_to(std::string_view pointer, std::string_view name);

/// Reads the members of one JSON object by Go's rules: names in any case, null as if absent,
/// the last of two equal names wins. The first member of a wrong type is remembered and told
/// by `finish`. Refers to the value, which must outlive it.
class object_reader {
public:
    /// `pointer` is where `value` is in the body, "" for the whole. Null reads as `{}`.
    object_reader(json const& value, std::string pointer);

    std::optional<std::string> text(std::string_view name);
    std::optional<bool> flag(std::string_view name);
    /// A whole number written without fraction or exponent.
    std::optional<std::int64_t> integer(std::string_view name);
    /// A number in the range of a float.
    std::optional<float> number(std::string_view name);
    std::optional<double> real(std::string_view name);
    /// An object that has only numbers in it.
    std::optional<named_numbers> numbers(std::string_view name);
    /// Null if it is not there. Valid as long as the body.
    json const* object(std::string_view name);
    json const* array(std::string_view name);
    /// A text or an object.
    json const* text_or_object(std::string_view name);

    /// Accepts a member of any type, unread.
    void skip(std::string_view name) { known_.push_back(name); }

    [[nodiscard]] std::string const& pointer() const { return pointer_; }

    /// What was wrong, if anything was; else adds the unread members to `ignored`.
    std::optional<problem> finish(ignored_members& ignored) const;
    /// The same for what no client of the reference sends: an unread member is wrong too.
    std::optional<problem> finish_strictly() const;

private:
    /// The last member called `name` that is not null. All of them must satisfy `fits`.
    json const* find(std::string_view name, std::string_view wanted, bool (*fits)(json const&));
    void fail(std::string_view pointer, std::string_view wanted, json const& value);

    json const* object_ = nullptr;
    std::string pointer_;
    std::vector<std::string_view> known_;
    std::optional<problem> fault_;
};

/// `pointer must be a <wanted>, not a <what it is>`, as a 400.
problem wrong_type(std::string_view pointer, std::string_view wanted, json const& value);

}  // namespace aconite::api
