#include "clients/experiment/show/serve.hpp"

#include "clients/experiment/show/answers.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <exception>
#include <thread>

namespace aconite::experiment {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

constexpr std::chrono::seconds patience{15};
constexpr std::chrono::milliseconds accept_again_after{100};
constexpr std::uint32_t head_bytes = 16 << 10;
constexpr std::uint64_t request_bytes = 4 << 10;
constexpr std::size_t clients_max = 64;

}  // namespace

class report_server::impl {
public:
    explicit impl(past_runs runs) : runs_(std::move(runs)), acceptor_(io_), pause_(io_) {}

    ~impl()
    {
        io_.stop();
        if (thread_.joinable())
            thread_.join();
    }

    result<void> start(std::uint16_t port)
    {
        tcp::endpoint const where(asio::ip::address_v4::loopback(), port);
        boost::system::error_code failed;
        acceptor_.open(where.protocol(), failed);
        if (!failed)
            acceptor_.set_option(asio::socket_base::reuse_address(true), failed);
        if (!failed)
            acceptor_.bind(where, failed);
        if (!failed)
            acceptor_.listen(asio::socket_base::max_listen_connections, failed);
        if (failed)
            return problem{
                500, fmt::format("cannot listen on 127.0.0.1:{}: {}", port, failed.message())};
        port_ = acceptor_.local_endpoint(failed).port();
        asio::co_spawn(io_, accept_all(), [](std::exception_ptr const&) {});
        thread_ = std::thread([this] { io_.run(); });
        return {};
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    asio::awaitable<void> accept_all()
    {
        for (;;) {
            auto [failure, socket] = co_await acceptor_.async_accept(as_result);
            if (failure) {  // out of descriptors, most likely, which passes
                pause_.expires_after(accept_again_after);
                co_await pause_.async_wait(as_result);
                continue;
            }
            if (clients_ >= clients_max)
                continue;  // closes it
            ++clients_;
            asio::co_spawn(io_, serve(beast::tcp_stream(std::move(socket))),
                           [this](std::exception_ptr const&) { --clients_; });
        }
    }

    asio::awaitable<void> serve(beast::tcp_stream stream)
    {
        beast::flat_buffer buffer;
        for (bool goes_on = true; goes_on;) {
            beast::http::request_parser<beast::http::string_body> in;
            in.header_limit(head_bytes);
            in.body_limit(request_bytes);
            stream.expires_after(patience);
            auto const [unread, count] =
                co_await beast::http::async_read(stream, buffer, in, as_result);
            if (unread)
                break;
            auto answer = answer_to(runs_, in.get());
            goes_on = in.get().keep_alive();
            answer.version(in.get().version());
            answer.keep_alive(goes_on);
            answer.content_length(answer.body().size());
            if (in.get().method() == beast::http::verb::head)
                answer.body().clear();
            stream.expires_after(patience);
            auto const [unsent, sent] =
                co_await beast::http::async_write(stream, answer, as_result);
            if (unsent)
                break;
        }
        boost::system::error_code ignored;
        stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    }

    past_runs runs_;
    asio::io_context io_{1};
    tcp::acceptor acceptor_;
    asio::steady_timer pause_;
    std::size_t clients_ = 0;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

report_server::report_server(std::unique_ptr<impl> made) : impl_(std::move(made)) {}

report_server::~report_server() = default;

result<std::unique_ptr<report_server>> report_server::start(std::filesystem::path const& folder,
                                                            std::uint16_t port)
{
    auto runs = past_runs::in(folder);
    if (!runs)
        return runs.error();
    auto made = std::make_unique<impl>(*std::move(runs));
    if (auto const listening = made->start(port); !listening)
        return listening.error();
    return std::unique_ptr<report_server>(new report_server(std::move(made)));
}

std::string report_server::address() const
{
    return fmt::format("http://127.0.0.1:{}/", impl_->port());
}

result<void> serve_reports(std::filesystem::path const& folder, std::uint16_t port,
                           std::function<void(std::string const&)> const& ready)
{
    // Before any other thread is there, so that all of them leave the signals to this one.
    asio::io_context io(1);
    boost::system::error_code failed;
    asio::signal_set signals(io);
    signals.add(SIGINT, failed);
    signals.add(SIGTERM, failed);
    auto const server = report_server::start(folder, port);
    if (!server)
        return server.error();
    ready((*server)->address());
    signals.async_wait([](boost::system::error_code, int) {});
    io.run();
    return {};
}

}  // namespace aconite::experiment
