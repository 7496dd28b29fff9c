#pragma once

#include <libpq-fe.h>

#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace shop {

/// A connection to PostgreSQL broke or could not be made.
class connection_lost : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A connection to PostgreSQL. Here and below: throws connection_lost, or std::runtime_error for
/// what the server refuses.
class connection {
public:
    /// `conninfo` is a connection string of libpq.
    explicit connection(std::string const& conninfo);
    /// Executes a statement; the first column of its rows.
    std::vector<std::string> execute(char const* sql,
                                     std::initializer_list<std::string> parameters = {});

private:
    std::unique_ptr<PGconn, decltype(&PQfinish)> handle_;
};

/// Makes the table of the orders if there is none yet.
void create_table(connection& database);

/// What somebody wants.
struct order {
    std::string idempotency_key;  ///< made with the order, the same in each attempt to place it
    std::string customer;
    std::string item;
};

/// Places orders in PostgreSQL, each in a transaction.
class orders {
public:
    explicit orders(std::string conninfo);
    virtual ~orders() = default;

    /// The id of the order. When the connection breaks it tries again; after the last attempt it
    /// throws connection_lost: then the order may be placed or not.
    std::string place(order const& wanted);

private:
    virtual std::string insert(connection& database, order const& wanted) = 0;
    std::string place_once(order const& wanted);

    std::string conninfo_;
};

/// Takes an error for a transaction that was rolled back. It may be committed as well.
class naive_orders final : public orders {
public:
    using orders::orders;

private:
    std::string insert(connection& database, order const& wanted) override;
};

/// Another attempt finds the order of the one before, by its key.
class robust_orders final : public orders {
public:
    using orders::orders;

private:
    std::string insert(connection& database, order const& wanted) override;
};

}  // namespace shop
