// kafka_reader: all records of a topic.

#include "clients/experiment/probes/faults.hpp"
#include "clients/experiment/probes/kafka_reader.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <map>

namespace aconite::experiment {
namespace {

constexpr std::int64_t records_max = 100'000;
constexpr std::size_t bytes_max = 64u << 20;
constexpr std::size_t batch_size = 500;

std::string_view bytes_of(void const* from, std::size_t size)
{
    return from == nullptr ? std::string_view()
                           : std::string_view(static_cast<char const*>(from), size);
}

/// Partitions that are being read into one queue, until it goes.
class partition_queue {
public:
    partition_queue(rd_kafka_t* client, std::string const& topic)
        : topic_(rd_kafka_topic_new(client, topic.c_str(), nullptr)),
          queue_(rd_kafka_queue_new(client))
    {}
    ~partition_queue()
    {
        if (topic_ != nullptr)
            for (auto const each : started_)
                rd_kafka_consume_stop(topic_, each);
        rd_kafka_queue_destroy(queue_);
        if (topic_ != nullptr)
            rd_kafka_topic_destroy(topic_);
    }
    partition_queue(partition_queue const&) = delete;
    partition_queue& operator=(partition_queue const&) = delete;

    rd_kafka_resp_err_t start(kafka_span const& span)
    {
        if (topic_ == nullptr ||
            rd_kafka_consume_start_queue(topic_, span.partition, span.begin, queue_) != 0)
            return rd_kafka_last_error();
        started_.push_back(span.partition);
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    /// Gives each that comes within `wait_ms` to `on_message`.
    template <class OnMessage>
    void take(int wait_ms, OnMessage on_message)
    {
        rd_kafka_message_t* batch[batch_size];
        auto const count = rd_kafka_consume_batch_queue(queue_, wait_ms, batch, batch_size);
        for (ssize_t i = 0; i < count; ++i) {
            on_message(*batch[i]);
            rd_kafka_message_destroy(batch[i]);
        }
    }

private:
    rd_kafka_topic_t* topic_;
    rd_kafka_queue_t* queue_;
    std::vector<std::int32_t> started_;
};

struct partition_content {
    std::int64_t end = 0;
    bool done = false;
    id_list ids{};
};

/// What librdkafka tells of on the way and mends by itself.
bool is_passing(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR__TRANSPORT || error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
           error == RD_KAFKA_RESP_ERR__RESOLVE || error == RD_KAFKA_RESP_ERR__TIMED_OUT ||
           error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
           error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION;
}

}  // namespace

result<id_list> kafka_reader::records(std::function<std::string(kafka_record const&)> const& pick,
                                      deadline const& until)
{
    auto const all = spans(until);
    if (!all)
        return all.error();
    std::map<std::int32_t, partition_content> found;
    std::int64_t count = 0;
    for (auto const& each : *all)
        count += each.end - each.begin;
    if (count > records_max)
        return wrong(who_,
                     fmt::format("has {} records; ids of at most {} are read", count, records_max));
    partition_queue queue(client_.get(), what_.topic);
    for (auto const& each : *all) {
        found[each.partition] = {each.end, each.end <= each.begin};
        if (each.end > each.begin)
            if (auto const error = queue.start(each); error != RD_KAFKA_RESP_ERR_NO_ERROR)
                return fault(error, until);
    }
    std::size_t bytes = 0;
    auto failed = RD_KAFKA_RESP_ERR_NO_ERROR;
    auto const on_message = [&](rd_kafka_message_t const& message) {
        auto const at = found.find(message.partition);
        if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF && at != found.end()) {
            // Behind what does not come: marks of transactions, records compacted or lost.
            at->second.done = true;
        } else if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            if (!is_passing(message.err))
                failed = message.err;
        } else if (at != found.end() && !at->second.done) {
            if (message.offset < at->second.end) {
                auto id = pick({bytes_of(message.key, message.key_len),
                                bytes_of(message.payload, message.len)});
                bytes += id.size();
                at->second.ids.push_back(std::move(id));
            }
            at->second.done = message.offset + 1 >= at->second.end;
        }
    };
    auto const is_done = [&] {
        return std::ranges::all_of(found, [](auto const& each) { return each.second.done; });
    };
    while (!is_done()) {
        if (until.passed())
            return fault(RD_KAFKA_RESP_ERR__TIMED_OUT, until);
        queue.take(std::min(until.left_ms(), 100), on_message);
        if (failed != RD_KAFKA_RESP_ERR_NO_ERROR)
            return fault(failed, until);
        if (bytes > bytes_max)
            return wrong(who_, fmt::format("ids of over {} MiB", bytes_max >> 20));
    }
    id_list ids;
    ids.reserve(static_cast<std::size_t>(count));
    for (auto& [number, each] : found)
        std::ranges::move(each.ids, std::back_inserter(ids));
    return ids;
}

}  // namespace aconite::experiment
