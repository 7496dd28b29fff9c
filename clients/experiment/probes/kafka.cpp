// kafka: what a topic holds.

#include "clients/experiment/probes/faults.hpp"
#include "clients/experiment/probes/json_value.hpp"
#include "clients/experiment/probes/kafka_reader.hpp"
#include "clients/experiment/probes/kinds.hpp"

#include <algorithm>

namespace aconite::experiment {
namespace {

constexpr std::string_view kafka_of[] = {"records", "end_offsets", "lag", "keys", "values"};
constexpr std::string_view kafka_isolation[] = {"read_uncommitted", "read_committed"};
constexpr field kafka_fields[] = {
    {.name = "topic", .about = "its name; it is not made if it is not there", .required = true},
    {.name = "brokers", .about = "host:port, with commas between them; default 127.0.0.1:9092"},
    {.name = "of",
     .type = field_type::choice,
     .about = "records (default): end minus begin offsets, over all partitions, marks of "
              "transactions counted too; end_offsets: their sum; lag: what `group` has before it; "
              "keys, values: of all records, as ids, by partition and offset, at most 100,000",
     .choices = kafka_of},
    {.name = "group", .about = "a consumer group, whose committed offsets are asked for"},
    {.name = "isolation",
     .type = field_type::choice,
     .about = "read_committed leaves out records of transactions that are open or aborted; "
              "default: read_uncommitted",
     .choices = kafka_isolation},
    {.name = "json", .about = "JSON pointer into each value, as /order/id: that is its id"},
    {.name = "properties",
     .type = field_type::object,
     .about = "properties of librdkafka, as security.protocol"},
};

class kafka_look final : public probe {
public:
    kafka_look(kafka_settings what, std::string of, std::optional<std::string> pointer)
        : reader_(std::move(what)), of_(std::move(of)), pointer_(std::move(pointer))
    {}

    result<value> look(std::chrono::milliseconds limit) override
    {
        deadline const until(limit);
        if (of_ == "keys")
            return ids([](kafka_record const& record) { return std::string(record.key); }, until);
        if (of_ == "values")
            return values(until);
        if (of_ == "lag") {
            auto const lag = reader_.lag(until);
            if (!lag)
                return lag.error();
            return value(static_cast<double>(*lag));
        }
        auto const spans = reader_.spans(until);
        if (!spans)
            return spans.error();
        std::int64_t sum = 0;
        for (auto const& each : *spans)
            sum += of_ == "records" ? each.end - each.begin : each.end;
        return value(static_cast<double>(sum));
    }

private:
    result<value> ids(std::function<std::string(kafka_record const&)> const& pick,
                      deadline const& until)
    {
        auto found = reader_.records(pick, until);
        if (!found)
            return found.error();
        return value(std::move(*found));
    }

    result<value> values(deadline const& until)
    {
        if (!pointer_)
            return ids([](kafka_record const& record) { return std::string(record.value); }, until);
        std::optional<problem> fault;
        auto found = ids(
            [&](kafka_record const& record) -> std::string {
                auto const part = value_at(record.value, *pointer_);
                if (part)
                    return text_of(*part);
                if (!fault)
                    fault = wrong(reader_.who(), "the value of a record " + part.error().text);
                return {};
            },
            until);
        if (fault && found)
            return *fault;
        return found;
    }

    static std::string text_of(value const& from)
    {
        if (auto const* text = std::get_if<std::string>(&from))
            return *text;
        return to_text(from);
    }

    kafka_reader reader_;
    std::string of_;
    std::optional<std::string> pointer_;
};

result<std::unique_ptr<probe>> make_kafka(settings const& how, surroundings const&)
{
    kafka_settings what{.topic = how.text("topic"),
                        .brokers = how.text("brokers", "127.0.0.1:9092"),
                        .group = how.text("group"),
                        .committed = how.text("isolation") == "read_committed"};
    auto const of = how.text("of", how.has("group") ? "lag" : "records");
    if (what.topic.empty())
        return wrong("topic", "is empty");
    if ((of == "lag") == what.group.empty())
        return of == "lag" ? wrong("of", "lag needs a group")
                           : wrong("group", "is of no use with of: " + of);
    std::optional<std::string> pointer;
    if (how.has("json")) {
        pointer = how.text("json");
        if (of != "values")
            return wrong("json", "is of no use with of: " + of);
        if (auto const right = check_pointer(*pointer); !right)
            return right.error();
    }
    if (auto const* more = how.any("properties"); more != nullptr)
        for (auto const& [name, each] : more->items())
            what.more.emplace_back(name, each.is_string() ? each.get<std::string>() : each.dump());
    return std::make_unique<kafka_look>(std::move(what), of, std::move(pointer));
}

}  // namespace

probe_kind kafka_probe()
{
    return {{.name = "kafka",
             .about = "what a topic of Kafka holds",
             .fields = kafka_fields,
             .primary = "topic",
             .example = R"({kafka: order.created, brokers: "127.0.0.1:9092", of: records})"},
            make_kafka};
}

}  // namespace aconite::experiment
