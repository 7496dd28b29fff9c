#include "orders/events.hpp"

#include <optional>
#include <stdexcept>

namespace shop {
namespace {

using outcome = std::optional<RdKafka::ErrorCode>;

}  // namespace

void events::receipts::dr_cb(RdKafka::Message& message)
{
    *static_cast<outcome*>(message.msg_opaque()) = message.err();
}

events::events(std::string const& address, std::chrono::milliseconds limit) : limit_(limit)
{
    std::unique_ptr<RdKafka::Conf> const conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
    std::string error;
    if (conf->set("bootstrap.servers", address, error) != RdKafka::Conf::CONF_OK ||
        conf->set("dr_cb", &receipts_, error) != RdKafka::Conf::CONF_OK)
        throw std::runtime_error(error);
    producer_.reset(RdKafka::Producer::create(conf.get(), error));
    if (!producer_)
        throw std::runtime_error(error);
}

void events::publish(std::string const& topic, std::string const& key, std::string const& value)
{
    outcome result;
    auto const refused = producer_->produce(
        topic, RdKafka::Topic::PARTITION_UA, RdKafka::Producer::RK_MSG_COPY,
        const_cast<char*>(value.data()), value.size(), key.data(), key.size(), 0, &result);
    if (refused != RdKafka::ERR_NO_ERROR)
        throw std::runtime_error("Kafka: " + RdKafka::err2str(refused));
    // Not by message.timeout.ms, which is seconds late while librdkafka waits to connect again.
    if (producer_->flush(static_cast<int>(limit_.count())) != RdKafka::ERR_NO_ERROR)
        producer_->purge(RdKafka::Producer::PURGE_QUEUE | RdKafka::Producer::PURGE_INFLIGHT);
    while (!result)  // each message gets one, also those that are purged
        producer_->poll(100);
    if (*result != RdKafka::ERR_NO_ERROR)
        throw std::runtime_error("Kafka: " + RdKafka::err2str(*result));
}

}  // namespace shop
