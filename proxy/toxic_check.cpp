#include "proxy/toxic_check.hpp"

#include <algorithm>
#include <utility>

namespace aconite {

std::string_view to_text(stream s)
{
    return s == stream::upstream ? "upstream" : "downstream";
}

std::string default_name(toxic_config const& config)
{
    if (!config.name.empty())
        return config.name;
    return config.type + "_" + std::string(to_text(config.direction));
}

result<toxic_type const*> find_type(toxic_registry const& known, toxic_config const& config)
{
    auto const* found = known.find(config.type);
    if (found == nullptr)
        return problem{400, "invalid toxic type"};
    return found;
}

result<attribute_values> check_values(toxic_type const& type, attribute_values values,
                                      attribute_list const& changes)
{
    for (auto const& [name, value] : changes)
        if (auto const set = values.set(name, value); !set)
            return set.error();
    if (type.check != nullptr)
        if (auto const fits = type.check(values); !fits)
            return fits.error();
    return values;
}

result<toxic_entry> check_toxic(toxic_type const& type, toxic_config const& config)
{
    auto values = check_values(type, attribute_values(type.attributes), config.attributes);
    if (!values)
        return values.error();
    toxic_entry made;
    made.name = default_name(config);
    made.direction = config.direction;
    made.planned.type = &type;
    made.planned.values = *std::move(values);
    made.planned.toxicity = config.toxicity;
    return made;
}

result<std::vector<toxic_entry>> check_toxics(toxic_registry const& known,
                                              std::vector<toxic_config> const& configs)
{
    std::vector<toxic_entry> all;
    for (auto const& config : configs) {
        auto const type = find_type(known, config);
        if (!type)
            return type.error();
        if (std::ranges::find(all, default_name(config), &toxic_entry::name) != all.end())
            return problem{409, "toxic already exists"};
        auto made = check_toxic(**type, config);
        if (!made)
            return made.error();
        all.push_back(*std::move(made));
    }
    return all;
}

}  // namespace aconite
