#include "clients/cpp/http.hpp"

#include "clients/cpp/tls.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace aconite::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::uint64_t body_limit_bytes = 256u << 20;

std::string reason(boost::system::error_code error, std::chrono::milliseconds limit)
{
    if (error == beast::error::timeout)
        return "no answer within " + std::to_string(limit.count()) + " ms";
    if (error == http::error::end_of_stream)
        return "the connection was closed without an answer";
    if (error == http::error::partial_message || error == asio::ssl::error::stream_truncated)
        return "the connection was closed within the answer";
    if (error == http::error::body_limit || error == http::error::header_limit)
        return "the answer is too long";
    if (error.category() == make_error_code(http::error::bad_version).category())
        return "what came is no HTTP: is it https://?";
    return error.message();
}

http::request<http::string_body> to_beast(url const& where, http_request const& request)
{
    http::request<http::string_body> out;
    out.version(11);
    out.method_string(request.method);
    out.target(where.prefix + request.target);
    out.set(http::field::host, authority(where));
    out.set(http::field::user_agent, request.user_agent);
    out.set(http::field::connection, "close");
    if (!request.body.empty())
        out.set(http::field::content_type, request.content_type);
    out.body() = request.body;
    out.prepare_payload();
    return out;
}

std::string lower_case(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

/// One request and its answer over a connection of its own. The operations are asynchronous only
/// because time limits need that; `within` waits for each.
class exchange {
public:
    exchange(url const& where, ask_settings const& how) : where_(where), how_(how) {}

    /// Connects and sends. The problem is that there is no connection; the rest the answer shows.
    result<void> send(http_request const& request)
    {
        boost::system::error_code error;
        tcp::resolver resolver(context_);
        auto const addresses = resolver.resolve(where_.host, where_.port, error);
        if (!error)
            error = within(how_.connect,
                           [&](auto note) { stream_.async_connect(addresses, std::move(note)); });
        if (error)
            return unreachable(reason(error, how_.connect));
        if (where_.secure)
            if (auto const encrypted = encrypt(); !encrypted)
                return encrypted;
        // A server may answer and close before it has read everything: look for that answer too.
        auto const out = to_beast(where_, request);
        within(how_.answer, [&](auto note) {
            if (tls_)
                http::async_write(*tls_, out, std::move(note));
            else
                http::async_write(stream_, out, std::move(note));
        });
        return {};
    }

    /// Reads on, to the end of the header, of any part or of the whole, as `Read` does.
    template <class Read>
    boost::system::error_code read(Read read)
    {
        return within(how_.answer, [&](auto note) {
            if (tls_)
                read(*tls_, buffer_, parser_, std::move(note));
            else
                read(stream_, buffer_, parser_, std::move(note));
        });
    }

    [[nodiscard]] problem no_answer(boost::system::error_code error) const
    {
        return {0, "no answer from " + to_text(where_) + ": " + reason(error, how_.answer)};
    }

    http::response_parser<http::string_body>& parser() { return parser_; }

    http_answer take()
    {
        http_answer answer{parser_.get().result_int(), std::move(parser_.get().body())};
        for (auto const& field : parser_.get())
            answer.fields.emplace(lower_case(field.name_string()), field.value());
        return answer;
    }

private:
    /// Starts an operation with what is to be told its end, and waits for that.
    template <class Start>
    boost::system::error_code within(std::chrono::milliseconds limit, Start start)
    {
        boost::system::error_code error;
        stream_.expires_after(limit);
        start([&error](boost::system::error_code outcome, auto const&...) { error = outcome; });
        context_.restart();
        context_.run();
        return error;
    }

    [[nodiscard]] problem unreachable(std::string const& why) const
    {
        return {0, "cannot reach " + to_text(where_) + ": " + why};
    }

    result<void> encrypt()
    {
        trust_.emplace(tls_context());
        tls_.emplace(stream_, *trust_);
        auto* const connection = tls_->native_handle();
        expect_host(connection, where_, how_.verify_certificate);
        auto const error = within(how_.connect, [&](auto note) {
            tls_->async_handshake(asio::ssl::stream_base::client, std::move(note));
        });
        if (error == beast::error::timeout)
            return unreachable(reason(error, how_.connect));
        if (error)
            return unreachable(tls_reason(connection, error));
        return {};
    }

    url const& where_;
    ask_settings how_;
    asio::io_context context_{1};
    beast::tcp_stream stream_{context_};
    std::optional<asio::ssl::context> trust_;
    std::optional<asio::ssl::stream<beast::tcp_stream&>> tls_;  ///< over the stream, if it is https
    beast::flat_buffer buffer_;
    http::response_parser<http::string_body> parser_;
};

constexpr auto read_header = [](auto&&... with) {
    http::async_read_header(std::forward<decltype(with)>(with)...);
};
constexpr auto read_some = [](auto&&... with) {
    http::async_read_some(std::forward<decltype(with)>(with)...);
};
constexpr auto read_whole = [](auto&&... with) {
    http::async_read(std::forward<decltype(with)>(with)...);
};

}  // namespace

result<http_answer> ask(url const& where, http_request const& request, ask_settings const& how)
{
    exchange with(where, how);
    if (auto const sent = with.send(request); !sent)
        return sent.error();
    with.parser().body_limit(body_limit_bytes);
    if (auto const error = with.read(read_whole))
        return with.no_answer(error);
    return with.take();
}

result<http_answer> follow(url const& where, http_request const& request, ask_settings const& how,
                           std::function<void(std::string_view)> const& on_part)
{
    exchange with(where, how);
    if (auto const sent = with.send(request); !sent)
        return sent.error();
    auto& parser = with.parser();
    parser.body_limit(boost::none);
    if (auto const error = with.read(read_header))
        return with.no_answer(error);
    bool const good = parser.get().result_int() / 100 == 2;
    boost::system::error_code error;
    auto& body = parser.get().body();
    while (!error && !parser.is_done()) {
        error = with.read(read_some);
        if (!good)
            continue;
        if (!body.empty())
            on_part(body);
        body.clear();
    }
    if (good)
        return problem{0, to_text(where) + " ended the stream" +
                              (error ? ": " + reason(error, how.answer) : "")};
    return with.take();
}

}  // namespace aconite::client
