#pragma once

#include <librdkafka/rdkafkacpp.h>

#include <chrono>
#include <memory>
#include <string>

namespace shop {

/// What happened, told to everybody through Kafka. Used by one thread at a time.
class events {
public:
    /// `address` is "host:port" of a broker, `limit` is for each event. Throws std::runtime_error
    /// for a configuration that librdkafka refuses.
    events(std::string const& address, std::chrono::milliseconds limit);

    /// Returns when Kafka has the event. Throws std::runtime_error if it does not say so in time:
    /// an event that was on its way then may have arrived, others will never be sent.
    void publish(std::string const& topic, std::string const& key, std::string const& value);

private:
    class receipts final : public RdKafka::DeliveryReportCb {
        void dr_cb(RdKafka::Message& message) override;
    };

    std::chrono::milliseconds limit_;
    receipts receipts_;
    std::unique_ptr<RdKafka::Producer> producer_;
};

}  // namespace shop
