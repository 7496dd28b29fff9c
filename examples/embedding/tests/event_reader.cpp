#include "tests/event_reader.hpp"

#include <librdkafka/rdkafkacpp.h>

#include <memory>
#include <stdexcept>
#include <utility>

namespace {

std::unique_ptr<RdKafka::KafkaConsumer> consumer_at(std::string const& broker)
{
    std::unique_ptr<RdKafka::Conf> const conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
    std::string error;
    for (auto const& [name, value] :
         {std::pair<std::string, std::string>{"bootstrap.servers", broker},
          {"group.id", "orders-test"},
          {"enable.auto.commit", "false"},
          {"enable.partition.eof", "true"}})
        if (conf->set(name, value, error) != RdKafka::Conf::CONF_OK)
            throw std::runtime_error(error);
    std::unique_ptr<RdKafka::KafkaConsumer> consumer(
        RdKafka::KafkaConsumer::create(conf.get(), error));
    if (!consumer)
        throw std::runtime_error(error);
    return consumer;
}

}  // namespace

std::size_t count_events(std::string const& broker, std::string const& topic,
                         std::string const& key)
{
    auto const consumer = consumer_at(broker);
    std::unique_ptr<RdKafka::TopicPartition> const begin(
        RdKafka::TopicPartition::create(topic, 0, RdKafka::Topic::OFFSET_BEGINNING));
    consumer->assign({begin.get()});
    for (std::size_t found = 0;;) {
        std::unique_ptr<RdKafka::Message> const message(consumer->consume(10'000));
        if (message->err() == RdKafka::ERR__PARTITION_EOF)
            return found;
        if (message->err() != RdKafka::ERR_NO_ERROR)
            throw std::runtime_error("reading " + topic + ": " + message->errstr());
        if (*message->key() == key)
            ++found;
    }
}
