// The words of aconite/kafka.hpp, redis.hpp, mongodb.hpp and frame.hpp: an engine takes each of
// them, and there is one for each preset.
#include "toxics/kafka/presets.hpp"
#include "toxics/mongodb/presets.hpp"
#include "toxics/redis/presets.hpp"

#include <aconite/engine.hpp>
#include <aconite/frame.hpp>
#include <aconite/kafka.hpp>
#include <aconite/mongodb.hpp>
#include <aconite/redis.hpp>
#include <aconite/scoped_proxy.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

/// What a proxy of that protocol knows of the toxics that were added to it, one at a time.
std::vector<toxic_info> taken(std::string protocol, std::vector<toxic_config> const& toxics)
{
    engine e;
    proxy_config config{"here", "127.0.0.1:0", "127.0.0.1:1"};
    if (protocol == "frame")
        config.protocol_settings = {{"frame", std::string("length")}};
    config.protocol = std::move(protocol);
    scoped_proxy proxy(e, config);
    std::vector<toxic_info> made;
    for (auto const& toxic : toxics) {
        auto const added = proxy.add(toxic);
        made.push_back(e.proxy("here").value().toxics.at(0));
    }
    return made;
}

std::set<std::string> values_of(std::vector<toxic_info> const& toxics, std::string_view name)
{
    std::set<std::string> found;
    for (auto const& toxic : toxics)
        for (auto const& [key, value] : toxic.attributes)
            if (key == name)
                found.insert(std::get<std::string>(value));
    return found;
}

TEST(protocol_words, of_kafka)
{
    auto const presets =
        taken("kafka", {kafka::lost_event(), kafka::duplicate_on_retry(), kafka::leader_election(),
                        kafka::coordinator_moved(), kafka::rebalance_storm(), kafka::broker_down(),
                        kafka::slow_broker(), kafka::quota(), kafka::fenced_producer(),
                        kafka::unauthorized_topic(), kafka::disk_full()});
    EXPECT_EQ(values_of(presets, "preset").size(), std::size(kafka::all_presets));
    auto const faults = taken("kafka", {kafka::error("NOT_LEADER_OR_FOLLOWER"), kafka::lose_reply(),
                                        kafka::lose_request(), kafka::empty_fetch(),
                                        kafka::stale_metadata(5s), kafka::hide_broker(1)});
    EXPECT_EQ(values_of(faults, "fault"),
              (std::set<std::string>{"error", "lose_reply", "lose_request", "empty_fetch",
                                     "stale_metadata", "hide_broker"}));
}

TEST(protocol_words, of_redis)
{
    auto const presets =
        taken("redis", {redis::loading(), redis::failover(), redis::down(), redis::cache_stampede(),
                        redis::slow_keys(), redis::lost_invalidation(), redis::cluster_reshard(),
                        redis::ask(), redis::max_clients()});
    EXPECT_EQ(values_of(presets, "preset").size(), std::size(redis::all_presets));
    auto const faults =
        taken("redis", {redis::error("OOM"), redis::moved("127.0.0.1:7001"), redis::lose_reply(),
                        redis::lose_request(), redis::nil(), redis::stale(5s), redis::drop_push()});
    EXPECT_EQ(values_of(faults, "fault"),
              (std::set<std::string>{"error", "lose_reply", "lose_request", "nil", "stale",
                                     "drop_push"}));
}

TEST(protocol_words, of_mongodb)
{
    auto const presets =
        taken("mongodb",
              {mongodb::not_primary(), mongodb::stepdown(), mongodb::shutdown(),
               mongodb::write_conflict(), mongodb::retryable_write(), mongodb::lost_write_ack(),
               mongodb::commit_unknown(), mongodb::lost_cursor(), mongodb::slow_reads()});
    EXPECT_EQ(values_of(presets, "preset").size(), std::size(mongodb::all_presets));
    auto const faults = taken(
        "mongodb", {mongodb::error("WriteConflict"), mongodb::lose_reply(), mongodb::disconnect()});
    EXPECT_EQ(values_of(faults, "fault"),
              (std::set<std::string>{"error", "lose_reply", "disconnect"}));
}

TEST(protocol_words, of_frames)
{
    auto const made =
        taken("frame", {frame::late(5ms), frame::drop(), frame::duplicate(2), frame::replace("no"),
                        frame::replace_hex("00 ff"), frame::truncate(3), frame::reorder(2),
                        frame::disconnect(), frame::lose_reply()});
    EXPECT_EQ(values_of(made, "fault"),
              (std::set<std::string>{"drop", "duplicate", "replace", "truncate", "reorder",
                                     "disconnect", "lose_reply"}));
    ASSERT_EQ(made.size(), 9U);
    EXPECT_EQ(made.front().direction, stream::downstream);
    EXPECT_EQ(made.back().direction, stream::upstream);
}

}  // namespace
}  // namespace aconite::testing
