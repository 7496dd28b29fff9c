#pragma once

#include <aconite/attribute.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite {

/// The direction that a toxic acts on.
enum class stream : std::uint8_t {
    upstream,    ///< client to server
    downstream,  ///< server to client
};
inline constexpr std::size_t stream_count = 2;

/// "upstream" or "downstream".
std::string_view to_text(stream s);

/// A toxic as asked for.
struct toxic_config {
    /// Unique in its proxy. Empty: `<type>_<stream>`.
    std::string name;
    std::string type;
    stream direction = stream::downstream;
    /// Share of the connections that it acts on; below 0 none, above 1 all.
    float toxicity = 1.0F;
    /// Attributes not listed have their fallback.
    attribute_list attributes;
};

/// A change of a toxic; what is not listed stays.
struct toxic_patch {
    std::optional<float> toxicity;
    attribute_list attributes;
};

/// A toxic as it runs: the name filled in, the attributes listed (`extra` ones if they are set).
struct toxic_info {
    std::string name;
    std::string type;
    stream direction = stream::downstream;
    float toxicity = 1.0F;
    attribute_list attributes;
};

/// A proxy as asked for.
struct proxy_config {
    std::string name;
    /// "host:port"; port 0 or an empty text: an ephemeral port; no host: all addresses.
    std::string listen;
    /// "host:port", resolved anew for each connection.
    std::string upstream;
    bool enabled = true;
    /// In force before the first connection is accepted.
    std::vector<toxic_config> toxics;
};

/// A change of a proxy; what is not set stays.
struct proxy_patch {
    std::optional<std::string> listen;
    std::optional<std::string> upstream;
    std::optional<bool> enabled;
};

/// A proxy as it runs.
struct proxy_info {
    std::string name;
    /// The socket's real address once the proxy has run, before that the text as given.
    std::string listen;
    std::string upstream;
    bool enabled = false;
    /// Upstream toxics, then downstream ones, each in order of creation.
    std::vector<toxic_info> toxics;
};

/// Bytes of one direction of one proxy since it was created; live, never going down.
struct stream_traffic {
    std::uint64_t received_bytes = 0;  ///< read by the proxy
    std::uint64_t sent_bytes = 0;      ///< written by the proxy
};

/// Totals of one proxy.
struct proxy_traffic {
    std::string name;
    std::string listen;
    std::string upstream;
    stream_traffic streams[stream_count];
};

/// One live connection.
struct connection_info {
    std::uint64_t id = 0;  ///< unique in the engine
    std::string proxy;
    std::uint64_t ordinal = 0;  ///< the n-th connection of its proxy, from 0
    std::string client;
    std::string upstream;  ///< empty while dialling
    std::uint64_t age_ms = 0;
    std::uint64_t received_bytes[stream_count] = {};
};

}  // namespace aconite
