#include "orders/database.hpp"

#include <poll.h>

#include <algorithm>

namespace shop {
namespace {

using clock = std::chrono::steady_clock;

/// Whether `fd` has something to read before the deadline.
bool wait_readable(int fd, clock::time_point deadline)
{
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
    pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
    return poll(&wanted, 1, static_cast<int>(std::max(left.count(), 0L))) != 0;
}

}  // namespace

database::database(std::string const& address, std::chrono::milliseconds limit)
    : address_(address), limit_(limit)
{}

void database::create_table()
{
    ask("CREATE TABLE IF NOT EXISTS orders (id text PRIMARY KEY, content text NOT NULL)");
}

void database::save(std::string const& id, std::string const& content)
{
    // Nobody knows whether an INSERT without an answer was executed. The key makes that harmless.
    ask("INSERT INTO orders VALUES ($1, $2) ON CONFLICT DO NOTHING", {id.c_str(), content.c_str()});
}

std::optional<std::string> database::find(std::string const& id)
{
    auto const found = ask("SELECT content FROM orders WHERE id = $1", {id.c_str()});
    if (PQntuples(found.get()) == 0)
        return std::nullopt;
    return PQgetvalue(found.get(), 0, 0);
}

void database::connect()
{
    auto const colon = address_.rfind(':');
    auto const how = "connect_timeout=5 host=" + address_.substr(0, colon) +
                     " port=" + address_.substr(colon + 1);
    connection_.reset(PQconnectdb(how.c_str()));
    if (PQstatus(connection_.get()) != CONNECTION_OK)
        throw connection_lost(PQerrorMessage(connection_.get()));
}

database::answer database::ask(char const* sql, std::initializer_list<char const*> values)
{
    try {
        return ask_once(sql, values);
    } catch (connection_lost const&) {
        return ask_once(sql, values);
    }
}

database::answer database::ask_once(char const* sql, std::initializer_list<char const*> values)
try {
    if (!connection_)
        connect();
    auto const deadline = clock::now() + limit_;
    if (PQsendQueryParams(connection_.get(), sql, static_cast<int>(values.size()), nullptr,
                          values.begin(), nullptr, nullptr, 0) == 0)
        throw connection_lost(PQerrorMessage(connection_.get()));

    answer first = next_answer(deadline);
    while (next_answer(deadline)) {}  // a null one ends the statement
    if (PQstatus(connection_.get()) != CONNECTION_OK)
        throw connection_lost(PQresultErrorMessage(first.get()));
    auto const status = PQresultStatus(first.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        throw std::runtime_error(PQresultErrorMessage(first.get()));
    return first;
} catch (...) {
    connection_.reset();  // whatever it still has to say belongs to this statement
    throw;
}

database::answer database::next_answer(clock::time_point deadline)
{
    while (PQisBusy(connection_.get()) != 0) {
        if (!wait_readable(PQsocket(connection_.get()), deadline))
            throw std::runtime_error("PostgreSQL did not answer in time");
        if (PQconsumeInput(connection_.get()) == 0)
            throw connection_lost(PQerrorMessage(connection_.get()));
    }
    return {PQgetResult(connection_.get()), PQclear};
}

}  // namespace shop
