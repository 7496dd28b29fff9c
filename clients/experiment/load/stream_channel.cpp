#include "clients/experiment/load/stream_channel.hpp"

#include "clients/experiment/load/socket_fault.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace aconite::experiment {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

}  // namespace

stream_channel::stream_channel(asio::io_context& on, client::url where,
                               std::unique_ptr<dialogue> talk, read_buffer buffer,
                               done_function done)
    : on_(on),
      where_(std::move(where)),
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

void stream_channel::begin(ticket const& what)
{
    ++turn_;
    what_ = what;
    if (socket_.is_open() && is_fit())
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
}

/// Whether an idle connection is as it was left: open, and with nothing to read.
bool stream_channel::is_fit()
{
    for (;;) {
        auto const got =
            ::recv(socket_.native_handle(), buffer_->data(), buffer_->size(), MSG_DONTWAIT);
        if (got < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK;
        if (got == 0 || !talk_->ignores_surplus())
            return false;
    }
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
    talk_->opened();
    ask();
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
    if (auto over = talk_->hear({}))
        return finish_later(std::move(*over));
    await_answer();
}

void stream_channel::await_answer()
{
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
    if (error == asio::error::eof)
        return finish(talk_->closed());
    if (error)
        return finish({false, std::string(socket_fault(error))});
    if (auto over = talk_->hear({buffer_->data(), count}))
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
                std::function<std::unique_ptr<dialogue>(std::size_t number)> make_talk)
{
    auto const buffer = std::make_shared<std::vector<char>>(stream_channel::read_size);
    return [where = std::move(where), make_talk = std::move(make_talk),
            buffer](asio::io_context& on, std::size_t number, channel::done_function done) {
        return std::make_unique<stream_channel>(on, where, make_talk(number), buffer,
                                                std::move(done));
    };
}

}  // namespace aconite::experiment
