#include "api/http/connection.hpp"

#include "api/http/request_head.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include <fmt/core.h>

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <optional>
#include <sstream>
#include <utility>

namespace aconite::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
template <class T>
using task = asio::awaitable<T>;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t read_bytes = 4096;
/// What is still read and thrown away of a request that was refused.
constexpr std::size_t drain_bytes = 16 << 20;
constexpr std::chrono::seconds drain_time{2};

/// The same for a second.
std::string const& http_date()
{
    thread_local std::time_t told = 0;
    thread_local std::string text;
    auto const now = std::time(nullptr);
    if (std::exchange(told, now) == now)
        return text;
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    // Not strftime: the names of days and months must not depend on the locale.
    static constexpr char const* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr char const* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return text = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[parts.tm_wday],
                              parts.tm_mday, months[parts.tm_mon], parts.tm_year + 1900,
                              parts.tm_hour, parts.tm_min, parts.tm_sec);
}

/// The answer to a request that is no request; none if the client is just gone or too slow.
std::optional<response> refusal_of(error_code why)
{
    if (why == http::error::body_limit)
        return error_answer({413, "request body too large"});
    if (why == http::error::header_limit || why == http::error::buffer_overflow)
        return error_answer({431, "request header too large"});
    if (why == http::error::bad_transfer_encoding)
        return text_answer(http::status::not_implemented, "501 Not Implemented\n");
    if (why.category() == http::make_error_code(http::error::bad_method).category() &&
        why != http::error::end_of_stream && why != http::error::partial_message)
        return text_answer(http::status::bad_request, "400 Bad Request\n");
    return std::nullopt;
}

/// How often a condition is looked at that a client waits for, and the source of a stream.
constexpr std::chrono::milliseconds look_every{5};
/// A stream says something at least so often, so that everybody on its way knows that it lives.
constexpr std::chrono::seconds sign_of_life_every{15};
constexpr std::string_view sign_of_life = ":\n\n";  // a comment, in an event stream

using instant = std::chrono::steady_clock::time_point;

/// The answer as a coroutine, so that it can be made on another thread.
task<routed> followed(way found, request const& asked, instant began)
{
    co_return follow(std::move(found), asked, began);
}

std::string_view text_in(beast::flat_buffer const& buffer)
{
    return {static_cast<char const*>(buffer.data().data()), buffer.size()};
}

std::string peer_of(asio::ip::tcp::socket const& socket)
{
    error_code gone;
    auto const peer = socket.remote_endpoint(gone);
    std::ostringstream text;
    if (!gone)
        text << peer;
    return text.str();
}

}  // namespace

connection::connection(service const& shared, asio::ip::tcp::socket socket)
    : shared_(shared),
      socket_(std::move(socket)),
      // The next request may be in the buffer already, behind the body of this one.
      buffer_(2 * std::size_t{shared.limits.header_bytes}),
      client_(peer_of(socket_))
{}

task<void> connection::run(std::shared_ptr<connection> self)
{
    co_await self->serve();
}

void connection::finish(std::shared_ptr<connection> self)
{
    auto const executor = self->socket_.get_executor();
    asio::post(executor, [self = std::move(self)] {
        self->finishing_ = true;
        error_code ignored;
        if (!self->busy_)
            self->socket_.close(ignored);
    });
}

void connection::close_if_late(std::chrono::steady_clock::time_point now)
{
    error_code ignored;
    if (now >= deadline_)
        socket_.close(ignored);
}

bool connection::gives_way_before(connection const& other) const
{
    return answering_ == other.answering_ ? since_ < other.since_ : !answering_;
}

void connection::give_way()
{
    error_code ignored;
    socket_.close(ignored);
}

void connection::expires_after(std::chrono::milliseconds limit)
{
    deadline_ = std::chrono::steady_clock::now() + limit;
}

