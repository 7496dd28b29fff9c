#include "clients/experiment/load/stream_channel.hpp"

#include "clients/cpp/tls.hpp"
#include "clients/experiment/load/socket_fault.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace aconite::experiment {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;

constexpr std::size_t tls_record = 16'384;

/// Short, and the same for the same fault.
std::string tls_fault(SSL* connection, boost::system::error_code error)
{
    if (error.category() != asio::error::get_ssl_category())
        return std::string(error == ssl::error::stream_truncated ? "closed" : socket_fault(error));
    return SSL_get_verify_result(connection) == X509_V_OK ? "no TLS" : "certificate not trusted";
}

}  // namespace

stream_channel::stream_channel(asio::io_context& on, client::url where,
                               std::shared_ptr<tls_trust> trust, std::unique_ptr<dialogue> talk,
                               read_buffer buffer, done_function done)
    : on_(on),
      where_(std::move(where)),
      trust_(std::move(trust)),
      talk_(std::move(talk)),
      buffer_(std::move(buffer)),
      done_(std::move(done)),
      resolver_(on),
      socket_(on)
{}

template <class Handler>
auto stream_channel::in_this_turn(Handler handler)
{
    return
        [this, turn = turn_, handler = std::move(handler)](error_code error = {}, auto&&... more) {
            if (turn == turn_)
                handler(error, std::forward<decltype(more)>(more)...);
        };
}

template <class Handler>
auto stream_channel::with_tls(Handler handler)
{
    return [tls = tls_, handler = in_this_turn(std::move(handler))](auto&&... all) {
        handler(std::forward<decltype(all)>(all)...);
    };
}

void stream_channel::begin(ticket const& what)
{
    ++turn_;
    what_ = what;
    if ((tls_ || socket_.is_open()) && is_fit())
        ask();
    else
        connect();
}

void stream_channel::abandon()
{
    ++turn_;
    close();
}

void stream_channel::close()
{
    error_code ignored;
    resolver_.cancel();
    socket_.close(ignored);
    if (tls_)
        tls_->lowest_layer().close(ignored);
    tls_.reset();
}

