#pragma once

#include "clients/experiment/file/settings.hpp"
#include "clients/experiment/load/load.hpp"
#include "clients/experiment/load/recorder.hpp"
#include "tests/support/sockets.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

/// For tests of loads.
namespace aconite::experiment::load_kit {

using aconite::testing::client_socket;
using aconite::testing::eventually;
using aconite::testing::upstream_server;

/// The values of a mapping, as a file's reader gives them: durations in nanoseconds, commands and
/// words as lists.
inline settings settings_of(json const& values)
{
    settings made;
    for (auto const& [name, value] : values.items())
        made.set(name, {.value = value});
    return made;
}

/// A load of a kind, or why there is none.
inline result<std::unique_ptr<load>> make_load(std::string_view kind, json const& values,
                                               recorder& into, surroundings const& where = {})
{
    for (auto const& each : load_kinds())
        if (each.row.name == kind)
            return each.make(settings_of(values), where, into);
    return problem{404, "no such kind"};
}

/// Starts a load, waits until it has sent its `count` and all is over, and ends it.
inline load_summary run_to_end(std::string_view kind, json const& values,
                               surroundings const& where = {})
{
    recorder into(time_point::clock::now());
    auto made = make_load(kind, values, into, where);
    if (!made)
        throw std::runtime_error(made.error().text);
    made.value()->start().value();
    if (!eventually([&] { return !made.value()->running(); }))
        throw std::runtime_error("the load does not end");
    made.value()->stop(std::chrono::seconds(1));
    return into.between(into.origin(), never);
}

/// One request as it came: head and body. Empty at the end of the stream.
inline std::string read_http(client_socket& from)
{
    constexpr std::string_view end = "\r\n\r\n";
    constexpr std::string_view length = "Content-Length: ";
    std::string got;
    while (!got.ends_with(end)) {
        auto const more = from.receive(1);
        if (more.empty())
            return {};
        got += more;
    }
    if (auto const at = got.find(length); at != std::string::npos)
        got += from.receive(std::stoul(got.substr(at + length.size())));
    return got;
}

inline constexpr std::string_view http_ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// An HTTP server that answers each request with what `answer` makes of it; nothing: it closes.
inline std::unique_ptr<upstream_server>
http_stub(std::function<std::string(std::string const& request)> answer)
{
    return std::make_unique<upstream_server>([answer = std::move(answer)](client_socket peer) {
        for (auto request = read_http(peer); !request.empty(); request = read_http(peer)) {
            auto const back = answer(request);
            if (back.empty())
                return;
            peer.send(back);
        }
    });
}

}  // namespace aconite::experiment::load_kit
