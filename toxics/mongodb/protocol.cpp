#include "toxics/mongodb/protocol.hpp"

#include "toxics/mongodb/follower.hpp"

#include <iterator>
#include <memory>

namespace aconite::mongodb {
namespace {

constexpr std::string_view in_transaction_names[] = {"", "yes", "no"};
constexpr std::string_view kinds[] = {"operation", "opening"};

constexpr attribute match_attributes[] = {
    {.name = "command",
     .summary = "which commands, by the name of their first field: insert,update",
     .kind = attribute_kind::list,
     .extra = true},
    {.name = "database",
     .summary = "name of a database, or a regular expression that fits all of it: shop|shop-.*",
     .kind = attribute_kind::pattern,
     .extra = true,
     .whole = true},
    {.name = "collection",
     .summary = "name of a collection, or a regular expression that fits all of it",
     .kind = attribute_kind::pattern,
     .extra = true,
     .whole = true},
    {.name = "app_name",
     .summary = "regular expression that fits all of what the client calls itself: appName",
     .kind = attribute_kind::pattern,
     .extra = true,
     .whole = true},
    {.name = "in_transaction",
     .summary = "whether it is part of a transaction",
     .kind = attribute_kind::choice,
     .names = in_transaction_names,
     .extra = true},
    {.name = "kind",
     .summary =
         "what applications ask for, or what opens and watches connections: hello and logins",
     .kind = attribute_kind::choice,
     .names = kinds,
     .extra = true},
};
static_assert(std::size(match_attributes) == fact_count);

std::unique_ptr<conversation> make_follower(std::shared_ptr<protocol_common> const&)
{
    return std::make_unique<follower>();
}

}  // namespace

constinit protocol_type const protocol{
    .name = "mongodb",
    .summary = "MongoDB's protocol; clients of a replica set are kept inside the proxy",
    .match = match_attributes,
    .make = &make_follower,
    .has_brokers = true,
};

}  // namespace aconite::mongodb
