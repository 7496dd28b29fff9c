// What a session tells: the journal, the counters, the log, and whoever asks how it is.
#include "proxy/forwarding/broker_book.hpp"
#include "proxy/forwarding/session.hpp"
#include "proxy/forwarding/shard.hpp"
#include "proxy/record/log_record.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace aconite {

journal_entry session::entry(record_kind kind) const
{
    journal_entry made;
    made.at = home_.now();
    made.kind = kind;
    made.proxy = info_->id;
    made.connection = id_;
    made.ordinal = facts_.ordinal;
    return made;
}

void session::record_act(stream s, stage_spec const& who, toxic_act const& what)
{
    auto made = entry(what.hits > 0 ? record_kind::hit : record_kind::cut);
    made.at = what.at;
    made.direction = s;
    made.toxic = who.id;
    made.hits = what.hits;
    made.offset = what.offset;
    made.bytes = what.bytes;
    made.took = what.delay;
    made.ends = what.ends.has_value();
    made.end = what.ends.value_or(ending::close);
    home_.write(made);
}

void session::record_operation(std::uint64_t toxic, protocol_type const& protocol,
                               operation const& what, std::uint64_t hits, duration delay,
                               std::string_view how)
{
    operation_entry made;
    made.head = entry(record_kind::hit);
    made.head.direction = what.on.value_or(stream::both);
    made.head.toxic = toxic;
    made.head.hits = hits;
    made.head.offset = what.offset;
    made.head.took = delay;
    made.head.say(how);
    for (std::size_t i = 0; i < what.facts.size(); ++i)
        made.add(protocol.match[i].name, what.facts[i]);
    home_.write(made);
}

void session::record_not_followed(std::string_view why)
{
    meter().not_followed.add(1);
    auto told = entry(record_kind::not_followed);
    told.say(why);
    home_.write(told);
}

void session::record_unknown(std::string_view what)
{
    meter().unknown.add(1);
    auto told = entry(record_kind::unknown);
    told.say(what);
    home_.write(told);
}

void session::record_bypass(std::string_view where)
{
    meter().bypass.add(1);
    auto told = entry(record_kind::bypass);
    told.say(where);
    home_.write(told);
}

std::optional<server_place> session::place_of(std::optional<std::int64_t> broker,
                                              server_place const& there)
{
    if (!info_->brokers)
        return std::nullopt;
    auto const reached = split_host_port(address::local_of(client_.fd.get()).text());
    auto const host = reached ? reached->host : "";
    auto place = broker ? info_->brokers->place_of(*broker, there, host)
                        : info_->brokers->place_at(there, host);
    if (place && *place != there)
        meter().rewritten.add(1);
    return place;
}

std::optional<server_place> session::server_place_now() const
{
    auto const at = address::peer_of(server_.fd.get());
    auto parts = split_host_port(at.text());
    if (!parts)
        return std::nullopt;
    return server_place{std::move(parts->host), at.ip().port};
}

void session::blame(ended_by who, ending how, std::uint64_t toxic)
{
    if (!cause_.known)
        cause_ = {who, how, true, static_cast<std::uint32_t>(toxic), {}};
}

connection_info session::describe(time_point now) const
{
    using std::chrono::duration_cast;
    using std::chrono::milliseconds;
    connection_info info;
    info.id = id_;
    info.proxy = info_->name;
    info.ordinal = facts_.ordinal;
    if (facts_.label)
        info.label = *facts_.label;
    info.client = facts_.client.text();
    if (!approach_)
        info.upstream = address::peer_of(server_.fd.get()).text();
    info.age_ms =
        static_cast<std::uint64_t>(duration_cast<milliseconds>(now - accepted_at_).count());
    info.received_bytes[0] = up_.received_bytes();
    info.received_bytes[1] = down_.received_bytes();
    return info;
}

proxy_meter& session::meter()
{
    return route_.meters->of(home_.index());
}

void session::count_received(stream s, std::size_t bytes)
{
    meter().received[static_cast<std::size_t>(s)].add(bytes);
}

void session::count_sent(stream s, std::size_t bytes)
{
    meter().sent[static_cast<std::size_t>(s)].add(bytes);
}

void session::log_source_failure(stream s, std::uint64_t bytes, int error) const
{
    log_failure("Source terminated", s, bytes, error);
}

void session::log_destination_failure(stream s, std::uint64_t bytes, int error) const
{
    log_failure("Could not write to destination", s, bytes, error);
}

void session::log_filter_failure(stream s, std::uint64_t bytes, int error) const
{
    log_failure("Could not let the kernel drop segments, retransmits instead", s, bytes, error);
}

void session::log_failure(char const* message, stream s, std::uint64_t bytes, int error) const
{
    if (!home_.tells(log_level::warn))
        return;
    tell(home_.log(), log_level::warn, message,
         {{"name", info_->name},
          {"direction", to_text(s)},
          {"bytes", std::to_string(bytes)},
          {"error", errno_text(error)}});
}

}  // namespace aconite
