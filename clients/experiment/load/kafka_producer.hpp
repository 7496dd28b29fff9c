#pragma once

#include "clients/experiment/load/arrivals.hpp"
#include "clients/experiment/load/generator_options.hpp"
#include "clients/experiment/load/load.hpp"
#include "clients/experiment/load/recorder.hpp"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct rd_kafka_s;  // librdkafka's
struct rd_kafka_conf_s;
struct rd_kafka_message_s;

namespace aconite::experiment {

struct free_kafka_conf {
    void operator()(rd_kafka_conf_s* conf) const;
};
using kafka_conf = std::unique_ptr<rd_kafka_conf_s, free_kafka_conf>;

/// What is produced. `key` is none if `has_key` is false.
struct kafka_plan {
    std::string topic;
    request_text key;
    bool has_key = false;
    request_text value;
};

/// Produces messages when they are due. A request is over when the broker has acknowledged the
/// message, or librdkafka has given it up; its queue is the backlog. One thread produces, another
/// takes what became of them.
class kafka_producer final : public load {
public:
    kafka_producer(generator_options how, kafka_plan plan, kafka_conf conf, recorder& into);
    ~kafka_producer() override;

    result<void> start() override;
    [[nodiscard]] bool running() const override;
    load_end stop(std::chrono::milliseconds grace) override;

private:
    struct flight {
        ticket what;
        time_point sent;
    };
    struct destroy_producer {
        void operator()(rd_kafka_s* producer) const;
    };

    void produce_due();
    void produce(ticket const& what);
    void take_reports();
    void on_report(rd_kafka_message_s const& message);
    flight* new_flight(ticket const& what);
    flight take_back(flight* from);

    generator_options how_;
    kafka_plan plan_;
    kafka_conf conf_;
    recorder& into_;
    std::unique_ptr<rd_kafka_s, destroy_producer> producer_;
    mutable std::mutex mutex_;
    std::condition_variable ended_;
    latencies own_delay_;  ///< of the sender
    bool ending_ = false;
    bool reports_over_ = false;
    bool all_sent_ = false;
    std::deque<flight> flights_;  ///< their places do not move
    std::vector<flight*> free_flights_;
    std::thread sender_;
    std::thread reporter_;
};

}  // namespace aconite::experiment
