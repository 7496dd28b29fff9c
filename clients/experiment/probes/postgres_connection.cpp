#include "clients/experiment/probes/postgres_connection.hpp"

#include "clients/experiment/probes/dial.hpp"
#include "clients/experiment/probes/faults.hpp"
#include "proxy/net/split.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <system_error>
#include <thread>

namespace aconite::experiment {
namespace {

constexpr std::size_t rows_max = 100'000;

using result_handle = std::unique_ptr<PGresult, decltype(&PQclear)>;

std::string setting_of(postgres_settings const& all, std::string_view name)
{
    auto const found = std::ranges::find(all, name, &postgres_settings::value_type::first);
    return found == all.end() ? std::string() : found->second;
}

std::string one_line(char const* text)
{
    std::string line(text != nullptr ? text : "");
    while (line.ends_with('\n'))
        line.pop_back();
    return line;
}

/// `42P01: relation "x" does not exist`
std::string refusal_of(PGresult const* from)
{
    auto const* state = PQresultErrorField(from, PG_DIAG_SQLSTATE);
    auto const* text = PQresultErrorField(from, PG_DIAG_MESSAGE_PRIMARY);
    return text == nullptr ? one_line(PQresultErrorMessage(from))
                           : fmt::format("{}: {}", state != nullptr ? state : "error", text);
}

/// Whether it is the server that goes: class 57P, operator intervention that ends the session.
bool is_farewell(PGresult const* from)
{
    auto const* state = PQresultErrorField(from, PG_DIAG_SQLSTATE);
    return state == nullptr || std::string_view(state).starts_with("57P");
}

}  // namespace

postgres_connection::postgres_connection(postgres_settings where)
    : where_(std::move(where)), who_("postgres")
{
    auto const host = setting_of(where_, "host");
    auto const port = setting_of(where_, "port");
    if (!host.empty())
        who_ += " " + host;
    if (!port.empty())
        who_ += ":" + port;
}

postgres_connection::~postgres_connection() = default;

void postgres_connection::close_connection::operator()(pg_conn* connection) const
{
    PQfinish(connection);
}

bool postgres_connection::is_stale() const
{
    // Nothing was asked: what there is to read is a farewell, or an end.
    pollfd one{PQsocket(connection_.get()), POLLIN, 0};
    return PQstatus(connection_.get()) != CONNECTION_OK || ::poll(&one, 1, 0) != 0;
}

problem postgres_connection::broken() const
{
    auto const text = one_line(PQerrorMessage(connection_.get()));
    return absent(who_, text.empty() ? "the connection broke" : text);
}

result<postgres_settings> postgres_connection::resolved(deadline const& until) const
{
    auto const hosts = setting_of(where_, "host");
    if (hosts.empty() || !setting_of(where_, "hostaddr").empty())
        return where_;
    auto const all_ports = setting_of(where_, "port");
    std::string host_list;
    std::string address_list;
    std::string port_list;
    std::string_view host_rest = hosts;
    std::string_view port_rest = all_ports;
    std::string_view port = take_part(port_rest, ',');
    while (!host_rest.empty()) {
        auto const host = take_part(host_rest, ',');
        if (host.empty() || host.starts_with('/') || host.starts_with('@'))
            return where_;  // a socket in the file system
        auto const known = port.empty() ? std::string_view("5432") : port;
        auto const found = resolve({std::string(host), std::string(known)}, until);
        if (!found)
            return found.error();
        for (auto const& each : *found) {
            auto const* comma = host_list.empty() ? "" : ",";
            host_list += comma + std::string(host);
            address_list += comma + each.address;
            port_list += comma + std::string(port);
        }
        if (!port_rest.empty())
            port = take_part(port_rest, ',');
    }
    auto made = where_;
    std::erase_if(made,
                  [](auto const& each) { return each.first == "host" || each.first == "port"; });
    made.emplace_back("host", std::move(host_list));
    made.emplace_back("hostaddr", std::move(address_list));
    made.emplace_back("port", std::move(port_list));
    return made;
}

result<void> postgres_connection::connect(deadline const& until)
{
    auto const where = resolved(until);
    if (!where)
        return where.error();
    std::vector<char const*> names;
    std::vector<char const*> texts;
    for (auto const& [name, text] : *where) {
        names.push_back(name.c_str());
        texts.push_back(text.c_str());
    }
    names.push_back(nullptr);
    texts.push_back(nullptr);
    connection_.reset(PQconnectStartParams(names.data(), texts.data(), 0));
    if (connection_ == nullptr)
        return absent(who_, "out of memory");
    PQsetNoticeProcessor(
        connection_.get(), [](void*, char const*) {}, nullptr);
    auto wanted = PGRES_POLLING_WRITING;
    while (wanted != PGRES_POLLING_OK) {
        if (wanted == PGRES_POLLING_FAILED || PQstatus(connection_.get()) == CONNECTION_BAD)
            return broken();
        auto const events = static_cast<short>(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT);
        if (until.passed() || !wait_for(PQsocket(connection_.get()), events, until))
            return silent(who_, until);
        wanted = PQconnectPoll(connection_.get());
    }
    PQsetnonblocking(connection_.get(), 1);
    return {};
}

result<void> postgres_connection::send(std::string const& sql, deadline const& until)
{
    if (PQsendQuery(connection_.get(), sql.c_str()) == 0)
        return broken();
    PQsetSingleRowMode(connection_.get());
    while (true) {
        auto const left = PQflush(connection_.get());
        if (left == 0)
            return {};
        if (left < 0)
            return broken();
        if (!wait_for(PQsocket(connection_.get()), POLLIN | POLLOUT, until))
            return silent(who_, until);
        if (PQconsumeInput(connection_.get()) == 0)
            return broken();
    }
}

bool postgres_connection::await(deadline const& until)
{
    while (PQisBusy(connection_.get()) != 0) {
        if (until.passed() || !wait_for(PQsocket(connection_.get()), POLLIN, until))
            return false;
        if (PQconsumeInput(connection_.get()) == 0)
            return true;  // the result will say so
    }
    return true;
}

result<postgres_column> postgres_connection::exchange(std::string const& sql, deadline const& until)
{
    if (auto const sent = send(sql, until); !sent)
        return sent.error();
    std::optional<postgres_column> found;
    std::optional<problem> refused;
    bool is_over = true;  // of the statement whose rows came last
    while (true) {
        if (!await(until))
            return silent(who_, until);
        result_handle const part(PQgetResult(connection_.get()), &PQclear);
        if (part == nullptr)
            break;
        auto const kind = PQresultStatus(part.get());
        if (kind == PGRES_COPY_IN || kind == PGRES_COPY_OUT || kind == PGRES_COPY_BOTH) {
            abandon();
            return wrong(who_, "COPY gives no value");
        }
        if (kind == PGRES_COMMAND_OK || kind == PGRES_EMPTY_QUERY)
            continue;
        if (kind != PGRES_TUPLES_OK && kind != PGRES_SINGLE_TUPLE) {
            if (is_farewell(part.get()) || PQstatus(connection_.get()) == CONNECTION_BAD)
                return absent(who_, refusal_of(part.get()));
            refused = wrong(who_, refusal_of(part.get()));
            continue;
        }
        if (is_over)
            found.emplace();
        is_over = kind == PGRES_TUPLES_OK;
        found->type = PQftype(part.get(), 0);
        if (PQnfields(part.get()) != 1)
            refused = wrong(
                who_, fmt::format("the query gives {} columns, not one", PQnfields(part.get())));
        for (int row = 0; row < PQntuples(part.get()) && !refused; ++row)
            found->cells.push_back(
                PQgetisnull(part.get(), row, 0) != 0
                    ? std::nullopt
                    : std::optional<std::string>(
                          std::in_place, PQgetvalue(part.get(), row, 0),
                          static_cast<std::size_t>(PQgetlength(part.get(), row, 0))));
        if (found->cells.size() > rows_max) {
            abandon();
            return wrong(who_, fmt::format("the query gives over {} rows", rows_max));
        }
    }
    if (refused)
        return *refused;
    if (!found)
        return wrong(who_, "the query gives no rows: it is no SELECT");
    return std::move(*found);
}

void postgres_connection::abandon()
{
    if (connection_ == nullptr)
        return;
    // PQcancel waits for the server, which may be silent, so that is left to a thread.
    auto* const cancel =
        PQstatus(connection_.get()) == CONNECTION_OK ? PQgetCancel(connection_.get()) : nullptr;
    connection_.reset();
    if (cancel == nullptr)
        return;
    if (cancelling_->exchange(true)) {
        PQfreeCancel(cancel);
        return;
    }
    try {
        std::thread([cancel, flag = cancelling_] {
            char why[256];
            PQcancel(cancel, why, sizeof why);
            PQfreeCancel(cancel);
            flag->store(false);
        }).detach();
    } catch (std::system_error const&) {
        PQfreeCancel(cancel);
        cancelling_->store(false);
    }
}

result<postgres_column> postgres_connection::ask(std::string const& sql, deadline const& until)
{
    if (connection_ != nullptr && is_stale())
        connection_.reset();
    bool const kept = connection_ != nullptr;
    auto found = [&]() -> result<postgres_column> {
        if (!kept)
            if (auto const connected = connect(until); !connected)
                return connected.error();
        return exchange(sql, until);
    }();
    if (found || found.error().status != status_absent)
        return found;
    if (until.passed()) {
        abandon();
        return found;
    }
    connection_.reset();
    // A kept connection may have broken long before: its server may be there again.
    return kept ? ask(sql, until) : found;
}

}  // namespace aconite::experiment
