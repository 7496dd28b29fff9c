#include "clients/experiment/file/settings.hpp"

namespace aconite::experiment {

settings::entry const* settings::find(std::string_view name) const
{
    auto const found = entries_.find(name);
    return found == entries_.end() ? nullptr : &found->second;
}

place settings::at(std::string_view name) const
{
    auto const* found = find(name);
    return found != nullptr ? found->at : place{};
}

std::string settings::text(std::string_view name, std::string_view fallback) const
{
    auto const* found = find(name);
    if (found == nullptr)
        return std::string(fallback);
    return found->value.is_string() ? found->value.get<std::string>() : found->value.dump();
}

double settings::number(std::string_view name, double fallback) const
{
    auto const* found = find(name);
    return found != nullptr && found->value.is_number() ? found->value.get<double>() : fallback;
}

std::int64_t settings::whole(std::string_view name, std::int64_t fallback) const
{
    auto const* found = find(name);
    return found != nullptr && found->value.is_number() ? found->value.get<std::int64_t>()
                                                        : fallback;
}

bool settings::flag(std::string_view name, bool fallback) const
{
    auto const* found = find(name);
    return found != nullptr && found->value.is_boolean() ? found->value.get<bool>() : fallback;
}

nanoseconds settings::duration(std::string_view name, nanoseconds fallback) const
{
    auto const* found = find(name);
    return found != nullptr && found->value.is_number()
               ? nanoseconds(found->value.get<std::int64_t>())
               : fallback;
}

std::vector<std::string> settings::words(std::string_view name) const
{
    std::vector<std::string> found;
    if (auto const* list = any(name); list != nullptr && list->is_array())
        for (auto const& each : *list)
            found.push_back(each.is_string() ? each.get<std::string>() : each.dump());
    return found;
}

json const* settings::any(std::string_view name) const
{
    auto const* found = find(name);
    return found != nullptr ? &found->value : nullptr;
}

json settings::to_json() const
{
    auto all = json::object();
    for (auto const& [name, each] : entries_)
        all[name] = each.written.empty() ? each.value : json(each.written);
    return all;
}

}  // namespace aconite::experiment
