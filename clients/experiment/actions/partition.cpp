#include "clients/experiment/actions/rows.hpp"
#include "clients/experiment/actions/toxics.hpp"

#include <array>

namespace aconite::experiment {
namespace {

constexpr std::array partition_fields{
    field{.name = "targets",
          .type = field_type::words,
          .about = "the proxies, or targets that have one, between which nothing passes"},
};

result<std::unique_ptr<action>>
make_partition(settings const&, std::vector<target const*> const& aimed, surroundings const& where)
{
    if (aimed.empty())
        return problem{400, "partition: at least one target is needed"};
    std::vector<planned_toxic> toxics;
    for (auto const* each : aimed) {
        auto at = aimed_proxy_of(*each, where);
        if (!at)
            return at.error();
        toxics.push_back({std::move(*at), partition_body()});
    }
    return make_toxics(std::move(toxics), where.seed);
}

}  // namespace

json partition_body()
{
    return {{"type", "partition"}, {"attributes", json::object()}};
}

constinit action_kind const partition_row{
    .row = {.name = "partition",
            .about = "nothing passes these proxies, in either direction, and nothing is closed",
            .fields = partition_fields,
            .primary = "targets",
            .example = "{partition: [redis, kafka]}"},
    .aims_at = "proxy",
    .make = make_partition};

}  // namespace aconite::experiment
