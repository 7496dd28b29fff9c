#pragma once

#include "orders/cache.hpp"
#include "orders/database.hpp"
#include "orders/events.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace shop {

/// The topic of the events; their key is the order's id.
inline constexpr auto order_created = "order.created";

/// Of the servers, each "host:port".
struct addresses {
    std::string database;
    std::string cache;
    std::string broker;
};

/// How long the service waits for each server.
struct limits {
    std::chrono::milliseconds database{5'000};
    std::chrono::milliseconds cache{1'000};
    std::chrono::milliseconds broker{10'000};
};

/// Takes orders. Used by one thread at a time.
class service {
public:
    explicit service(addresses const& where, limits const& patience = {});

    /// Saves an order, caches it and publishes `order.created`, one after the other. `id` is chosen
    /// by the customer's side, so that it can place an order again when this failed. Throws
    /// std::runtime_error; the order may be saved then, with or without an event: two systems are
    /// written to and nothing holds them together. A transactional outbox would.
    void place(std::string const& id, std::string const& content);
    /// From the cache, or else from the database. Throws std::runtime_error.
    std::optional<std::string> find(std::string const& id);

private:
    database database_;
    cache cache_;
    events events_;
};

}  // namespace shop
