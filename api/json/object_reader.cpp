#include "api/json/object_reader.hpp"

#include "proxy/net/letters.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

namespace aconite::api {
namespace {

bool fits_integer(json const& value)
{
    if (value.is_number_unsigned())
        return value.get<std::uint64_t>() <= std::numeric_limits<std::int64_t>::max();
    return value.is_number_integer();
}

bool fits_float(json const& value)
{
    if (!value.is_number())
        return false;
    auto const number = value.get<double>();
    constexpr double bound = 3.4028235e38;  // the largest float, as we tell it
    return number >= -bound && number <= bound;
}

std::string_view kind_of(json const& value)
{
    switch (value.type()) {
    case json::value_t::null:
        return "null";
    case json::value_t::object:
        return "an object";
    case json::value_t::array:
        return "an array";
    case json::value_t::string:
        return "a string";
    case json::value_t::boolean:
        return "a boolean";
    default:
        return "the number ";
    }
}

}  // namespace

problem bad_body(std::string_view detail)
{
    return {400, fmt::format("bad request body: {}", detail)};
}

std::string pointer_to(std::string_view pointer, std::string_view name)
{
    auto const quoted = json(name.substr(0, 60))
                            .dump(-1, ' ', /*ensure_ascii=*/true, json::error_handler_t::replace);
    std::string step(pointer);
    step += '/';
    for (char const c : std::string_view(quoted).substr(1, quoted.size() - 2)) {
        if (c == '~')
            step += "~0";
        else if (c == '/')
            step += "~1";
        else if (c != '\x7f')
            step += c;
    }
    return step;
}

problem wrong_type(std::string_view pointer, std::string_view wanted, json const& value)
{
    auto const number = value.is_number() ? value.dump() : std::string();
    return bad_body(fmt::format("{} must be {}, not {}{}", pointer.empty() ? "the body" : pointer,
                                wanted, kind_of(value), number));
}

object_reader::object_reader(json const& value, std::string pointer) : pointer_(std::move(pointer))
{
    if (value.is_object())
        object_ = &value;
    else if (!value.is_null())
        fail(pointer_, "an object", value);
}

std::optional<std::string> object_reader::text(std::string_view name)
{
    auto const* found = find(name, "a string", [](json const& v) { return v.is_string(); });
    return found ? std::optional(found->get<std::string>()) : std::nullopt;
}

std::optional<bool> object_reader::flag(std::string_view name)
{
    auto const* found = find(name, "true or false", [](json const& v) { return v.is_boolean(); });
    return found ? std::optional(found->get<bool>()) : std::nullopt;
}

std::optional<std::int64_t> object_reader::integer(std::string_view name)
{
    auto const* found = find(name, "a whole number of 64 bits", fits_integer);
    return found ? std::optional(found->get<std::int64_t>()) : std::nullopt;
}

std::optional<float> object_reader::number(std::string_view name)
{
    auto const* found = find(name, "a number of 32 bits", fits_float);
    return found ? std::optional(static_cast<float>(found->get<double>())) : std::nullopt;
}

std::optional<double> object_reader::real(std::string_view name)
{
    auto const* found = find(name, "a number", [](json const& v) { return v.is_number(); });
    return found ? std::optional(found->get<double>()) : std::nullopt;
}

std::optional<named_numbers> object_reader::numbers(std::string_view name)
{
    auto const only_numbers = [](json const& v) {
        return v.is_object() && std::ranges::all_of(v, [](json const& e) { return e.is_number(); });
    };
    auto const* found = find(name, "an object of numbers", only_numbers);
    if (found == nullptr)
        return std::nullopt;
    named_numbers numbers;
    for (auto const& [key, value] : found->get_ref<json::object_t const&>())
        numbers.emplace_back(key, value.get<double>());
    return numbers;
}

json const* object_reader::object(std::string_view name)
{
    return find(name, "an object", [](json const& v) { return v.is_object(); });
}

json const* object_reader::array(std::string_view name)
{
    return find(name, "an array", [](json const& v) { return v.is_array(); });
}

json const* object_reader::text_or_object(std::string_view name)
{
    return find(name, "a string or an object",
                [](json const& v) { return v.is_string() || v.is_object(); });
}

std::optional<problem> object_reader::finish(ignored_members& ignored) const
{
    if (fault_ || object_ == nullptr)
        return fault_;
    for (auto const& member : object_->get_ref<json::object_t const&>()) {
        auto const& name = member.first;
        auto const same = [&](std::string_view known) { return same_name(known, name); };
        if (std::ranges::none_of(known_, same))
            ignored.push_back(pointer_to(pointer_, name));
    }
    return std::nullopt;
}

std::optional<problem> object_reader::finish_strictly() const
{
    ignored_members unknown;
    if (auto const fault = finish(unknown))
        return fault;
    if (!unknown.empty())
        return bad_body(fmt::format("{} is not known there; there are: {}", unknown.front(),
                                    fmt::join(known_, ", ")));
    return std::nullopt;
}

json const* object_reader::find(std::string_view name, std::string_view wanted,
                                bool (*fits)(json const&))
{
    known_.push_back(name);
    if (object_ == nullptr)
        return nullptr;
    json const* last = nullptr;
    for (auto const& [key, value] : object_->get_ref<json::object_t const&>()) {
        if (value.is_null() || !same_name(key, name))
            continue;
        if (fits(value))
            last = &value;
        else
            fail(pointer_to(pointer_, key), wanted, value);
    }
    return last;
}

void object_reader::fail(std::string_view pointer, std::string_view wanted, json const& value)
{
    if (!fault_)
        fault_ = wrong_type(pointer, wanted, value);
}

}  // namespace aconite::api
