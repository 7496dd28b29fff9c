#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace shop {

/// The connection to PostgreSQL broke or could not be made.
class connection_lost : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The orders in PostgreSQL. Connects when it has to. Used by one thread at a time.
class database {
public:
    /// `address` is "host:port"; user, database and password are libpq's defaults, and its
    /// variables PGUSER, PGDATABASE, PGPASSWORD. `limit` is for each answer; a connection has 5 s.
    database(std::string const& address, std::chrono::milliseconds limit);

    /// Makes the table, if there is none yet.
    void create_table();
    /// Saves an order; of one that is there already, nothing changes. On a connection that breaks
    /// it tries once more on a new one. Throws connection_lost, or std::runtime_error when no
    /// answer comes in time: then the order may be saved or not.
    void save(std::string const& id, std::string const& content);
    /// What was saved under `id`. Throws as `save`.
    std::optional<std::string> find(std::string const& id);

private:
    using answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

    void connect();
    answer ask(char const* sql, std::initializer_list<char const*> values = {});
    answer ask_once(char const* sql, std::initializer_list<char const*> values);
    answer next_answer(std::chrono::steady_clock::time_point deadline);

    std::string address_;
    std::chrono::milliseconds limit_;
    std::unique_ptr<PGconn, decltype(&PQfinish)> connection_{nullptr, PQfinish};
};

}  // namespace shop