task<void> connection::serve()
{
    for (bool first = true; !finishing_; first = false) {
        auto const coming = co_await wait_for_request(first);
        if (!coming || finishing_)
            co_return;
        busy_ = true;
        parser in;
        in.header_limit(shared_.limits.header_bytes);
        in.body_limit(shared_.limits.body_bytes);
        auto const failure = co_await read_request(in);
        if (failure) {
            co_await refuse(failure, in.get());
            co_return;
        }
        answering_ = true;
        auto const goes_on = co_await answer(in.get());
        busy_ = answering_ = false;
        since_ = std::chrono::steady_clock::now();
        if (!goes_on) {
            error_code ignored;
            socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
            co_return;
        }
    }
}

task<bool> connection::wait_for_request(bool first)
{
    if (buffer_.size() > 0)
        co_return true;
    expires_after(first ? shared_.limits.request : shared_.limits.idle);
    auto const room = buffer_.prepare(read_bytes);
    auto const [failure, count] = co_await socket_.async_read_some(room, as_result);
    buffer_.commit(count);
    co_return !failure;
}

task<error_code> connection::read_head(parser& in)
{
    head_finder finder;
    auto size = finder.size_in(text_in(buffer_));
    while (size == 0 && buffer_.size() < shared_.limits.header_bytes) {
        if (!can_begin_head(text_in(buffer_)))
            co_return http::error::bad_method;
        auto const room = buffer_.prepare(read_bytes);
        auto const [failure, count] = co_await socket_.async_read_some(room, as_result);
        if (failure)
            co_return failure;
        buffer_.commit(count);
        size = finder.size_in(text_in(buffer_));
    }
    if (size == 0 || size > shared_.limits.header_bytes)
        co_return http::error::header_limit;
    auto const head = check_head(text_in(buffer_).substr(0, size));
    buffer_.consume(size);
    auto malformed = head.fault;
    if (!malformed)
        in.put(asio::buffer(head.text), malformed);
    co_return malformed;
}

task<error_code> connection::read_request(parser& in)
{
    expires_after(shared_.limits.request);
    auto const no_request = co_await read_head(in);
    if (no_request || in.is_done())
        co_return no_request;
    // As a rule the whole body has come already: no further read.
    in.eager(true);
    error_code malformed;
    if (buffer_.size() > 0)
        buffer_.consume(in.put(buffer_.data(), malformed));
    if (malformed && malformed != http::error::need_more)
        co_return malformed;
    if (beast::iequals(in.get()[http::field::expect], "100-continue") && !in.is_done()) {
        http::response<http::empty_body> go_ahead(http::status::continue_, 11);
        auto const [broken, count] = co_await http::async_write(socket_, go_ahead, as_result);
        if (broken)
            co_return broken;
    }
    if (in.is_done())
        co_return error_code{};
    auto const [unfinished, body_bytes] =
        co_await http::async_read(socket_, buffer_, in, as_result);
    co_return unfinished;
}

task<routed> connection::handle(request const& asked, instant began)
{
    auto found = shared_.routes.find(asked);
    if (found.to == nullptr || !found.to->waits)
        co_return follow(std::move(found), asked, began);
    auto elsewhere = followed(std::move(found), asked, began);
    co_return co_await asio::co_spawn(shared_.waiting_room, std::move(elsewhere),
                                      asio::use_awaitable);
}

task<bool> connection::answer(request const& asked)
{
    auto const start = std::chrono::steady_clock::now();
    since_ = start;
    deadline_ = std::chrono::steady_clock::time_point::max();
    auto done = co_await handle(asked, start);
    // Not `done.again && co_await pause()`: g++ 12 awaits the right side whatever the left one is.
    while (done.again) {
        if (!co_await pause())
            break;
        done = co_await handle(asked, start);
    }
    if (done.more)
        co_return co_await stream(std::move(done), asked);
    auto const size_bytes = done.answer.body().size();
    auto const took = std::chrono::steady_clock::now() - start;
    log_access(asked, done, size_bytes, took);
    done.answer.keep_alive(asked.keep_alive() && !finishing_);
    co_return co_await send(done.answer, asked);
}

