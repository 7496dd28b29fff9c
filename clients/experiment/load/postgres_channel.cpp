#include "clients/experiment/load/postgres_channel.hpp"

#include <boost/asio/post.hpp>

#include <fcntl.h>
#include <libpq-fe.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace aconite::experiment {

std::string postgres_fault(std::string_view message)
{
    struct row {
        std::string_view part;
        std::string_view name;
    };
    constexpr row rows[] = {
        {"Connection refused", "refused"},
        {"reset by peer", "reset"},
        {"Broken pipe", "reset"},
        {"closed the connection", "closed"},
        {"connection has been closed", "closed"},
        {"SYSCALL error: EOF", "closed"},
        {"timed out", "timeout"},
        {"timeout expired", "timeout"},
        {"unreachable", "unreachable"},
        {"No route to host", "unreachable"},
        {"could not translate host name", "host not found"},
        {"Too many open files", "too many open files"},
    };
    // With PQERRORS_SQLSTATE what the server says is `FATAL:  53300`.
    constexpr std::string_view fatal = "FATAL:  ";
    constexpr std::size_t sqlstate_size = 5;
    if (auto const found = message.find(fatal); found != std::string_view::npos) {
        auto const state = message.substr(found + fatal.size(), sqlstate_size);
        if (state.size() == sqlstate_size && std::ranges::all_of(state, [](char c) {
                return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
            }))
            return "SQLSTATE " + std::string(state);
    }
    for (auto const& each : rows)
        if (message.find(each.part) != std::string_view::npos)
            return std::string(each.name);
    return "connection failed";
}

postgres_channel::postgres_channel(boost::asio::io_context& on,
                                   std::shared_ptr<postgres_plan const> plan, std::size_t number,
                                   done_function done)
    : on_(on), plan_(std::move(plan)), number_(number), done_(std::move(done)), socket_(on)
{}

postgres_channel::~postgres_channel()
{
    close();
}

void postgres_channel::begin(ticket const& what)
{
    ++turn_;
    what_ = what;
    error_.clear();
    if (connection_ != nullptr && is_fit())
        query();
    else
        connect();
}

void postgres_channel::abandon()
{
    ++turn_;
    close();
}

void postgres_channel::close()
{
    boost::system::error_code ignored;
    socket_.close(ignored);
    PQfinish(std::exchange(connection_, nullptr));
}

/// Whether an idle connection is as it was left. What a server says unasked is that it goes.
bool postgres_channel::is_fit() const
{
    char byte = 0;
    return PQstatus(connection_) == CONNECTION_OK &&
           ::recv(PQsocket(connection_), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

void postgres_channel::connect()
{
    close();
    char const* const names[] = {"dbname", "fallback_application_name", nullptr};
    char const* const values[] = {plan_->connection.c_str(), "aconite-experiment", nullptr};
    connection_ = PQconnectStartParams(names, values, 1);
    if (connection_ == nullptr || PQstatus(connection_) == CONNECTION_BAD)
        return fail_later(fault());
    PQsetNoticeProcessor(
        connection_, [](void*, char const*) {}, nullptr);
    PQsetErrorVerbosity(connection_, PQERRORS_SQLSTATE);
    wait(descriptor::wait_write, next::connect);
}

void postgres_channel::go_on_connecting()
{
    // It may take another socket.
    boost::system::error_code ignored;
    socket_.close(ignored);
    switch (PQconnectPoll(connection_)) {
    case PGRES_POLLING_READING:
        return wait(descriptor::wait_read, next::connect);
    case PGRES_POLLING_WRITING:
        return wait(descriptor::wait_write, next::connect);
    case PGRES_POLLING_OK:
        break;
    default:
        return fail_later(fault());
    }
    PQsetnonblocking(connection_, 1);
    query();
}

void postgres_channel::query()
{
    auto const& statement = plan_->statements[what_.number % plan_->statements.size()];
    auto const sql = statement.filled(*plan_->draws, what_.number, number_);
    if (PQsendQuery(connection_, sql.c_str()) == 0)
        return fail_later(fault());
    flush();
}

void postgres_channel::flush()
{
    switch (PQflush(connection_)) {
    case 0:
        return wait(descriptor::wait_read, next::answer);
    case 1:
        return wait(descriptor::wait_write, next::flush);
    default:
        return fail_later(fault());
    }
}

void postgres_channel::answer()
{
    if (PQconsumeInput(connection_) == 0)
        return fail_later(error_.empty() ? fault() : error_);
    take_results();
}

void postgres_channel::take_results()
{
    while (PQisBusy(connection_) == 0) {
        std::unique_ptr<PGresult, decltype(&PQclear)> const got(PQgetResult(connection_), &PQclear);
        if (!got) {
            // A connection in a transaction that failed would fail everything behind it.
            auto const keep = PQstatus(connection_) == CONNECTION_OK &&
                              PQtransactionStatus(connection_) != PQTRANS_INERROR;
            return finish(std::move(error_), keep);
        }
        switch (PQresultStatus(got.get())) {
        case PGRES_COPY_IN:
        case PGRES_COPY_OUT:
        case PGRES_COPY_BOTH:
            return finish("COPY is not spoken", false);
        case PGRES_FATAL_ERROR:
        case PGRES_BAD_RESPONSE: {
            auto const* const state = PQresultErrorField(got.get(), PG_DIAG_SQLSTATE);
            if (error_.empty())
                error_ = state != nullptr ? std::string("SQLSTATE ") + state
                                          : postgres_fault(PQresultErrorMessage(got.get()));
            break;
        }
        default:
            break;
        }
    }
    wait(descriptor::wait_read, next::answer);
}

void postgres_channel::wait(descriptor::wait_type what, next then)
{
    if (!socket_.is_open()) {
        // A descriptor of our own: libpq closes its one when it likes, and the next connection,
        // which gets the same number, would be struck off the event loop in its place.
        auto const ours = ::fcntl(PQsocket(connection_), F_DUPFD_CLOEXEC, 0);
        boost::system::error_code failed;
        if (ours >= 0)
            socket_.assign(ours, failed);
        if (ours < 0 || failed) {
            ::close(ours);
            return fail_later("too many open files");
        }
    }
    socket_.async_wait(what, [this, then, turn = turn_](boost::system::error_code error) {
        if (turn != turn_)
            return;
        if (error)
            return fail_later("connection failed");
        switch (then) {
        case next::connect:
            return go_on_connecting();
        case next::flush:
            return flush();
        case next::answer:
            return answer();
        }
    });
}

std::string postgres_channel::fault() const
{
    return postgres_fault(PQerrorMessage(connection_));
}

void postgres_channel::finish(std::string error, bool keep)
{
    ++turn_;
    if (!keep)
        close();
    done_(error);
}

void postgres_channel::fail_later(std::string error)
{
    boost::asio::post(on_, [this, turn = turn_, error = std::move(error)] {
        if (turn == turn_)
            finish(error, false);
    });
}

}  // namespace aconite::experiment
