#pragma once

#include "clients/experiment/load/channel.hpp"
#include "clients/experiment/load/request_text.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;  // libpq's PGconn

namespace aconite::experiment {

/// What is asked of PostgreSQL. A value.
struct postgres_plan {
    std::string connection;                ///< conninfo or URI
    std::vector<request_text> statements;  ///< request n is number n modulo their count
    std::shared_ptr<request_draws const> draws;
};

/// A short name for a message of libpq that has no SQLSTATE: `refused`, `closed`. Where it holds
/// one that is it: `SQLSTATE 53300`.
std::string postgres_fault(std::string_view message);

/// A connection to PostgreSQL on which statements are run one after the other. Made when the first
/// one begins, and again when it broke, so that an attempt to connect costs a request. The name of
/// the host is looked up by libpq, which does not do anything else meanwhile.
class postgres_channel final : public channel {
public:
    postgres_channel(boost::asio::io_context& on, std::shared_ptr<postgres_plan const> plan,
                     std::size_t number, done_function done);
    ~postgres_channel() override;

    void begin(ticket const& what) override;
    void abandon() override;

private:
    using descriptor = boost::asio::posix::stream_descriptor;
    enum class next { connect, flush, answer };

    [[nodiscard]] bool is_fit() const;
    void connect();
    void go_on_connecting();
    void query();
    void flush();
    void answer();
    void take_results();
    void wait(descriptor::wait_type what, next then);
    void finish(std::string error, bool keep);
    void fail_later(std::string error);
    [[nodiscard]] std::string fault() const;
    void close();

    boost::asio::io_context& on_;
    std::shared_ptr<postgres_plan const> plan_;
    std::size_t number_;
    done_function done_;
    descriptor socket_;
    pg_conn* connection_ = nullptr;
    ticket what_;
    std::string error_;
    std::uint64_t turn_ = 0;
};

}  // namespace aconite::experiment
