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

events::events(std::string const& address, std::chrono::milliseconds limit)
{
    std::unique_ptr<RdKafka::Conf> const conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
    std::string error;
    if (conf->set("bootstrap.servers", address, error) != RdKafka::Conf::CONF_OK ||
        conf->set("message.timeout.ms", std::to_string(limit.count()), error) !=
            RdKafka::Conf::CONF_OK ||
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
    while (!result)  // there is one for each message, when its time is over at the latest
        producer_->poll(100);
    if (*result != RdKafka::ERR_NO_ERROR)
        throw std::runtime_error("Kafka: " + RdKafka::err2str(*result));
}

}  // namespace shop
