#include "toxics/kafka/protocol.hpp"

#include "toxics/kafka/follower.hpp"
#include "toxics/kafka/topics.hpp"

#include <iterator>
#include <memory>

namespace aconite::kafka {
namespace {

constexpr std::string_view acks_names[] = {"", "0", "1", "all"};

constexpr attribute match_attributes[] = {
    {.name = "api",
     .summary = "which requests, by name or by key: Produce,Fetch or 0,1",
     .kind = attribute_kind::list,
     .extra = true},
    {.name = "topic",
     .summary = "name of a topic, or a regular expression that fits all of it: orders|order-.*",
     .kind = attribute_kind::pattern,
     .extra = true,
     .whole = true},
    {.name = "partition",
     .summary = "of the topic; -1: any",
     .fallback = -1,
     .minimum = -1,
     .maximum = INT32_MAX,
     .extra = true},
    {.name = "client_id",
     .summary = "client.id, or a regular expression that fits all of it",
     .kind = attribute_kind::pattern,
     .extra = true,
     .whole = true},
    {.name = "group",
     .summary = "group.id, or a regular expression that fits all of it",
     .kind = attribute_kind::pattern,
     .extra = true,
     .whole = true},
    {.name = "transactional_id",
     .summary = "transactional.id, or a regular expression that fits all of it",
     .kind = attribute_kind::pattern,
     .extra = true,
     .whole = true},
    {.name = "acks",
     .summary = "what a Produce waits for",
     .kind = attribute_kind::choice,
     .names = acks_names,
     .extra = true},
};
static_assert(std::size(match_attributes) == fact_count);

std::unique_ptr<conversation> make_follower(std::shared_ptr<protocol_common> const& common)
{
    return std::make_unique<follower>(std::static_pointer_cast<topics>(common));
}

std::shared_ptr<protocol_common> make_topics()
{
    return std::make_shared<topics>();
}

}  // namespace

constinit protocol_type const protocol{
    .name = "kafka",
    .summary = "Kafka's protocol; clients are kept inside the proxy",
    .match = match_attributes,
    .make = &make_follower,
    .make_common = &make_topics,
    .has_brokers = true,
};

}  // namespace aconite::kafka