/// Whether an idle connection is as it was left: open, and with nothing to read.
bool stream_channel::is_fit()
{
    if (tls_)
        return is_fit_with_tls();
    for (;;) {
        auto const got =
            ::recv(socket_.native_handle(), buffer_->data(), buffer_->size(), MSG_DONTWAIT);
        if (got < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK;
        if (got == 0 || !talk_->ignores_surplus())
            return false;
    }
}

/// The same; tickets for later sessions, which come by themselves, are nothing to read.
bool stream_channel::is_fit_with_tls()
{
    error_code error;
    do
        tls_->read_some(asio::buffer(plain_text_), error);
    while (!error && talk_->ignores_surplus());
    return error == asio::error::would_block;
}

void stream_channel::connect()
{
    close();
    error_code error;
    auto const address = asio::ip::make_address(where_.host, error);
    if (!error) {
        endpoints_.assign(1, {address, static_cast<std::uint16_t>(std::stoi(where_.port))});
        return try_endpoint(0);
    }
    resolver_.async_resolve(
        where_.host, where_.port,
        in_this_turn([this](error_code failed, tcp::resolver::results_type const& found) {
            endpoints_.assign(found.begin(), found.end());
            if (failed || endpoints_.empty())
                return finish({false, std::string(socket_fault(
                                          failed ? failed : asio::error::host_not_found))});
            try_endpoint(0);
        }));
}

void stream_channel::try_endpoint(std::size_t which)
{
    error_code error;
    socket_.close(error);
    socket_.open(endpoints_[which].protocol(), error);
    if (error)
        return fail_later(error);
    // Asio does not: a command that is started meanwhile would hold the connection open.
    ::fcntl(socket_.native_handle(), F_SETFD, FD_CLOEXEC);
    socket_.async_connect(endpoints_[which], in_this_turn([this, which](error_code failed) {
                              if (!failed)
                                  return on_connected();
                              if (which + 1 < endpoints_.size())
                                  return try_endpoint(which + 1);
                              finish({false, std::string(socket_fault(failed))});
                          }));
}

void stream_channel::on_connected()
{
    error_code error;
    socket_.set_option(tcp::no_delay(true), error);
    socket_.non_blocking(true, error);
    if (error)
        return fail_later(error);
    if (trust_)
        return encrypt();
    talk_->opened();
    ask();
}

void stream_channel::encrypt()
{
    plain_text_.resize(tls_record);
    tls_ = std::make_shared<tls_stream>(std::move(socket_), trust_->context);
    client::expect_host(tls_->native_handle(), where_, trust_->verify_certificate);
    tls_->async_handshake(ssl::stream_base::client, with_tls([this](error_code failed) {
                              if (failed)
                                  return finish({false, tls_fault(tls_->native_handle(), failed)});
                              talk_->opened();
                              ask();
                          }));
}

void stream_channel::ask()
{
    out_.clear();
    sent_ = 0;
    talk_->ask(what_, out_);
    send();
}

void stream_channel::send()
{
    if (tls_) {
        // Of a request that was given up it may be read once more.
        auto const text = std::make_shared<std::string>(std::move(out_));
        asio::async_write(*tls_, asio::buffer(*text),
                          with_tls([this, text](error_code failed, std::size_t) {
                              if (failed)
                                  return finish({false, tls_fault(tls_->native_handle(), failed)});
                              sent();
                          }));
        return;
    }
    while (sent_ < out_.size()) {
        error_code error;
        sent_ += socket_.write_some(asio::buffer(out_) + sent_, error);
        if (error == asio::error::would_block) {
            socket_.async_wait(tcp::socket::wait_write, in_this_turn([this](error_code failed) {
                                   if (failed)
                                       return fail_later(failed);
                                   send();
                               }));
            return;
        }
        if (error)
            return fail_later(error);
    }
    sent();
}

void stream_channel::sent()
{
    if (auto over = talk_->hear({}))
        return finish_later(std::move(*over));
    await_answer();
}

void stream_channel::await_answer()
{
    if (tls_) {
        tls_->async_read_some(asio::buffer(plain_text_),
                              with_tls([this](error_code failed, std::size_t count) {
                                  heard(failed, {plain_text_.data(), count});
                              }));
        return;
    }
    socket_.async_wait(tcp::socket::wait_read, in_this_turn([this](error_code failed) {
                           if (failed)
                               return fail_later(failed);
                           listen();
                       }));
}

void stream_channel::listen()
{
    error_code error;
    auto const count = socket_.read_some(asio::buffer(*buffer_), error);
    if (error == asio::error::would_block)
        return await_answer();
    heard(error, {buffer_->data(), count});
}

void stream_channel::heard(error_code error, std::string_view bytes)
{
    if (error == asio::error::eof || error == ssl::error::stream_truncated)
        return finish(talk_->closed());
    if (error)
        return finish({false, tls_ ? tls_fault(tls_->native_handle(), error)
                                   : std::string(socket_fault(error))});
    if (auto over = talk_->hear(bytes))
        return finish(std::move(*over));
    await_answer();
}

void stream_channel::finish(dialogue::end how)
{
    ++turn_;
    if (!how.keep)
        close();
    done_(how.error);
}

void stream_channel::finish_later(dialogue::end how)
{
    asio::post(on_, in_this_turn([this, how = std::move(how)](error_code) { finish(how); }));
}

void stream_channel::fail_later(error_code error)
{
    finish_later({false, std::string(socket_fault(error))});
}

channel_maker
stream_channels(client::url where,
                std::function<std::unique_ptr<dialogue>(std::size_t number)> make_talk,
                bool verify_certificate)
{
    std::shared_ptr<tls_trust> trust;
    if (where.secure)
        trust.reset(new tls_trust{client::tls_context(), verify_certificate});
    auto const buffer = std::make_shared<std::vector<char>>(stream_channel::read_size);
    return [where = std::move(where), make_talk = std::move(make_talk), trust = std::move(trust),
            buffer](asio::io_context& on, std::size_t number, channel::done_function done) {
        return std::make_unique<stream_channel>(on, where, trust, make_talk(number), buffer,
                                                std::move(done));
    };
}

}  // namespace aconite::experiment
