#pragma once

#include <aconite/aim.hpp>
#include <aconite/attribute.hpp>
#include <aconite/stream.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite {

/// A toxic as asked for.
struct toxic_config {
    /// Unique in its proxy. Empty: `<type>_<stream>`.
    std::string name{};
    std::string type{};                     ///< a name from the engine's registry
    stream direction = stream::downstream;  ///< what it acts on
    /// Share of the connections that it acts on; below 0 none, above 1 all.
    float toxicity = 1.0F;
    /// Attributes not listed have their fallback.
    attribute_list attributes{};
    toxic_aim aim{};  ///< where and when it acts
};

/// A change of a toxic; what is not listed stays.
struct toxic_patch {
    std::optional<float> toxicity{};  ///< share of the connections
    attribute_list attributes{};      ///< those that change
    /// A ttl or a schedule begins anew. The seed and the lease cannot be changed.
    toxic_aim aim{};
};

/// A toxic as it runs: the name filled in, the attributes listed (`extra` ones if they are set).
struct toxic_info {
    std::string name;                       ///< unique in its proxy
    std::string type;                       ///< of the engine's registry
    stream direction = stream::downstream;  ///< what it acts on
    float toxicity = 1.0F;                  ///< share of the connections
    attribute_list attributes;              ///< all but `extra` ones at their fallback
    /// What is set of it.
    toxic_aim aim{};
    /// False while its schedule keeps it out of effect.
    bool active = true;
    /// What it does, where it depends on the machine: "kernel" if the kernel drops segments.
    std::optional<std::string> effective_mode{};
};

/// One more place where a proxy listens, for clients that reach it under another name.
struct further_listener {
    std::string listen{};  ///< "address:port", the address in digits or none: all
    std::string ports{};   ///< as `broker_settings::ports`, for those who come here
    std::string host{};    ///< as `broker_settings::host`

    /// Whether all members are equal.
    friend bool operator==(further_listener const&, further_listener const&) = default;
};

/// How clients reach the single brokers of a cluster through a proxy whose protocol tells where
/// they are: each broker that a client is told of gets a listener of its own, at the address of the
/// proxy's, and the client is told of that one.
struct broker_settings {
    /// The listeners' ports, "19093-19192" or "19093"; empty: any that is free.
    std::string ports{};
    /// The host that clients are told; empty: the address at which the client reached the proxy.
    std::string host{};
    /// Up to 15 further listeners of the proxy: clients outside of a container's network know it by
    /// another name than those inside.
    std::vector<further_listener> also{};

    /// Whether all members are equal.
    friend bool operator==(broker_settings const&, broker_settings const&) = default;
};

/// A broker that clients of a proxy were told of.
struct broker_info {
    std::int64_t id = 0;   ///< its number in the cluster
    std::string listen;    ///< where the proxy listens for it; empty while the proxy is disabled
    std::string upstream;  ///< where it is
};

/// A proxy as asked for.
struct proxy_config {
    std::string name{};  ///< unique in its engine
    /// "host:port"; port 0 or an empty text: an ephemeral port; no host: all addresses.
    std::string listen{};
    /// "host:port", resolved anew for each connection; up to 64 with commas, of which a
    /// connection gets the first that can be reached.
    std::string upstream{};
    bool enabled = true;  ///< else it does not listen
    /// In force before the first connection is accepted.
    std::vector<toxic_config> toxics{};
    /// Key of the random decisions of its toxics instead of the engine's.
    std::optional<std::uint64_t> seed{};
    /// What its connections are called, from now on, for toxics that match by label.
    std::string label{};
    /// What its connections speak, as `postgres`; empty: bytes, no more. Each of them is followed
    /// from its first byte on, and toxics of that protocol act on single operations.
    std::string protocol{};
    /// What there is to say of that protocol: of `frame`, how frames are told from each other.
    attribute_list protocol_settings{};
    /// Where clients are kept, if the protocol tells them of brokers: `kafka`, `mongodb`, `redis`.
    broker_settings brokers{};
};

/// A change of a proxy; what is not set stays.
struct proxy_patch {
    std::optional<std::string> listen{};    ///< as `proxy_config::listen`
    std::optional<std::string> upstream{};  ///< as `proxy_config::upstream`
    std::optional<bool> enabled{};          ///< whether it listens
    /// For connections that are opened from now on.
    std::optional<std::string> label{};
    /// Cannot be changed: 400 if it is not the one that the proxy has.
    std::optional<std::uint64_t> seed{};
    /// As `proxy_config::protocol`. Another one closes all connections; 409 while the proxy has
    /// toxics of the old one.
    std::optional<std::string> protocol{};
    /// Beside `protocol`.
    attribute_list protocol_settings{};
    /// As `proxy_config::brokers`. Others close all connections; the brokers' listeners are made
    /// anew.
    std::optional<broker_settings> brokers{};
};

/// A proxy as it runs.
struct proxy_info {
    std::string name;  ///< unique in its engine
    /// The socket's real address once the proxy has run, before that the text as given.
    std::string listen;
    std::string upstream;  ///< as given
    bool enabled = false;  ///< it listens
    /// Upstream toxics, then downstream ones, each in order of creation; with one among them that
    /// acts on both streams, all in that order.
    std::vector<toxic_info> toxics;
    /// If it has one of its own.
    std::optional<std::uint64_t> seed{};
    std::string label{};                      ///< of its new connections; may be empty
    std::string protocol{};                   ///< what its connections speak; may be empty
    broker_settings brokers{};                ///< as asked for
    std::vector<broker_info> brokers_seen{};  ///< that clients were told of so far, by id
    attribute_list protocol_settings{};       ///< of the protocol, if it has any
};

/// A lease: toxics that were tied to it go when nobody renews it in time.
struct lease_info {
    std::string id;            ///< what toxics are tied to it by
    std::int64_t ttl_ms = 0;   ///< it lives so long without being renewed
    std::int64_t left_ms = 0;  ///< of that, now
};

/// One live connection.
struct connection_info {
    std::uint64_t id = 0;                             ///< unique in the engine
    std::string proxy;                                ///< its name
    std::uint64_t ordinal = 0;                        ///< the n-th connection of its proxy, from 0
    std::string label;                                ///< its proxy's when it was opened
    std::string client;                               ///< "host:port"
    std::string upstream;                             ///< empty while dialling
    std::uint64_t age_ms = 0;                         ///< since it was accepted
    std::uint64_t received_bytes[stream_count] = {};  ///< by stream
};

}  // namespace aconite
