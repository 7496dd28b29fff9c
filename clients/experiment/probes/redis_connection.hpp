#pragma once

#include "clients/experiment/probes/dial.hpp"
#include "clients/experiment/values/value.hpp"

#include <aconite/problem.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct redisReply;
struct redisReader;

namespace aconite::experiment {

/// Where a Redis is and how to log in.
struct redis_address {
    host_port where;
    std::string user{};  ///< empty: the default one
    std::string password{};
    std::string database{};  ///< a number; empty: 0
};

/// Reads `host:port`, `host` or `redis://user:password@host:port/database`; escapes (`%40`) in user
/// and password are read. A problem that names what is wrong, and shows no password.
result<redis_address> read_redis_address(std::string_view text);

/// Asks one Redis, one command at a time, over a connection that is kept and made anew once it has
/// broken. One thread at a time.
class redis_connection {
public:
    explicit redis_connection(redis_address where);
    ~redis_connection();
    redis_connection(redis_connection const&) = delete;
    redis_connection& operator=(redis_connection const&) = delete;

    /// What it answers: "" for nil, of a list its members, of a list in it the first member. A
    /// problem `status_wrong` is an error that Redis answered, or more than 100,000 members or 16
    /// MiB.
    result<value> ask(std::vector<std::string> const& words, deadline const& until);

private:
    /// A reply of hiredis and what frees it.
    struct free_reply {
        void operator()(redisReply* reply) const;
    };
    using reply_handle = std::unique_ptr<redisReply, free_reply>;
    struct free_reader {
        void operator()(redisReader* reader) const;
    };

    result<void> connect(deadline const& until);
    result<reply_handle> exchange(std::vector<std::string> const& words, deadline const& until);
    result<reply_handle> receive(deadline const& until);
    result<void> send(std::string_view bytes, deadline const& until);
    [[nodiscard]] bool is_stale() const;
    void close();

    redis_address where_;
    std::string who_;
    descriptor socket_;
    std::unique_ptr<redisReader, free_reader> reader_;
};

}  // namespace aconite::experiment
