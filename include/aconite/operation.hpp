#pragma once

#include <aconite/stream.hpp>
#include <aconite/time.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace aconite {

/// What a client asks of a server at once: a statement, a request, a command. Valid during the call
/// that it is given to.
struct operation {
    std::uint64_t ordinal = 0;  ///< the n-th of its connection, from 0; keys random draws
    std::uint64_t offset = 0;   ///< of its first byte in what the client sends
    /// What is known of it, in the order of its protocol's `match` row; empty where nothing is.
    /// More than one value of a field stand with commas between them.
    std::span<std::string_view const> facts;
    /// What an operation that is about several things at once says of each of them, in the same
    /// order: a toxic acts on it if it admits one of these. Empty: `facts` is all there is.
    std::span<std::span<std::string_view const> const> parts{};
    /// Where it is one of a single stream: toxics of the other one are not asked.
    std::optional<stream> on{};
};

/// What a toxic's match admits. An immutable value, shared by threads.
class operation_filter {
public:
    virtual ~operation_filter() = default;

    /// Whether it admits an operation, or a part of one, of which this is known.
    [[nodiscard]] virtual bool admits(std::span<std::string_view const> facts) const = 0;
};

/// What a toxic does to the operations that it acts on: an immutable value, shared by threads. A
/// protocol derives its own from it.
class operation_fault {
public:
    virtual ~operation_fault() = default;

    /// Share of the operations that it acts on, 0 to 1; drawn for each by its ordinal.
    double rate = 1;
    /// How long the operation waits before it goes on to the server.
    duration delay{};
    /// It acts only while more connections of the proxy are live; 0: always.
    std::uint64_t connection_limit = 0;
    /// It does nothing but delay: then the toxics behind it are asked too.
    bool only_delays = false;
};

/// A toxic as it was when it ruled on an operation. Changed since, it is another version.
struct toxic_version {
    std::uint64_t id = 0;       ///< 0: none
    std::uint64_t version = 0;  ///< of all that the connection has seen; 0: none
};

/// What the toxics of a connection want of one operation.
struct operation_ruling {
    duration delay{};            ///< before it goes on, all toxics together
    toxic_version delayed_by{};  ///< one of them
    /// What else is done to it; null: nothing.
    std::shared_ptr<operation_fault const> fault;
    toxic_version toxic{};  ///< whose fault that is
    /// Beside a fault: which parts of the operation it is for.
    std::shared_ptr<operation_filter const> filter{};
};

}  // namespace aconite
