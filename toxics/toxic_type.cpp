#include <aconite/toxic_type.hpp>

#include <algorithm>
#include <stdexcept>

namespace aconite {
namespace {

/// Position of `name` in `row`, or the row's size.
std::size_t position_of(std::span<attribute const> row, std::string_view name)
{
    auto const found = std::ranges::find(row, name, &attribute::name);
    return static_cast<std::size_t>(found - row.begin());
}

problem out_of_bounds(attribute const& a, std::int64_t value)
{
    std::string text = "bad request body: attribute '";
    text.append(a.name).append("' must be between ");
    text.append(std::to_string(a.minimum)).append(" and ").append(std::to_string(a.maximum));
    if (!a.unit.empty())
        text.append(" ").append(a.unit);
    text.append(", not ").append(std::to_string(value));
    return {400, std::move(text)};
}

}  // namespace

attribute_values::attribute_values(std::span<attribute const> row) : row_(row)
{
    values_.reserve(row.size());
    for (attribute const& a : row)
        values_.push_back(a.fallback);
}

std::int64_t attribute_values::operator[](std::string_view name) const
{
    auto const at = position_of(row_, name);
    if (at == row_.size())
        throw std::out_of_range("no such attribute: " + std::string(name));
    return values_[at];
}

std::chrono::milliseconds attribute_values::ms(std::string_view name) const
{
    return std::chrono::milliseconds((*this)[name]);
}

std::chrono::microseconds attribute_values::us(std::string_view name) const
{
    return std::chrono::microseconds((*this)[name]);
}

result<void> attribute_values::set(std::string_view name, std::int64_t value)
{
    auto const at = position_of(row_, name);
    if (at == row_.size())
        return problem{400, "bad request body: unknown attribute '" + std::string(name) + "'"};
    if (value < row_[at].minimum || value > row_[at].maximum)
        return out_of_bounds(row_[at], value);
    values_[at] = value;
    return {};
}

void toxic_registry::add(toxic_type const& type)
{
    auto const same = std::ranges::find(types_, type.name, &toxic_type::name);
    if (same == types_.end())
        types_.push_back(&type);
    else
        *same = &type;
}

toxic_type const* toxic_registry::find(std::string_view name) const
{
    auto const found = std::ranges::find(types_, name, &toxic_type::name);
    return found == types_.end() ? nullptr : *found;
}

}  // namespace aconite
