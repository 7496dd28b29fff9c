#include <aconite/aim.hpp>
#include <aconite/toxic_type.hpp>

#include <algorithm>

namespace aconite {

std::vector<attribute> toxic_type::match_attributes() const
{
    std::vector<attribute> row(match_row().begin(), match_row().end());
    if (protocol != nullptr)
        row.insert(row.end(), protocol->match.begin(), protocol->match.end());
    return row;
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

std::vector<attribute> toxic_registry::match_attributes() const
{
    std::vector<attribute> row(match_row().begin(), match_row().end());
    for (auto const* protocol : protocols())
        row.insert(row.end(), protocol->match.begin(), protocol->match.end());
    return row;
}

std::vector<protocol_type const*> toxic_registry::protocols() const
{
    std::vector<protocol_type const*> found;
    for (auto const* type : types_)
        if (type->protocol != nullptr && std::ranges::find(found, type->protocol) == found.end())
            found.push_back(type->protocol);
    return found;
}

protocol_type const* toxic_registry::find_protocol(std::string_view name) const
{
    auto const all = protocols();
    auto const found = std::ranges::find(all, name, &protocol_type::name);
    return found == all.end() ? nullptr : *found;
}

}  // namespace aconite
