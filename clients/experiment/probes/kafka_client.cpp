// kafka_reader: the client, and what it asks of partitions and groups.

#include "clients/experiment/probes/faults.hpp"
#include "clients/experiment/probes/kafka_reader.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <charconv>

namespace aconite::experiment {
namespace {

constexpr int shortest_timeout_ms = 1000;
constexpr int longest_timeout_ms = 60'000;

template <class T, void (*Free)(T*)>
struct kafka_free {
    void operator()(T* what) const { Free(what); }
};
template <class T, void (*Free)(T*)>
using kafka_handle = std::unique_ptr<T, kafka_free<T, Free>>;
using conf_handle = kafka_handle<rd_kafka_conf_t, rd_kafka_conf_destroy>;
using topic_handle = kafka_handle<rd_kafka_topic_t, rd_kafka_topic_destroy>;
using list_handle =
    kafka_handle<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;

void free_metadata(struct rd_kafka_metadata const* what)
{
    rd_kafka_metadata_destroy(what);
}
using metadata_handle = kafka_handle<struct rd_kafka_metadata const, free_metadata>;

/// What is over soon by itself: a topic that was just made has no leader yet, a group no
/// coordinator, and that a connection had broken before is noticed by the first that uses it.
bool is_passing_by(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR__TRANSPORT ||
           error == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
           error == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
           error == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
           error == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS ||
           error == RD_KAFKA_RESP_ERR_NOT_COORDINATOR;
}

/// Asks until the answer is another than that, or the time is over.
template <class Ask>
rd_kafka_resp_err_t ask_again(rd_kafka_t* client, deadline const& until, Ask ask)
{
    constexpr int pause_ms = 20;
    while (true) {
        auto const error = ask();
        if (!is_passing_by(error) || until.passed())
            return error;
        rd_kafka_poll(client, std::min(until.left_ms(), pause_ms));
    }
}

}  // namespace

kafka_reader::kafka_reader(kafka_settings what)
    : what_(std::move(what)), who_("kafka " + what_.brokers + ", topic " + what_.topic)
{}

kafka_reader::~kafka_reader() = default;

void kafka_reader::destroy::operator()(rd_kafka_s* client) const
{
    rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

result<void> kafka_reader::open(deadline const& until)
{
    if (client_ != nullptr)
        return {};
    auto const timeout =
        std::to_string(std::clamp(until.left_ms(), shortest_timeout_ms, longest_timeout_ms));
    std::vector<std::pair<std::string, std::string>> all = {
        {"bootstrap.servers", what_.brokers},
        {"client.id", "aconite-experiment"},
        {"allow.auto.create.topics", "false"},
        {"auto.offset.reset", "error"},
        {"enable.auto.commit", "false"},
        {"enable.partition.eof", "true"},
        {"isolation.level", what_.committed ? "read_committed" : "read_uncommitted"},
        // Who fell silent is left, and who went is sought again, about as often as we look.
        {"socket.timeout.ms", timeout},
        {"socket.connection.setup.timeout.ms", timeout},
        {"api.version.request.timeout.ms", timeout},
        {"reconnect.backoff.ms", "50"},
        {"reconnect.backoff.max.ms", "500"},
        {"fetch.wait.max.ms", "50"},
    };
    if (!what_.group.empty())
        all.emplace_back("group.id", what_.group);
    all.insert(all.end(), what_.more.begin(), what_.more.end());
    conf_handle conf(rd_kafka_conf_new());
    char why[512] = {};
    for (auto const& [name, text] : all)
        if (rd_kafka_conf_set(conf.get(), name.c_str(), text.c_str(), why, sizeof why) !=
            RD_KAFKA_CONF_OK)
            return wrong(who_, why);
    rd_kafka_conf_set_opaque(conf.get(), words_.get());
    rd_kafka_conf_set_log_cb(
        conf.get(), [](rd_kafka_t const* client, int, char const*, char const* text) {
            auto* const words = static_cast<last_words*>(rd_kafka_opaque(client));
            std::lock_guard const lock(words->mutex);
            words->text = text;
        });
    client_.reset(rd_kafka_new(RD_KAFKA_CONSUMER, conf.get(), why, sizeof why));
    if (client_ == nullptr)
        return wrong(who_, why);
    static_cast<void>(conf.release());  // the client has it
    if (rd_kafka_brokers_add(client_.get(), what_.brokers.c_str()) == 0) {
        client_.reset();
        return wrong(who_, "brokers has no address: host:port, with commas between them");
    }
    return {};
}

problem kafka_reader::fault(int error, deadline const& until) const
{
    std::string words;
    {
        std::lock_guard const lock(words_->mutex);
        words = words_->text;
    }
    auto const code = static_cast<rd_kafka_resp_err_t>(error);
    if (code == RD_KAFKA_RESP_ERR__TIMED_OUT || code == RD_KAFKA_RESP_ERR__TRANSPORT ||
        code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || code == RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE ||
        code == RD_KAFKA_RESP_ERR__WAIT_COORD) {
        auto text = "no answer within " + experiment::to_text(nanoseconds(until.limit()));
        return absent(who_, words.empty() ? text : text + ": " + words);
    }
    switch (code) {
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
        return wrong(who_, "there is no such topic");
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
        return absent(who_, rd_kafka_err2str(code));
    default:
        return wrong(who_, rd_kafka_err2str(code));
    }
}

result<std::vector<std::int32_t>> kafka_reader::partitions(deadline const& until)
{
    if (auto const opened = open(until); !opened)
        return opened.error();
    topic_handle const topic(rd_kafka_topic_new(client_.get(), what_.topic.c_str(), nullptr));
    if (topic == nullptr)
        return wrong(who_, rd_kafka_err2str(rd_kafka_last_error()));
    metadata_handle found;
    auto const error = ask_again(client_.get(), until, [&] {
        struct rd_kafka_metadata const* all = nullptr;
        auto const failed = rd_kafka_metadata(client_.get(), 0, topic.get(), &all, until.left_ms());
        found.reset(all);
        bool const is_there = failed == RD_KAFKA_RESP_ERR_NO_ERROR && all->topic_cnt == 1;
        return is_there ? all->topics[0].err : failed;
    });
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        return fault(error, until);
    if (found->topic_cnt != 1)
        return wrong(who_, "there is no such topic");
    auto const& one = found->topics[0];
    std::vector<std::int32_t> numbers;
    for (int i = 0; i < one.partition_cnt; ++i)
        numbers.push_back(one.partitions[i].id);
    std::ranges::sort(numbers);
    return numbers;
}

result<kafka_span> kafka_reader::span(std::int32_t partition, deadline const& until)
{
    kafka_span made{partition};
    auto const error = ask_again(client_.get(), until, [&] {
        return rd_kafka_query_watermark_offsets(client_.get(), what_.topic.c_str(), partition,
                                                &made.begin, &made.end, until.left_ms());
    });
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        return fault(error, until);
    return made;
}

result<std::vector<kafka_span>> kafka_reader::spans(deadline const& until)
{
    auto const numbers = partitions(until);
    if (!numbers)
        return numbers.error();
    std::vector<kafka_span> all;
    for (auto const each : *numbers) {
        auto const found = span(each, until);
        if (!found)
            return found.error();
        all.push_back(*found);
    }
    return all;
}

result<std::int64_t> kafka_reader::lag(deadline const& until)
{
    auto const all = spans(until);
    if (!all)
        return all.error();
    list_handle const list(rd_kafka_topic_partition_list_new(static_cast<int>(all->size())));
    for (auto const& each : *all)
        rd_kafka_topic_partition_list_add(list.get(), what_.topic.c_str(), each.partition);
    auto const error = ask_again(client_.get(), until, [&] {
        return rd_kafka_committed(client_.get(), list.get(), until.left_ms());
    });
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
        return fault(error, until);
    std::int64_t sum = 0;
    for (auto const& each : *all) {
        auto const* found =
            rd_kafka_topic_partition_list_find(list.get(), what_.topic.c_str(), each.partition);
        if (found == nullptr || found->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            return fault(found == nullptr ? RD_KAFKA_RESP_ERR__BAD_MSG : found->err, until);
        sum += each.end - std::clamp(found->offset, each.begin, each.end);
    }
    // A number alone could be the status of a problem as well.
    return result<std::int64_t>(boost::system::in_place_value, sum);
}

}  // namespace aconite::experiment
