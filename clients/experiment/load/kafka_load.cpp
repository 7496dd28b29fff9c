#include "clients/experiment/load/generator_options.hpp"
#include "clients/experiment/load/kafka_producer.hpp"
#include "clients/experiment/load/kinds.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <utility>

namespace aconite::experiment {
namespace {

constexpr std::array own_kafka_fields = {
    field{.name = "topic", .about = "where messages go", .required = true},
    field{.name = "brokers", .about = "host:port, ...; 127.0.0.1:9092 by default"},
    field{.name = "key", .about = "of a message; may hold {n}, {key} and {uuid}"},
    field{.name = "value",
          .type = field_type::any,
          .about = "of a message: a text, or a value that is JSON then; {n} by default"},
    field{.name = "producer",
          .type = field_type::object,
          .about = "properties of librdkafka: {acks: all, enable.idempotence: true}"},
};
constexpr auto kafka_fields = with_generator_fields(own_kafka_fields);

result<void> set_property(kafka_conf const& conf, std::string const& name, std::string const& value,
                          std::string const& field)
{
    std::array<char, 512> why{};
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(), why.data(), why.size()) !=
        RD_KAFKA_CONF_OK)
        return bad_field(field, printable(why.data()));
    return {};
}

/// What is asked for, over what the common options come to.
result<kafka_conf> conf_of(settings const& how, generator_options const& options)
{
    kafka_conf conf(rd_kafka_conf_new());
    auto const timeout = std::chrono::ceil<std::chrono::milliseconds>(options.timeout);
    // The queue holds at least one, or nothing could be sent.
    auto const backlog = std::max<std::uint64_t>(1, options.max_backlog);
    struct property {
        std::string name;
        std::string value;
        std::string field;
    };
    std::vector<property> all = {
        {"bootstrap.servers", how.text("brokers", "127.0.0.1:9092"), "brokers"},
        {"client.id", "aconite-experiment", "producer"},
        {"message.timeout.ms", std::to_string(timeout.count()), "timeout"},
        {"queue.buffering.max.messages", std::to_string(backlog), "max_backlog"},
    };
    if (auto const* asked = how.any("producer"); asked != nullptr) {
        if (!asked->is_object())
            return bad_field("producer", "must be a mapping of properties");
        for (auto const& [name, value] : asked->items())
            all.push_back({name, value.is_string() ? value.get<std::string>() : value.dump(),
                           "producer." + name});
    }
    for (auto const& each : all)
        if (auto const done = set_property(conf, each.name, each.value, each.field); !done)
            return done.error();
    return conf;
}

result<std::unique_ptr<load>> make_kafka_load(settings const& how, surroundings const& where,
                                              recorder& into)
{
    auto options = read_generator_options(how, where);
    if (!options)
        return options.error();
    if (how.text("topic").empty())
        return bad_field("topic", "must not be empty");
    auto conf = conf_of(how, *options);
    if (!conf)
        return conf.error();
    kafka_plan plan{how.text("topic"), request_text(how.text("key")), how.has("key"),
                    request_text(how.text("value", "{n}"))};
    return std::make_unique<kafka_producer>(std::move(*options), std::move(plan), std::move(*conf),
                                            into);
}

}  // namespace

load_kind const& kafka_load_kind()
{
    static load_kind const kind{{.name = "kafka",
                                 .about = "Messages to a topic of Kafka, at a fixed rate",
                                 .fields = kafka_fields,
                                 .primary = "topic",
                                 .example =
                                     R"({kafka: orders, brokers: "127.0.0.1:9092", key: "{key}", )"
                                     R"(value: '{"id": "{uuid}"}', rate: 100/s})"},
                                &make_kafka_load};
    return kind;
}

}  // namespace aconite::experiment
