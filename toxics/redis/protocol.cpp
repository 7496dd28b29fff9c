#include "toxics/redis/protocol.hpp"

#include "toxics/redis/common.hpp"
#include "toxics/redis/follower.hpp"

#include <iterator>
#include <memory>

namespace aconite::redis {
namespace {

constexpr std::string_view in_multi_names[] = {"", "yes", "no"};
constexpr std::string_view operation_kinds[] = {"command", "push"};

constexpr attribute match_attributes[] = {
    {.name = "command",
     .summary = "which commands, or commands with subcommands: GET,CONFIG SET; of a push what it "
                "begins with: message,invalidate",
     .kind = attribute_kind::list,
     .extra = true},
    {.name = "key",
     .summary = "a glob as of KEYS that fits one of the command's keys, or the channel of a "
                "message: user:*",
     .kind = attribute_kind::pattern,
     .extra = true,
     .glob = true},
    {.name = "database",
     .summary = "that was selected; -1: any",
     .fallback = -1,
     .minimum = -1,
     .maximum = INT32_MAX,
     .extra = true},
    {.name = "client_name",
     .summary = "regular expression that fits all of what CLIENT SETNAME said",
     .kind = attribute_kind::pattern,
     .extra = true,
     .whole = true},
    {.name = "user",
     .summary = "who logged in, one or more; default, if nobody did",
     .kind = attribute_kind::list,
     .extra = true},
    {.name = "in_multi",
     .summary = "whether it stands between MULTI and EXEC",
     .kind = attribute_kind::choice,
     .names = in_multi_names,
     .extra = true},
    {.name = "arguments",
     .unit = "words",
     .summary = "how many the command has, with its name, as COMMAND counts them; -1: any",
     .fallback = -1,
     .minimum = -1,
     .maximum = INT32_MAX,
     .extra = true},
    {.name = "kind",
     .summary = "commands, or what the server sends without being asked",
     .kind = attribute_kind::choice,
     .names = operation_kinds,
     .extra = true},
};
static_assert(std::size(match_attributes) == fact_count);

std::unique_ptr<conversation> make_follower(std::shared_ptr<protocol_common> const& common)
{
    return std::make_unique<follower>(std::static_pointer_cast<proxy_memory>(common));
}

std::shared_ptr<protocol_common> make_common()
{
    return std::make_shared<proxy_memory>();
}

}  // namespace

constinit protocol_type const protocol{
    .name = "redis",
    .summary = "Redis' protocol, RESP2 and RESP3; Valkey's too",
    .match = match_attributes,
    .make = &make_follower,
    .make_common = &make_common,
    .has_brokers = true,
};

}  // namespace aconite::redis
