// api: how often a second a sequence of requests to the control API can be made.
#include "bench/macro/toxics/commands.hpp"
#include "bench/macro/toxics/samples.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <cstdint>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace aconite::bench {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using request = http::request<http::string_body>;

struct settings {
    std::uint16_t port = 0;
    std::size_t connections = 1;
    double seconds = 5;
    std::vector<std::string> steps;
};

/// "METHOD PATH [BODY]"; a # in the path becomes the number of the connection.
request parse(std::string const& step, std::size_t number)
{
    std::istringstream words(step);
    std::string method;
    std::string path;
    std::string body;
    words >> method >> path >> std::ws;
    std::getline(words, body);
    if (auto const mark = path.find('#'); mark != std::string::npos)
        path.replace(mark, 1, std::to_string(number));
    request made(http::string_to_verb(method), path, 11, body);
    made.set(http::field::host, "127.0.0.1");
    made.set(http::field::content_type, "application/json");
    made.prepare_payload();
    return made;
}

/// One connection that is kept open, with what its cycles took.
struct visitor {
    void run(settings const& options, std::size_t number)
    {
        asio::io_context context;
        beast::tcp_stream stream(context);
        stream.connect({asio::ip::address_v4::loopback(), options.port});
        stream.socket().set_option(asio::ip::tcp::no_delay(true));
        beast::flat_buffer buffer;
        std::vector<request> requests;
        for (auto const& step : options.steps)
            requests.push_back(parse(step, number));

        auto const end = now_ns() + static_cast<std::int64_t>(options.seconds * 1e9);
        for (auto began = now_ns(); began < end;) {
            for (auto const& each : requests) {
                http::write(stream, each);
                http::response_parser<http::string_body> answer;
                answer.body_limit(std::numeric_limits<std::uint64_t>::max());
                http::read(stream, buffer, answer);
                failed += answer.get().result_int() / 100 != 2 ? 1 : 0;
                bytes = answer.get().body().size();
            }
            auto const now = now_ns();
            cycles_ms.add(static_cast<double>(now - began) / 1e6);
            began = now;
        }
    }

    samples cycles_ms;
    std::size_t failed = 0;
    std::size_t bytes = 0;  ///< in the last answer
};

report run(settings const& options)
{
    std::vector<visitor> visitors(options.connections);
    {
        std::vector<std::jthread> threads;
        for (std::size_t number = 0; number < visitors.size(); ++number)
            threads.emplace_back([&, number] {
                try {
                    visitors[number].run(options, number);
                } catch (std::exception const&) {
                    ++visitors[number].failed;  // the connection broke
                }
            });
    }
    std::size_t cycles = 0;
    std::size_t failed = 0;
    for (auto const& each : visitors) {
        cycles += each.cycles_ms.count();
        failed += each.failed;
    }
    auto& first = visitors.front();
    return {{"cycles_s", static_cast<double>(cycles) / options.seconds},
            {"p50_ms", first.cycles_ms.quantile(0.5)},
            {"p99_ms", first.cycles_ms.quantile(0.99)},
            {"bytes", first.bytes},
            {"failed", failed}};
}

}  // namespace

void add_api(CLI::App& app, report& out)
{
    auto const options = std::make_shared<settings>();
    auto* command = app.add_subcommand("api", "requests to the control API, over and over");
    command->add_option("--port", options->port, "port of the API")->required();
    command->add_option("--connections", options->connections, "connections at once");
    command->add_option("--seconds", options->seconds, "seconds measured");
    command->add_option("--step", options->steps, "METHOD PATH [BODY]; repeat it for a sequence")
        ->required()
        ->allow_extra_args(false)
        ->take_all();
    command->callback([options, &out] { out = run(*options); });
}

}  // namespace aconite::bench
