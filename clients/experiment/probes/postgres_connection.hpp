#pragma once

#include "clients/experiment/values/deadline.hpp"

#include <aconite/problem.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct pg_conn;
struct pg_result;

namespace aconite::experiment {

/// What libpq is told, by its own keywords, in order.
using postgres_settings = std::vector<std::pair<std::string, std::string>>;

/// Reads a conninfo (`host=a dbname=b`), a `postgres://` URI, or `user@host:port/database`, of
/// which all but the host may be missing: then it is PGUSER, PGDATABASE, or postgres. A problem
/// that shows no password.
result<postgres_settings> read_postgres_settings(std::string_view text);

/// One column of a query's answer.
struct postgres_column {
    unsigned type = 0;                                ///< its number in pg_type
    std::vector<std::optional<std::string>> cells{};  ///< none: NULL
};

/// Asks one PostgreSQL, one query at a time, over a connection that is kept and made anew once it
/// has broken. What is not over in time is cancelled. One thread at a time.
class postgres_connection {
public:
    explicit postgres_connection(postgres_settings where);
    ~postgres_connection();
    postgres_connection(postgres_connection const&) = delete;
    postgres_connection& operator=(postgres_connection const&) = delete;

    /// The rows of the last statement in `sql` that has any. A problem `status_wrong` is what
    /// PostgreSQL says against it, or more than one column or 100,000 rows.
    result<postgres_column> ask(std::string const& sql, deadline const& until);
    /// `postgres 127.0.0.1:5432`, for problems.
    [[nodiscard]] std::string const& who() const { return who_; }

private:
    struct close_connection {
        void operator()(pg_conn* connection) const;
    };

    /// With an address for each name, so that libpq asks no name server: it would wait for one.
    result<postgres_settings> resolved(deadline const& until) const;
    result<void> connect(deadline const& until);
    result<postgres_column> exchange(std::string const& sql, deadline const& until);
    result<void> send(std::string const& sql, deadline const& until);
    /// False: not in time. True: there is an answer, or its end, or the connection broke.
    bool await(deadline const& until);
    /// What libpq says of the connection.
    [[nodiscard]] problem broken() const;
    /// Ends what the server is still at and gives the connection up; does not wait.
    void abandon();
    [[nodiscard]] bool is_stale() const;

    postgres_settings where_;
    std::string who_;
    std::unique_ptr<pg_conn, close_connection> connection_;
    /// Whether a cancel is under way: no more than one is, however silent the server.
    std::shared_ptr<std::atomic<bool>> cancelling_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace aconite::experiment
