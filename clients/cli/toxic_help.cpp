#include "clients/cli/toxic_help.hpp"

#include <aconite/toxic_type.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace aconite::cli {

std::string toxic_help()
{
    auto const registry = toxic_registry::builtin();
    std::size_t width = 0;  // of the widest name=<unit>
    for (auto const* type : registry.all())
        for (auto const& row : type->attributes)
            width = std::max(width, row.name.size() + row.unit.size() + 3);

    std::string out = "Toxics and their attributes:\n";
    for (auto const* type : registry.all()) {
        out += fmt::format("  {:<{}}  {}\n", type->name, width + 2, type->summary);
        for (auto const& row : type->attributes) {
            out += fmt::format("    {:<{}}  {}", fmt::format("{}=<{}>", row.name, row.unit), width,
                               row.summary);
            out += row.fallback == 0 ? "\n" : fmt::format(" (default {})\n", row.fallback);
        }
    }
    return out;
}

}  // namespace aconite::cli
