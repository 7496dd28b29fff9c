#include "clients/cpp/record_codec.hpp"

#include "clients/cpp/codec.hpp"

#include <cstdio>
#include <ctime>

namespace aconite::client::codec {
namespace {

using nlohmann::json;

/// What the server wrote as a number of ms.
duration to_duration(json const& ms)
{
    return std::chrono::duration_cast<duration>(
        std::chrono::duration<double, std::milli>(ms.get<double>()));
}

[[noreturn]] void refuse(std::string const& what)
{
    throw json::other_error::create(501, what, nullptr);
}

void read_both(json const& object, std::uint64_t (&bytes)[stream_count])
{
    object.at("upstream").get_to(bytes[0]);
    object.at("downstream").get_to(bytes[1]);
}

ending to_ending(json const& text)
{
    return text.get<std::string>() == "rst" ? ending::reset : ending::close;
}

ended_by to_ended_by(json const& text)
{
    auto const name = text.get<std::string>();
    for (auto const who : {ended_by::client, ended_by::upstream, ended_by::toxic})
        if (to_text(who) == name)
            return who;
    return ended_by::proxy;
}

void read_act(json const& object, journal_record& made)
{
    made.direction = to_stream(object.at("stream").get<std::string>());
    object.at("hits").get_to(made.hits);
    object.at("offset").get_to(made.offset);
    object.at("bytes").get_to(made.bytes);
    if (object.value("held", false))
        made.delay = duration::max();
    else if (auto const delay = object.find("delay_ms"); delay != object.end())
        made.delay = to_duration(*delay);
    if (auto const end = object.find("ends"); end != object.end())
        made.end = to_ending(*end);
    made.text = object.value("matched", "");
    if (auto const operation = object.find("operation"); operation != object.end())
        for (auto const& [name, value] : operation->items())
            made.operation.emplace_back(name, value.get<std::string>());
}

void read_close(json const& object, journal_record& made)
{
    made.by = to_ended_by(object.at("by"));
    made.end = to_ending(object.at("how"));
    read_both(object.at("received_bytes"), made.received_bytes);
    made.took = to_duration(object.at("duration_ms"));
    made.text = object.value("reason", "");
}

duration_histogram to_histogram(json const& count, json const& sum_ms)
{
    duration_histogram made;
    count.get_to(made.counts.back());
    made.sum = to_duration(sum_ms);
    return made;
}

toxic_stats to_toxic_stats(json const& object)
{
    auto const time = [&](char const* name) {
        auto const& at = object.at(name);
        return at.is_null() ? std::nullopt : std::optional(to_time(at.get<std::string>()));
    };
    toxic_stats made;
    object.at("name").get_to(made.name);
    object.at("type").get_to(made.type);
    made.direction = to_stream(object.at("stream").get<std::string>());
    object.at("removed").get_to(made.removed);
    object.at("hits").get_to(made.hits);
    object.at("connections").get_to(made.connections);
    object.at("bytes").get_to(made.bytes);
    made.first_hit = time("first_hit");
    made.last_hit = time("last_hit");
    made.added_delay = to_histogram(object.at("delayed"), object.at("added_delay_ms"));
    return made;
}

}  // namespace

std::chrono::system_clock::time_point to_time(std::string const& text)
{
    std::tm parts{};
    long micros = 0;
    int read = 0;
    if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%6ldZ%n", &parts.tm_year, &parts.tm_mon,
                    &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &micros,
                    &read) != 7 ||
        static_cast<std::size_t>(read) != text.size())
        refuse("not a time: " + text);
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    return std::chrono::system_clock::from_time_t(::timegm(&parts)) +
           std::chrono::microseconds(micros);
}

journal_record to_record(json const& object)
{
    journal_record made;
    object.at("seq").get_to(made.seq);
    made.wall = to_time(object.at("time").get<std::string>());
    made.at = time_point(duration(object.at("mono_ns").get<duration::rep>()));
    auto const kind = object.at("kind").get<std::string>();
    auto const known = record_kind_from(kind);
    if (!known)
        refuse("a record of an unknown kind: " + kind);
    made.kind = *known;
    made.proxy = object.value("proxy", "");
    made.toxic = object.value("toxic", "");
    made.connection = object.value("connection", std::uint64_t{0});
    made.ordinal = object.value("ordinal", std::uint64_t{0});
    made.client = object.value("client", "");
    switch (made.kind) {
    case record_kind::open:
        made.took = to_duration(object.at("dial_ms"));
        break;
    case record_kind::dial_failed:
        made.took = to_duration(object.at("dial_ms"));
        object.at("error").get_to(made.text);
        break;
    case record_kind::close:
        read_close(object, made);
        break;
    case record_kind::hit:
    case record_kind::cut:
        read_act(object, made);
        break;
    case record_kind::control:
        object.at("action").get_to(made.text);
        if (auto const config = object.find("config"); config != object.end())
            made.config = to_toxic(*config);
        break;
    case record_kind::not_followed:
    case record_kind::unknown:
    case record_kind::bypass:
        object.at("reason").get_to(made.text);
        break;
    case record_kind::mark:
        object.at("text").get_to(made.text);
        break;
    }
    return made;
}

proxy_stats to_stats(json const& object)
{
    proxy_stats made;
    object.at("name").get_to(made.name);
    object.at("listen").get_to(made.listen);
    object.at("upstream").get_to(made.upstream);
    object.at("enabled").get_to(made.enabled);
    auto const& connections = object.at("connections");
    connections.at("open").get_to(made.connections_open);
    connections.at("total").get_to(made.connections_total);
    connections.at("refused").get_to(made.refused);
    connections.at("dial_errors").get_to(made.dial_errors);
    made.not_followed = connections.value("not_followed", std::uint64_t{0});
    made.unknown = object.value("unknown", std::uint64_t{0});
    made.rewritten = object.value("rewritten", std::uint64_t{0});
    made.bypass = object.value("bypass", std::uint64_t{0});
    made.dials = to_histogram(object.at("dials"), object.at("dial_ms"));
    std::uint64_t received[stream_count];
    std::uint64_t sent[stream_count];
    read_both(object.at("received_bytes"), received);
    read_both(object.at("sent_bytes"), sent);
    for (std::size_t i = 0; i < stream_count; ++i)
        made.streams[i] = {received[i], sent[i]};
    for (auto const& toxic : object.at("toxics"))
        made.toxics.push_back(to_toxic_stats(toxic));
    made.brokers = to_brokers(object.value("brokers", json::array()));
    return made;
}

}  // namespace aconite::client::codec
