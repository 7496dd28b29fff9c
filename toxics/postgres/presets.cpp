#include "toxics/postgres/presets.hpp"

#include <algorithm>
#include <utility>

namespace aconite::postgres {
namespace {

/// Of codes that no preset has.
constexpr std::pair<std::string_view, std::string_view> other_messages[] = {
    {"28P01", "password authentication failed for user"},
    {"28000", "no pg_hba.conf entry for host"},
    {"3D000", "database does not exist"},
    {"25P02", "current transaction is aborted, commands ignored until end of transaction block"},
    {"23503", "insert or update on table violates foreign key constraint"},
    {"42501", "permission denied"},
    {"53200", "out of memory"},
    {"08006", "connection failure"},
    {"XX000", "internal error"},
};

}  // namespace

std::string_view usual_message(std::string_view sqlstate)
{
    if (auto const* known = std::ranges::find(all_presets, sqlstate, &preset::sqlstate);
        known != std::end(all_presets))
        return known->message;
    auto const* known = std::ranges::find(other_messages, sqlstate,
                                          &std::pair<std::string_view, std::string_view>::first);
    return known == std::end(other_messages) ? "error made by aconite" : known->second;
}

}  // namespace aconite::postgres
