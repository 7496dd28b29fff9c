#include "orders.hpp"

#include <utility>

namespace shop {
namespace {

constexpr auto attempts = 3;

}  // namespace

connection::connection(std::string const& conninfo)
    : handle_(PQconnectdb(conninfo.c_str()), PQfinish)
{
    if (PQstatus(handle_.get()) != CONNECTION_OK)
        throw connection_lost(PQerrorMessage(handle_.get()));
}

std::vector<std::string> connection::execute(char const* sql,
                                             std::initializer_list<std::string> parameters)
{
    std::vector<char const*> values;
    for (auto const& each : parameters)
        values.push_back(each.c_str());
    std::unique_ptr<PGresult, decltype(&PQclear)> const answer(
        PQexecParams(handle_.get(), sql, static_cast<int>(values.size()), nullptr, values.data(),
                     nullptr, nullptr, 0),
        PQclear);
    if (PQstatus(handle_.get()) != CONNECTION_OK)
        throw connection_lost(PQerrorMessage(handle_.get()));
    auto const status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw std::runtime_error(PQerrorMessage(handle_.get()));

    std::vector<std::string> rows;
    for (int row = 0; row < PQntuples(answer.get()); ++row)
        rows.emplace_back(PQgetvalue(answer.get(), row, 0));
    return rows;
}

void create_table(connection& database)
{
    database.execute("SET client_min_messages = warning");  // no notice if it is there
    database.execute("CREATE TABLE IF NOT EXISTS placed_orders ("
                     "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
                     "idempotency_key text UNIQUE, customer text NOT NULL, item text NOT NULL)");
}

orders::orders(std::string conninfo) : conninfo_(std::move(conninfo)) {}

std::string orders::place(order const& wanted)
{
    for (int attempt = 1;; ++attempt) {
        try {
            return place_once(wanted);
        } catch (connection_lost const&) {
            if (attempt == attempts)
                throw;
        }
    }
}

std::string orders::place_once(order const& wanted)
{
    connection database(conninfo_);
    database.execute("BEGIN");
    auto id = insert(database, wanted);
    database.execute("COMMIT");
    return id;
}

std::string naive_orders::insert(connection& database, order const& wanted)
{
    return database
        .execute("INSERT INTO placed_orders (customer, item) VALUES ($1, $2) RETURNING id",
                 {wanted.customer, wanted.item})
        .at(0);
}

std::string robust_orders::insert(connection& database, order const& wanted)
{
    database.execute("INSERT INTO placed_orders (idempotency_key, customer, item) "
                     "VALUES ($1, $2, $3) ON CONFLICT (idempotency_key) DO NOTHING",
                     {wanted.idempotency_key, wanted.customer, wanted.item});
    return database
        .execute("SELECT id FROM placed_orders WHERE idempotency_key = $1",
                 {wanted.idempotency_key})
        .at(0);
}

}  // namespace shop
