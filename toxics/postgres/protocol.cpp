#include "toxics/postgres/protocol.hpp"

#include "toxics/postgres/follower.hpp"

namespace aconite::postgres {
namespace {

constexpr std::string_view states[] = {"", "idle", "transaction", "failed"};
constexpr std::string_view phases[] = {"query", "startup", "authentication",
                                       "copy",  "cancel",  "terminate"};

constexpr attribute match_attributes[] = {
    {.name = "query",
     .summary = "regular expression on the statement, of which 8192 bytes are looked at",
     .kind = attribute_kind::pattern,
     .extra = true},
    {.name = "command",
     .summary = "what the statement begins with: INSERT,UPDATE; END is COMMIT, ABORT is ROLLBACK",
     .kind = attribute_kind::list,
     .extra = true},
    {.name = "user",
     .summary = "who logged in, one or more",
     .kind = attribute_kind::list,
     .extra = true},
    {.name = "database",
     .summary = "where to, one or more",
     .kind = attribute_kind::list,
     .extra = true},
    {.name = "application_name",
     .summary = "regular expression on what the session is called now",
     .kind = attribute_kind::pattern,
     .extra = true},
    {.name = "state",
     .summary = "of the session, as the server told last",
     .kind = attribute_kind::choice,
     .names = states,
     .extra = true},
    {.name = "phase",
     .summary = "what the operation is a part of",
     .kind = attribute_kind::choice,
     .names = phases,
     .extra = true},
};
static_assert(std::size(match_attributes) == field_count);

std::unique_ptr<conversation> make_follower(std::shared_ptr<protocol_common> const& common)
{
    return std::make_unique<follower>(std::static_pointer_cast<session_keys>(common));
}

std::shared_ptr<protocol_common> make_keys()
{
    return std::make_shared<session_keys>();
}

}  // namespace

constinit protocol_type const protocol{
    .name = "postgres",
    .summary = "PostgreSQL's protocol, version 3",
    .match = match_attributes,
    .make = &make_follower,
    .make_common = &make_keys,
};

}  // namespace aconite::postgres
