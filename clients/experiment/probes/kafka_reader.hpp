#pragma once

#include "clients/experiment/values/deadline.hpp"
#include "clients/experiment/values/value.hpp"

#include <aconite/problem.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct rd_kafka_s;
struct rd_kafka_topic_s;

namespace aconite::experiment {

/// Which topic, and how its brokers are spoken to.
struct kafka_settings {
    std::string topic;
    std::string brokers;     ///< `host:port`, with commas between them
    std::string group{};     ///< whose committed offsets are asked for; empty: nobody's
    bool committed = false;  ///< read no records of transactions that are open or aborted
    std::vector<std::pair<std::string, std::string>> more{};  ///< librdkafka's own properties
};

/// What a partition holds: offsets of its first record and behind its last.
struct kafka_span {
    std::int32_t partition = 0;
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

/// One record, as long as the call lasts.
struct kafka_record {
    std::string_view key;  ///< empty if there is none
    std::string_view value;
};

/// Reads one topic and joins no group. librdkafka keeps its connections and makes them anew; it
/// writes no line anywhere. One thread at a time.
class kafka_reader {
public:
    explicit kafka_reader(kafka_settings what);
    ~kafka_reader();
    kafka_reader(kafka_reader const&) = delete;
    kafka_reader& operator=(kafka_reader const&) = delete;

    /// Of every partition, by number. `status_wrong` if there is no such topic: none is made.
    result<std::vector<kafka_span>> spans(deadline const& until);
    /// How many offsets the group has still before it, over all partitions; where it has committed
    /// none, all there are.
    result<std::int64_t> lag(deadline const& until);
    /// What `pick` makes of every record that was there at the begin of the call, by partition and
    /// offset. `status_wrong` for more than 100,000.
    result<id_list> records(std::function<std::string(kafka_record const&)> const& pick,
                            deadline const& until);
    /// `kafka 127.0.0.1:9092, topic orders`, for problems.
    [[nodiscard]] std::string const& who() const { return who_; }

private:
    /// What librdkafka's threads log last: why there is no connection.
    struct last_words {
        std::mutex mutex;
        std::string text;
    };
    struct destroy {
        void operator()(rd_kafka_s* client) const;
    };

    result<void> open(deadline const& until);
    result<std::vector<std::int32_t>> partitions(deadline const& until);
    result<kafka_span> span(std::int32_t partition, deadline const& until);
    /// `error` is one of librdkafka's.
    [[nodiscard]] problem fault(int error, deadline const& until) const;

    kafka_settings what_;
    std::string who_;
    std::unique_ptr<last_words> words_ = std::make_unique<last_words>();
    std::unique_ptr<rd_kafka_s, destroy> client_;  ///< its threads write to `words_`
};

}  // namespace aconite::experiment
