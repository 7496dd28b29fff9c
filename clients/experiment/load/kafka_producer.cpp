#include "clients/experiment/load/kafka_producer.hpp"

#include "clients/experiment/load/generator.hpp"

#include <librdkafka/rdkafka.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aconite::experiment {
namespace {

// What is left behind `grace` is thrown away, which takes librdkafka no time.
constexpr int purge_ms = 2'000;
constexpr int report_wait_ms = 50;

/// Of librdkafka's names those that say what has a word here already.
std::string_view kafka_fault(rd_kafka_resp_err_t error)
{
    switch (error) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
        return {};
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
    case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
        return "not sent";
    case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
        return "no answer by the end";
    default:
        return rd_kafka_err2name(error);
    }
}

}  // namespace

void free_kafka_conf::operator()(rd_kafka_conf_s* conf) const
{
    rd_kafka_conf_destroy(conf);
}

void kafka_producer::destroy_producer::operator()(rd_kafka_s* producer) const
{
    rd_kafka_destroy(producer);
}

kafka_producer::kafka_producer(generator_options how, kafka_plan plan, kafka_conf conf,
                               recorder& into)
    : how_(std::move(how)), plan_(std::move(plan)), conf_(std::move(conf)), into_(into)
{}

kafka_producer::~kafka_producer()
{
    kafka_producer::stop({});
}

result<void> kafka_producer::start()
{
    auto* const conf = rd_kafka_conf_dup(conf_.get());
    rd_kafka_conf_set_opaque(conf, this);
    rd_kafka_conf_set_log_cb(conf, [](rd_kafka_t const*, int, char const*, char const*) {});
    rd_kafka_conf_set_dr_msg_cb(conf,
                                [](rd_kafka_t*, rd_kafka_message_t const* message, void* self) {
                                    static_cast<kafka_producer*>(self)->on_report(*message);
                                });
    std::array<char, 512> why{};
    producer_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size()));
    if (!producer_) {
        rd_kafka_conf_destroy(conf);
        return problem{400, fmt::format("producer: {}", why.data())};
    }
    try {
        reporter_ = std::thread([this] { take_reports(); });
        sender_ = std::thread([this] { produce_due(); });
    } catch (std::system_error const& error) {
        kafka_producer::stop({});
        return problem{500, std::string("the load cannot start: ") + error.what()};
    }
    return {};
}

void kafka_producer::produce_due()
{
    arrivals due(time_point::clock::now(), how_.rate, how_.poisson, how_.seed);
    std::unique_lock lock(mutex_);
    for (; how_.count == 0 || due.next().number < how_.count; due.take()) {
        if (ended_.wait_until(lock, due.next().due, [this] { return ending_; }))
            return;
        lock.unlock();
        own_delay_.add(time_point::clock::now() - due.next().due);
        produce(due.next());
        lock.lock();
    }
    all_sent_ = true;
}

void kafka_producer::produce(ticket const& what)
{
    auto const key = plan_.key.filled(*how_.draws, what.number, 0);
    auto const value = plan_.value.filled(*how_.draws, what.number, 0);
    auto* const at = new_flight(what);
    auto const failed = rd_kafka_producev(
        producer_.get(), RD_KAFKA_V_TOPIC(plan_.topic.c_str()),
        RD_KAFKA_V_KEY(plan_.has_key ? key.data() : nullptr, plan_.has_key ? key.size() : 0),
        RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),  // copied, not changed
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE(at), RD_KAFKA_V_END);
    if (failed == RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    auto const sent = take_back(at).sent;
    into_.add({what.due, sent, time_point::clock::now(), false, kafka_fault(failed)});
}

void kafka_producer::take_reports()
{
    for (;;) {
        rd_kafka_poll(producer_.get(), report_wait_ms);
        std::scoped_lock const lock(mutex_);
        if (reports_over_)
            return;
    }
}

void kafka_producer::on_report(rd_kafka_message_s const& message)
{
    auto const was = take_back(static_cast<flight*>(message._private));
    auto const error = kafka_fault(message.err);
    into_.add({was.what.due, was.sent, time_point::clock::now(), error.empty(), error});
}

kafka_producer::flight* kafka_producer::new_flight(ticket const& what)
{
    std::scoped_lock const lock(mutex_);
    if (free_flights_.empty())
        free_flights_.push_back(&flights_.emplace_back());
    auto* const at = free_flights_.back();
    free_flights_.pop_back();
    *at = {what, time_point::clock::now()};
    return at;
}

kafka_producer::flight kafka_producer::take_back(flight* from)
{
    std::scoped_lock const lock(mutex_);
    free_flights_.push_back(from);
    return *from;
}

bool kafka_producer::running() const
{
    std::scoped_lock const lock(mutex_);
    return sender_.joinable() && !ending_ &&
           !(all_sent_ && free_flights_.size() == flights_.size());
}

load_end kafka_producer::stop(std::chrono::milliseconds grace)
{
    if (!producer_)
        return {};
    {
        std::scoped_lock const lock(mutex_);
        ending_ = true;
    }
    ended_.notify_all();
    if (sender_.joinable())
        sender_.join();
    auto const wait = std::clamp<std::int64_t>(grace.count(), 0, 3'600'000);
    if (rd_kafka_flush(producer_.get(), static_cast<int>(wait)) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_flush(producer_.get(), purge_ms);
    }
    {
        std::scoped_lock const lock(mutex_);
        reports_over_ = true;
    }
    if (reporter_.joinable())
        reporter_.join();
    producer_.reset();
    return {{}, own_delay_text(own_delay_), {}};
}

}  // namespace aconite::experiment
