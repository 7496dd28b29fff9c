#include <aconite/toxic_type.hpp>

#include <algorithm>

namespace aconite {

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
