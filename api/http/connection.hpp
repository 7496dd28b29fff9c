#pragma once

#include "api/http/router.hpp"
#include "api/http/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include <memory>
#include <string>

namespace aconite::api {

/// What all connections share. Outlives them.
struct service {
    router routes;
    log_sink log;
    server_limits limits;
    /// Where handlers run that may wait.
    boost::asio::thread_pool& waiting_room;
};

/// One client of the API. Everything happens on the socket's executor, one thread.
class connection {
public:
    using parser = http::request_parser<http::string_body>;

    connection(service const& shared, boost::asio::ip::tcp::socket socket);

    /// Serves requests until either side has enough. Keeps `self` alive.
    static boost::asio::awaitable<void> run(std::shared_ptr<connection> self);

    /// Closes now if no request is in progress, else after it. Any thread.
    static void finish(std::shared_ptr<connection> self);

    /// Closes if the client took longer than it may. For the server to call now and then: a timer
    /// for each read and write would cost more than they do.
    void close_if_late(std::chrono::steady_clock::time_point now);

    /// Whether this one should be closed rather than `other` where both cannot stay: one that has
    /// not sent a complete request, of two such ones the one that has not for longer. Executor.
    [[nodiscard]] bool gives_way_before(connection const& other) const;
    /// Closes, whatever is in progress. Executor.
    void give_way();
    /// Whether it has sent a complete request that is not answered yet. Executor.
    [[nodiscard]] bool is_answering() const { return answering_; }
    /// Executor.
    [[nodiscard]] bool is_open() const { return socket_.is_open(); }

private:
    void expires_after(std::chrono::milliseconds limit);
    boost::asio::awaitable<void> serve();
    /// Waits for the first byte of a request. False: there will be none.
    boost::asio::awaitable<bool> wait_for_request(bool first);
    boost::asio::awaitable<boost::system::error_code> read_request(parser& in);
    boost::asio::awaitable<boost::system::error_code> read_head(parser& in);
    boost::asio::awaitable<routed> handle(request const& asked,
                                          std::chrono::steady_clock::time_point began);
    /// Waits a moment. False if the client is gone or the server stops.
    boost::asio::awaitable<bool> pause();
    /// Sends what there is and what comes, until the client is gone or the server stops. False.
    boost::asio::awaitable<bool> stream(routed done, request const& asked);
    /// False if the connection must end.
    boost::asio::awaitable<bool> answer(request const& asked);
    boost::asio::awaitable<bool> send(response& out, request const& asked);
    /// Answers a request that could not be read, and lets the client see the answer.
    boost::asio::awaitable<void> refuse(boost::system::error_code why, request const& asked);
    void log_access(request const& asked, routed const& done, std::size_t size_bytes,
                    std::chrono::nanoseconds took) const;

    service const& shared_;
    boost::asio::ip::tcp::socket socket_;
    std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
    /// When the request that is in progress was complete, or, without one, since when there is
    /// none.
    std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
    boost::beast::flat_buffer buffer_;
    std::string client_;
    bool busy_ = false;       ///< a request has begun
    bool answering_ = false;  ///< a request is complete
    bool finishing_ = false;
};

}  // namespace aconite::api
