#include "toxics/kafka/protocol.hpp"

#include "proxy/net/letters.hpp"
#include "proxy/net/split.hpp"
#include "toxics/kafka/follower.hpp"
#include "toxics/kafka/schema/tables.hpp"
#include "toxics/kafka/topics.hpp"
#include "toxics/protocol_toxic.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

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

/// Whether toxics act on requests of that name, in letters of any case, or key.
bool is_matched_by(std::string_view text)
{
    return std::ranges::any_of(tables::apis(), [&](api const& each) {
        return find_message(each.key, direction::request) != nullptr &&
               (same_name(each.name, text) || std::to_string(each.key) == text);
    });
}

result<void> check_match(attribute_values const& values)
{
    std::string_view rest = values.text("api");
    while (!rest.empty()) {
        auto const item = take_item(rest);
        if (!is_matched_by(item))
            return toxics::bad_attribute(
                "api", std::string("the names or keys of requests that toxics act on, as "
                                   "Produce,Fetch, not '")
                           .append(item.substr(0, 60))
                           .append("'"));
    }
    return {};
}

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
    .check_match = &check_match,
    .make = &make_follower,
    .make_common = &make_topics,
    .has_brokers = true,
};

}  // namespace aconite::kafka
