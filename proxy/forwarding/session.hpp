#pragma once

#include "proxy/admission/attempts.hpp"
#include "proxy/forwarding/dialer.hpp"
#include "proxy/forwarding/endpoint.hpp"
#include "proxy/forwarding/link.hpp"
#include "proxy/forwarding/route.hpp"
#include "proxy/forwarding/talk.hpp"
#include "proxy/loop/alarms.hpp"
#include "proxy/record/journal_ring.hpp"

#include <aconite/config.hpp>
#include <aconite/journal.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite {

class shard;

/// One client's connection: dials the upstream, then moves bytes both ways until both ends
/// are done. Lives on one shard from accept to close; the shard owns it and frees it at the
/// end of the turn in which it closed.
class session final : private alarm {
public:
    /// Both references outlive the session.
    session(shard& home, route& where, std::shared_ptr<route_info const> info, unique_fd client,
            std::uint64_t id, arrival came);

    /// Begins to dial, unless a toxic delays it.
    void start(time_point now);

    /// Puts the route's new toxics in force.
    void apply(time_point now);

    /// Moves what can be moved.
    void pump(time_point now);
    /// Asks for a `pump` after the others had their turn.
    void pump_later();

    /// Closes both sockets at once; what is in flight is dropped.
    void close(ending how);

    /// Has what the kernel dropped counted.
    void count_drops(time_point now)
    {
        up_.count_drops(now);
        down_.count_drops(now);
    }

    [[nodiscard]] connection_info describe(time_point now) const;

    // What endpoints and links tell and ask.
    void on_ready(std::uint32_t events);
    void on_link_end(link& which, ending how);
    /// Notes who ends the connection and how; the first one counts. `toxic` is its id, if it is
    /// one.
    void blame(ended_by who, ending how, std::uint64_t toxic = 0);
    /// Notes what a toxic did on one of the streams.
    void record_act(stream s, stage_spec const& who, toxic_act const& what);
    /// Notes that a toxic acted on an operation `hits` times, or how; and that the connection is
    /// not followed any more.
    void record_operation(std::uint64_t toxic, protocol_type const& protocol, operation const& what,
                          std::uint64_t hits, duration delay, std::string_view how);
    void record_not_followed(std::string_view why);
    void record_unknown(std::string_view what);
    void record_bypass(std::string_view where);
    /// Where the client of this connection reaches a broker that is at `there`; without a number,
    /// known by that.
    [[nodiscard]] std::optional<server_place> place_of(std::optional<std::int64_t> broker,
                                                       server_place const& there);
    /// Where the server is that this connection leads to; none: nowhere yet, or no more.
    [[nodiscard]] std::optional<server_place> server_place_now() const;
    [[nodiscard]] shard& home() { return home_; }
    [[nodiscard]] link& other(link const& which) { return &which == &up_ ? down_ : up_; }
    [[nodiscard]] link& to(stream s) { return s == stream::upstream ? up_ : down_; }
    /// Null if no protocol is followed.
    [[nodiscard]] talk* talking() const { return talk_.get(); }
    /// Connections of the proxy that are live.
    [[nodiscard]] std::uint64_t beside() const { return route_.live->value(); }
    [[nodiscard]] connection_facts const& facts() const { return facts_; }
    /// What its streams have in common.
    [[nodiscard]] grant_book& grants();
    void count_received(stream s, std::size_t bytes);
    void count_sent(stream s, std::size_t bytes);
    void log_source_failure(stream s, std::uint64_t bytes, int error) const;
    void log_destination_failure(stream s, std::uint64_t bytes, int error) const;
    void log_filter_failure(stream s, std::uint64_t bytes, int error) const;

private:
    friend class shard;

    /// The way to the upstream; gone once it is reached.
    struct approach {
        dialer upstream;
        std::vector<std::uint64_t> delayed_by;  ///< ids of toxics
        bool delayed = true;                    ///< does not dial yet
        time_point began{};                     ///< of the dial
    };
    /// How the connection came to its end, as far as that is known.
    struct cause {
        ended_by by = ended_by::proxy;
        ending how = ending::close;
        bool known = false;
        std::uint32_t toxic = 0;    ///< its id, if it was one
        std::string_view why = "";  ///< in words, where the rest does not tell
    };

    void on_alarm(time_point now) override;
    void serve(time_point now);
    void on_dialled(dialled_socket socket);
    void dial_failed(std::string const& text, int error);
    [[nodiscard]] journal_entry entry(record_kind kind) const;
    /// What this thread counts for the proxy.
    [[nodiscard]] proxy_meter& meter();
    void open(time_point now);
    void take_toxics(time_point now);
    void look_at_age(time_point now);
    void look_at_half_closed(time_point now);
    void log_failure(char const* message, stream s, std::uint64_t bytes, int error) const;

    shard& home_;
    route& route_;
    std::shared_ptr<route_info const> info_;
    session* previous_ = nullptr;  ///< in the route's list
    session* next_ = nullptr;
    std::uint64_t id_;
    connection_facts facts_;
    std::unique_ptr<approach> approach_;  ///< null once connected
    std::unique_ptr<grant_book> grants_;  ///< null as long as no toxic needs it
    time_point accepted_at_{};
    endpoint client_{*this};
    endpoint server_{*this};
    std::unique_ptr<own_dials::mark> mark_;  ///< of the upstream's socket
    std::unique_ptr<talk> talk_;
    link up_{*this, stream::upstream, client_, server_};
    link down_{*this, stream::downstream, server_, client_};
    cause cause_;
    bool queued_ = false;  ///< asked for a later pump
    bool young_ = true;
    bool closed_ = false;
};

}  // namespace aconite
