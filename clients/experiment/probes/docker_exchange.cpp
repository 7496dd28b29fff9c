// One request to the engine and its answer, within a time limit.
#include "clients/experiment/probes/docker_engine.hpp"

#include <aconite/text.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <sys/un.h>

namespace aconite::experiment {
namespace {

namespace beast = boost::beast;
using local_stream = beast::basic_stream<boost::asio::local::stream_protocol>;

constexpr std::uint64_t docker_body_max = 16u << 20;

problem no_engine(std::string const& socket, std::string const& why)
{
    return {0, "cannot reach the Docker Engine at " + printable(socket) + ": " + why};
}

std::string why_no_engine(boost::system::error_code error)
{
    namespace errc = boost::system::errc;
    if (error == errc::no_such_file_or_directory)
        return "there is no such socket: does it run? DOCKER_HOST names another one";
    if (error == errc::permission_denied)
        return "this user has no right to use the socket: be in its group (docker), or root";
    if (error == errc::connection_refused)
        return "nobody listens there";
    if (error == beast::error::timeout)
        return "the connection was not taken in time";
    return error.message();
}

std::string why_no_docker_answer(boost::system::error_code error, std::chrono::milliseconds limit)
{
    if (error == beast::error::timeout)
        return "no answer within " + std::to_string(limit.count()) + " ms";
    if (error == beast::http::error::end_of_stream)
        return "the connection was closed without an answer";
    if (error == beast::http::error::partial_message)
        return "the connection was closed within the answer";
    if (error == beast::http::error::body_limit || error == beast::http::error::header_limit)
        return "the answer is too long";
    if (error.category() == make_error_code(beast::http::error::bad_version).category())
        return "what came is no HTTP";
    return error.message();
}

}  // namespace

result<docker_answer> docker_engine::exchange(std::string_view method, std::string_view target,
                                              std::string const& body,
                                              std::chrono::milliseconds limit) const
{
    if (socket_.empty())
        return problem{0, "no Docker Engine is known: DOCKER_HOST=unix:///path/to/docker.sock"};
    if (socket_.size() >= sizeof(sockaddr_un::sun_path))
        return no_engine(socket_, "the path of a socket has at most " +
                                      std::to_string(sizeof(sockaddr_un::sun_path) - 1) + " bytes");
    boost::asio::io_context context(1);
    local_stream stream(context);
    boost::system::error_code error;
    stream.expires_after(limit);  // over all three steps
    auto const wait = [&] {
        context.restart();
        context.run();
    };
    auto const note = [&error](boost::system::error_code outcome, auto const&...) {
        error = outcome;
    };
    stream.async_connect(boost::asio::local::stream_protocol::endpoint(socket_), note);
    wait();
    if (error)
        return no_engine(socket_, why_no_engine(error));

    beast::http::request<beast::http::string_body> request;
    request.version(11);
    request.method_string(method);
    request.target(target);
    request.set(beast::http::field::host, "docker");
    request.set(beast::http::field::user_agent, "aconite-experiment");
    request.set(beast::http::field::connection, "close");
    if (!body.empty())
        request.set(beast::http::field::content_type, "application/json");
    request.body() = body;
    request.prepare_payload();
    // It may answer and close before it has read everything: look for that answer too.
    beast::http::async_write(stream, request, note);
    wait();

    beast::flat_buffer buffer;
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(docker_body_max);
    beast::http::async_read(stream, buffer, parser, note);
    wait();
    if (error)
        return problem{0, "the Docker Engine at " + printable(socket_) +
                              " failed: " + why_no_docker_answer(error, limit)};
    return docker_answer{parser.get().result_int(), std::move(parser.get().body())};
}

}  // namespace aconite::experiment