/// False: nobody waits any more.
task<bool> connection::pause()
{
    asio::steady_timer timer(socket_.get_executor(), look_every);
    co_await timer.async_wait(as_result);
    char next = 0;
    auto const got = ::recv(socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
    bool const there = got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
    co_return there && !finishing_;
}

task<bool> connection::stream(routed done, request const& asked)
{
    log_access(asked, done, 0, std::chrono::nanoseconds(0));
    auto& head = done.answer;
    // The end of the connection is the end of the body: any client of any version reads that.
    head.version(asked.version() == 10 ? 10 : 11);
    head.keep_alive(false);
    head.set(http::field::date, http_date());
    http::response_serializer<http::string_body> serializer(head);
    expires_after(shared_.limits.write);
    auto const [failure, count] = co_await http::async_write_header(socket_, serializer, as_result);
    auto silent_since = std::chrono::steady_clock::now();
    while (!failure) {
        auto part = done.more();
        auto const now = std::chrono::steady_clock::now();
        if (part.empty() && now - silent_since >= sign_of_life_every)
            part = sign_of_life;
        if (part.empty()) {
            deadline_ = instant::max();
            if (!co_await pause())
                break;
            continue;
        }
        silent_since = now;
        expires_after(shared_.limits.write);
        auto const text = asio::buffer(part);
        auto const [broken, sent] = co_await asio::async_write(socket_, text, as_result);
        if (broken)
            break;
    }
    co_return false;
}

task<bool> connection::send(response& out, request const& asked)
{
    auto const keep_alive = asked.keep_alive() && out.keep_alive();
    out.version(asked.version() == 10 ? 10 : 11);
    out.keep_alive(keep_alive);
    out.set(http::field::date, http_date());
    if (out.result() != http::status::no_content)
        out.content_length(out.body().size());
    if (asked.method() == http::verb::head)
        out.body().clear();
    expires_after(shared_.limits.write);
    auto const [failure, count] = co_await http::async_write(socket_, out, as_result);
    co_return !failure && keep_alive;
}

task<void> connection::refuse(error_code why, request const& asked)
{
    auto out = refusal_of(why);
    if (!out)
        co_return;
    out->keep_alive(false);
    co_await send(*out, asked);
    // Closing with bytes unread would reset the connection under the answer.
    error_code ignored;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    expires_after(drain_time);
    std::array<char, 4096> waste;
    for (std::size_t drained = 0; drained < drain_bytes;) {
        auto const room = asio::buffer(waste);
        auto const [failure, count] = co_await socket_.async_read_some(room, as_result);
        if (failure)
            co_return;
        drained += count;
    }
}

void connection::log_access(request const& asked, routed const& done, std::size_t size_bytes,
                            std::chrono::nanoseconds took) const
{
    if (!shared_.log || done.request_id.empty())
        return;
    std::string ignored;
    for (auto const& name : done.ignored)
        ignored.append(ignored.empty() ? "" : ", ").append(name);
    if (!ignored.empty()) {
        log_field const fields[] = {{"request_id", done.request_id}, {"fields", ignored}};
        shared_.log(log_level::warn, "Ignored unknown fields", fields);
    }
    auto const status = std::to_string(done.answer.result_int());
    auto const size = std::to_string(size_bytes);
    auto const duration =
        fmt::format("{:.6f}", std::chrono::duration<double, std::milli>(took).count());
    log_field const fields[] = {
        {"request_id", done.request_id},
        {"client", client_},
        {"method", asked.method_string()},
        {"url", asked.target()},
        {"user_agent", asked[http::field::user_agent]},
        {"status", status},
        {"size", size},
        {"duration", duration},
        {"handler", done.handler_name},
    };
    shared_.log(log_level::debug, "", fields);
}

}  // namespace aconite::api
