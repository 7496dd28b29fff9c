#include "clients/cpp/http.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

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
        out.set(http::field::content_type, "application/json");
    out.body() = request.body;
    out.prepare_payload();
    return out;
}

}  // namespace

result<http_answer> ask(url const& where, http_request const& request, time_limits const& limits)
{
    // The operations are asynchronous only because time limits need that; `run` waits for each.
    asio::io_context context(1);
    beast::tcp_stream stream(context);
    boost::system::error_code error;
    auto const step = [&context] {
        context.restart();
        context.run();
    };
    auto const note = [&error](boost::system::error_code outcome, auto const&...) {
        error = outcome;
    };

    tcp::resolver resolver(context);
    auto const addresses = resolver.resolve(where.host, where.port, error);
    if (!error) {
        stream.expires_after(limits.connect);
        stream.async_connect(addresses, note);
        step();
    }
    if (error)
        return problem{0, "cannot reach " + to_text(where) + ": " + reason(error, limits.connect)};

    auto const out = to_beast(where, request);
    stream.expires_after(limits.answer);
    http::async_write(stream, out, note);
    step();

    // A server may answer and close before it has read everything: look for that answer too.
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(body_limit_bytes);
    http::async_read(stream, buffer, parser, note);
    step();
    if (error)
        return problem{0, "no answer from " + to_text(where) + ": " + reason(error, limits.answer)};
    return http_answer{parser.get().result_int(), std::move(parser.get().body())};
}

}  // namespace aconite::client
