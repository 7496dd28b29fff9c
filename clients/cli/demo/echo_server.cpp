#include "clients/cli/demo/echo_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <csignal>
#include <thread>
#include <utility>

namespace aconite::cli {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto as_result = asio::as_tuple(asio::deferred);

asio::awaitable<void> echo(tcp::socket peer)
{
    std::array<char, 512> buffer;
    for (;;) {
        auto const [read_error, count] =
            co_await peer.async_read_some(asio::buffer(buffer), as_result);
        if (read_error)
            co_return;
        auto const [write_error, written] =
            co_await asio::async_write(peer, asio::buffer(buffer, count), as_result);
        if (write_error)
            co_return;
    }
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor)
{
    for (;;) {
        auto [error, peer] = co_await acceptor.async_accept(as_result);
        if (error == asio::error::operation_aborted)
            co_return;
        if (error)
            continue;
        boost::system::error_code ignored;
        peer.set_option(tcp::no_delay(true), ignored);
        auto executor = peer.get_executor();
        auto conversation = echo(std::move(peer));
        asio::co_spawn(executor, std::move(conversation), asio::detached);  // never throws
    }
}

/// Signals belong to the main thread: blocks them all for threads started in its lifetime.
class signals_blocked {
public:
    signals_blocked()
    {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &before_);
    }
    ~signals_blocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    signals_blocked(signals_blocked const&) = delete;
    signals_blocked& operator=(signals_blocked const&) = delete;

private:
    sigset_t before_{};
};

}  // namespace

class echo_server::impl {
public:
    impl() : acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0))
    {
        asio::co_spawn(context_, accept_all(acceptor_), asio::detached);
        signals_blocked const quiet;
        thread_ = std::thread([this] { context_.run(); });
    }
    ~impl()
    {
        context_.stop();
        thread_.join();
    }
    impl(impl const&) = delete;
    impl& operator=(impl const&) = delete;

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    asio::io_context context_{1};
    tcp::acceptor acceptor_;
    std::thread thread_;
};

echo_server::echo_server() : impl_(std::make_unique<impl>()) {}

echo_server::~echo_server() = default;

std::uint16_t echo_server::port() const
{
    return impl_->port();
}

}  // namespace aconite::cli
