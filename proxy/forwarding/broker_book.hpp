#pragma once

#include "proxy/forwarding/server_numbers.hpp"
#include "proxy/net/address.hpp"
#include "proxy/net/port_range.hpp"

#include <aconite/config.hpp>
#include <aconite/conversation.hpp>
#include <aconite/problem.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite {

/// The brokers that a proxy's clients were told of, and the port of each: the same for as long as
/// the proxy exists. A broker is listened for while the book is open. Any thread; what it waits for
/// at most is `bind`.
class broker_book {
public:
    /// Of a cluster that tells of more the rest is not kept inside.
    static constexpr std::size_t brokers_max = 1000;

    /// What listens for a broker. Called with the book locked: it may not wait for a shard.
    struct opener {
        /// Begins to accept at `socket` for the broker, which is at `upstream`.
        std::function<void(std::int64_t broker, listening_socket socket, std::string upstream)>
            listen;
        /// Who comes from now on is for `upstream`.
        std::function<void(std::int64_t broker, std::string listen, std::string upstream)> redirect;
        /// For the log and the journal.
        std::function<void(std::string text)> tell;
    };

    /// Ports and host as in `broker_settings`; `numbers` are those of all books of the proxy.
    broker_book(std::string_view ports, std::string host, std::chrono::seconds keep_alive,
                std::shared_ptr<server_numbers> numbers);

    /// Listens for every broker that is known, at the address of the proxy's own listener, which
    /// `at` is with its real port, and for those that are seen from now on.
    void open(listen_address at, opener with);
    /// Opens no more. What listens is the owner's to close.
    void close();

    /// Where a client that reached the proxy at `reached`, a host, reaches a broker that is at
    /// `there`. None: there is no port for it, or the book is closed. An address that is the
    /// proxy's own is inside already.
    [[nodiscard]] std::optional<server_place>
    place_of(std::int64_t broker, server_place const& there, std::string const& reached)
    {
        return place_of(std::optional(broker), there, reached);
    }
    /// The same for one that is known by its address.
    [[nodiscard]] std::optional<server_place> place_at(server_place const& there,
                                                       std::string const& reached)
    {
        return place_of(std::nullopt, there, reached);
    }

    [[nodiscard]] std::vector<broker_info> brokers() const;

private:
    struct known {
        server_place there;
        std::uint16_t port = 0;  ///< 0: none yet
        std::string listen;      ///< empty: nobody does
        bool told = false;       ///< that there is no port for it
    };
    std::optional<server_place> place_of(std::optional<std::int64_t> broker,
                                         server_place const& there, std::string const& reached);
    std::optional<server_place> place_in(std::int64_t broker, server_place const& there,
                                         std::string const& reached);
    [[nodiscard]] bool is_ours(server_place const& there, std::string const& reached) const;
    bool listen_for(std::int64_t broker, known& which);
    [[nodiscard]] result<listening_socket> bind(known const& which) const;

    std::string const host_;
    port_range const ports_;
    std::chrono::seconds const keep_alive_;
    std::shared_ptr<server_numbers> const numbers_;
    mutable std::mutex lock_;
    std::optional<opener> with_;
    listen_address at_{};
    std::map<std::int64_t, known> brokers_;
};

}  // namespace aconite
