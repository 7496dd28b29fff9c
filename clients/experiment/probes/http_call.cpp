#include "clients/experiment/probes/http_call.hpp"

#include "clients/cpp/tls.hpp"
#include "clients/experiment/probes/dial.hpp"
#include "clients/experiment/probes/faults.hpp"

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

namespace aconite::experiment {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

bool is_token(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
        return c > ' ' && c < 0x7f &&
               std::string_view("()<>@,;:\\\"/[]?={}").find(static_cast<char>(c)) ==
                   std::string_view::npos;
    });
}

bool has_control(std::string_view text)
{
    return std::ranges::any_of(text, [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

std::string in_lower_case(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

http::request<http::string_body> beast_request(http_call const& what)
{
    http::request<http::string_body> out;
    out.version(11);
    out.method_string(what.method);
    out.target(what.target);
    out.set(http::field::host, client::authority(what.where));
    out.set(http::field::user_agent, "aconite-experiment");
    out.set(http::field::accept, "*/*");
    out.set(http::field::connection, "close");
    if (!what.body.empty())
        out.set(http::field::content_type, "application/json");
    for (auto const& [name, text] : what.fields)
        out.set(name, text);
    out.body() = what.body;
    out.prepare_payload();
    return out;
}

/// One request over a connection that stands. Its operations are asynchronous only because time
/// limits need that; `within` waits for each.
class http_turn {
public:
    http_turn(http_call const& what, deadline const& until) : what_(what), until_(until) {}

    result<client::http_answer> take_turn(descriptor connection)
    {
        if (auto const ready = adopt(std::move(connection)); !ready)
            return ready.error();
        if (what_.where.secure)
            if (auto const encrypted = encrypt(); !encrypted)
                return encrypted.error();
        auto const out = beast_request(what_);
        // A server may answer and close before it has read everything: look for that answer too.
        within([&](auto note) {
            tls_ ? http::async_write(*tls_, out, std::move(note))
                 : http::async_write(stream_, out, std::move(note));
        });
        parser_.body_limit(http_body_max);
        parser_.skip(what_.method == "HEAD");
        auto const error = within([&](auto note) {
            tls_ ? http::async_read(*tls_, buffer_, parser_, std::move(note))
                 : http::async_read(stream_, buffer_, parser_, std::move(note));
        });
        if (error)
            return no_answer(error);
        client::http_answer answer{parser_.get().result_int(), std::move(parser_.get().body())};
        for (auto const& each : parser_.get())
            answer.fields.emplace(in_lower_case(each.name_string()), each.value());
        return answer;
    }

private:
    result<void> adopt(descriptor connection)
    {
        sockaddr_storage own{};
        socklen_t size = sizeof own;
        ::getsockname(connection.get(), reinterpret_cast<sockaddr*>(&own), &size);
        boost::system::error_code error;
        stream_.socket().assign(own.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), connection.get(),
                                error);
        if (error)
            return absent(what_.to_text(), error.message());
        static_cast<void>(connection.release());
        return {};
    }

    result<void> encrypt()
    {
        trust_.emplace(client::tls_context());
        tls_.emplace(stream_, *trust_);
        auto* const connection = tls_->native_handle();
        client::expect_host(connection, what_.where, what_.verify_certificate);
        auto const error = within([&](auto note) {
            tls_->async_handshake(asio::ssl::stream_base::client, std::move(note));
        });
        if (error == beast::error::timeout)
            return silent(what_.to_text(), until_);
        if (!error)
            return {};
        auto const why = client::tls_reason(connection, error);
        bool const of_tls = error.category() == asio::error::get_ssl_category();
        return of_tls ? wrong(what_.to_text(), why) : absent(what_.to_text(), why);
    }

    [[nodiscard]] problem no_answer(boost::system::error_code error) const
    {
        auto const who = what_.to_text();
        if (error == beast::error::timeout)
            return silent(who, until_);
        if (error == http::error::end_of_stream)
            return absent(who, "the connection was closed without an answer");
        if (error == http::error::partial_message || error == asio::ssl::error::stream_truncated)
            return absent(who, "the connection was closed within the answer");
        if (error == http::error::body_limit)
            return wrong(who, fmt::format("the answer is over {} MiB", http_body_max >> 20));
        if (error.category() == make_error_code(http::error::bad_version).category())
            return wrong(who, "what came is no HTTP: is it https://?");
        return absent(who, error.message());
    }

    template <class Start>
    boost::system::error_code within(Start start)
    {
        boost::system::error_code error;
        stream_.expires_at(until_.at());
        start([&error](boost::system::error_code outcome, auto const&...) { error = outcome; });
        context_.restart();
        context_.run();
        return error;
    }

    http_call const& what_;
    deadline const& until_;
    asio::io_context context_{1};
    beast::tcp_stream stream_{context_};
    std::optional<asio::ssl::context> trust_;
    std::optional<asio::ssl::stream<beast::tcp_stream&>> tls_;  ///< over the stream, if it is https
    beast::flat_buffer buffer_;
    http::response_parser<http::string_body> parser_;
};

}  // namespace

result<http_call> read_call(std::string_view url)
{
    auto const scheme = url.find("://");
    auto const begin = scheme == std::string_view::npos ? 0 : scheme + 3;
    auto const path = std::min(url.find_first_of("/?#", begin), url.size());
    auto where = client::parse_url(url.substr(0, path));
    if (!where)
        return problem{status_wrong, printable(where.error().text)};
    auto const target = url.substr(path, url.find('#', path) - path);
    if (std::ranges::any_of(target, [](unsigned char c) { return c <= ' ' || c >= 0x7f; }))
        return wrong("'" + std::string(url) + "'", "the path has to be escaped (%20)");
    http_call made{.where = std::move(*where)};
    made.target = (target.starts_with('/') ? "" : "/") + std::string(target);
    return made;
}

result<void> add_fields(http_call& to, json const* headers)
{
    if (headers == nullptr)
        return {};
    for (auto const& [name, each] : headers->items()) {
        auto text = each.is_string() ? each.get<std::string>() : each.dump();
        if (!is_token(name) || has_control(text))
            return wrong("headers", "'" + name + "' cannot be sent");
        to.fields.emplace_back(name, std::move(text));
    }
    return {};
}

result<client::http_answer> call(http_call const& what, deadline const& until)
{
    if (!is_token(what.method))
        return wrong("method", "'" + what.method + "' cannot be sent");
    auto connection = dial({what.where.host, what.where.port}, until);
    if (!connection)
        return connection.error();
    return http_turn(what, until).take_turn(std::move(*connection));
}

}  // namespace aconite::experiment
