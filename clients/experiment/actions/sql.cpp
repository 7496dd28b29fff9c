#include "clients/experiment/actions/rows.hpp"

#include "proxy/net/number.hpp"

#include <aconite/text.hpp>

#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <memory>

namespace aconite::experiment {
namespace {

constexpr std::array sql_fields{
    field{
        .name = "statement", .type = field_type::text, .about = "one statement", .required = true},
    field{.name = "connection",
          .type = field_type::text,
          .about = "host=... dbname=..., or postgresql://...",
          .required = true},
    field{.name = "timeout",
          .type = field_type::duration,
          .about = "for connection and answer together. Default: 10s",
          .minimum = 0.001,
          .maximum = 86'400},
};

using sql_connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using sql_answer = std::unique_ptr<PGresult, decltype(&PQclear)>;
using sql_clock = std::chrono::steady_clock;

/// The first line of what libpq says.
std::string sql_fault(char const* text)
{
    std::string_view line = text != nullptr ? text : "";
    line = line.substr(0, line.find('\n'));
    return printable(line.empty() ? "no reason given" : line);
}

/// Whether the socket became ready before the deadline.
bool sql_ready(PGconn* connection, short events, sql_clock::time_point deadline)
{
    for (;;) {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - sql_clock::now());
        if (left.count() <= 0)
            return false;
        pollfd one{.fd = PQsocket(connection), .events = events, .revents = 0};
        auto const got = ::poll(&one, 1, static_cast<int>(left.count()));
        if (got > 0)
            return true;
        if (got < 0 && errno != EINTR)
            return false;
    }
}

class sql_action final : public action {
public:
    sql_action(std::string statement, std::string connection, std::chrono::milliseconds limit)
        : statement_(std::move(statement)), connection_(std::move(connection)), limit_(limit)
    {}

    result<std::vector<json>> undo_plan() override { return std::vector<json>{}; }

    result<void> start() override
    {
        auto const deadline = sql_clock::now() + limit_;
        sql_connection const connection(PQconnectStart(connection_.c_str()), PQfinish);
        if (!connection)
            return problem{500, "sql: no memory"};
        for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;
             state = PQconnectPoll(connection.get())) {
            if (PQstatus(connection.get()) == CONNECTION_BAD || state == PGRES_POLLING_FAILED)
                return problem{0, "sql: " + sql_fault(PQerrorMessage(connection.get()))};
            if (!sql_ready(connection.get(), state == PGRES_POLLING_READING ? POLLIN : POLLOUT,
                           deadline))
                return late();
        }
        if (PQsendQuery(connection.get(), statement_.c_str()) == 0)
            return problem{0, "sql: " + sql_fault(PQerrorMessage(connection.get()))};
        return read_answers(connection.get(), deadline);
    }

    result<evidence> look() override { return evidence{{}, text_}; }

private:
    [[nodiscard]] problem late() const
    {
        return {504, "sql: no answer within " + to_text(nanoseconds(limit_))};
    }

    result<void> read_answers(PGconn* connection, sql_clock::time_point deadline)
    {
        for (;;) {
            while (PQisBusy(connection) != 0) {
                if (!sql_ready(connection, POLLIN, deadline))
                    return late();
                if (PQconsumeInput(connection) == 0)
                    return problem{0, "sql: " + sql_fault(PQerrorMessage(connection))};
            }
            sql_answer const answer(PQgetResult(connection), PQclear);
            if (!answer)
                return {};
            auto const status = PQresultStatus(answer.get());
            if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH)
                return problem{400, "sql: COPY has no data here"};
            if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
                return problem{500, "sql: " + sql_fault(PQresultErrorMessage(answer.get()))};
            text_ = printable(PQcmdStatus(answer.get()));
        }
    }

    std::string statement_;
    std::string connection_;
    std::chrono::milliseconds limit_;
    std::string text_ = "not run";
};

result<std::unique_ptr<action>> make_sql(settings const& how, std::vector<target const*> const&,
                                         surroundings const&)
{
    if (how.text("statement").empty())
        return problem{400, "sql: the statement is empty"};
    if (!how.has("connection"))
        return problem{400, "sql: 'connection' is missing, as \"host=127.0.0.1 dbname=orders\""};
    auto const limit = std::chrono::ceil<std::chrono::milliseconds>(
        how.duration("timeout", std::chrono::seconds(10)));
    return std::unique_ptr<action>(
        std::make_unique<sql_action>(how.text("statement"), how.text("connection"), limit));
}

}  // namespace

constinit action_kind const sql_row{
    .row = {.name = "sql",
            .about = "one statement for PostgreSQL",
            .fields = sql_fields,
            .primary = "statement",
            .example = "{sql: \"ALTER SYSTEM SET ...\", connection: \"host=127.0.0.1\"}"},
    .aims_at = "",
    .lasts = false,
    .make = make_sql};

}  // namespace aconite::experiment
