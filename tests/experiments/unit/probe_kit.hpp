#pragma once

#include "clients/experiment/probes/probe.hpp"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

/// What tests of probes have in common.
namespace aconite::experiment::probe_kit {

using std::chrono::milliseconds;

/// librdkafka starts C11 threads, in which the thread sanitizer of GCC 12 crashes.
#ifdef __SANITIZE_THREAD__
constexpr bool kafka_can_run = false;
#else
constexpr bool kafka_can_run = true;
#endif

/// A probe of a kind by its settings, which are written as its file's reader hands them over.
inline result<std::unique_ptr<probe>> make_probe(std::string_view name, json const& fields,
                                                 surroundings const& where = {})
{
    settings how;
    for (auto const& [key, each] : fields.items())
        how.set(key, {each});
    for (auto const& kind : probe_kinds())
        if (kind.row.name == name)
            return kind.make(how, where);
    return problem{0, "there is no such kind"};
}

/// The text of the problem that making or asking it gives; empty if there is none.
inline std::string problem_of(std::string_view name, json const& fields,
                              surroundings const& where = {},
                              milliseconds limit = milliseconds(5000))
{
    auto const made = make_probe(name, fields, where);
    if (!made)
        return made.error().text;
    auto const seen = (*made)->look(limit);
    return seen ? std::string() : seen.error().text;
}

inline value value_of_look(probe& from, milliseconds limit = milliseconds(5000))
{
    auto const seen = from.look(limit);
    EXPECT_TRUE(seen) << (seen ? "" : seen.error().text);
    return seen ? *seen : value("(problem)");
}

inline value value_of_probe(std::string_view name, json const& fields,
                            surroundings const& where = {})
{
    auto const made = make_probe(name, fields, where);
    EXPECT_TRUE(made) << (made ? "" : made.error().text);
    return made ? value_of_look(**made) : value("(problem)");
}

/// How long a call takes.
template <class Call>
milliseconds time_of(Call call)
{
    auto const begin = std::chrono::steady_clock::now();
    call();
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
}

/// What a look may take beyond its limit on a machine that has much else to do.
constexpr milliseconds slack{1500};

/// A server on 127.0.0.1 that does with each connection what a script says, one at a time.
class scripted_peer {
public:
    using script = std::function<void(int connection, std::stop_token const& end)>;

    explicit scripted_peer(script what)
    {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in own{};
        own.sin_family = AF_INET;
        own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof own;
        static_cast<void>(::bind(listener_, reinterpret_cast<sockaddr*>(&own), size));
        ::listen(listener_, 16);
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&own), &size);
        port_ = ntohs(own.sin_port);
        thread_ = std::jthread([this, what = std::move(what)](std::stop_token const& end) {
            while (!end.stop_requested()) {
                pollfd one{listener_, POLLIN, 0};
                if (::poll(&one, 1, 20) <= 0)
                    continue;
                auto const connection = ::accept(listener_, nullptr, nullptr);
                what(connection, end);
                ::close(connection);
            }
        });
    }
    ~scripted_peer()
    {
        thread_.request_stop();
        thread_.join();
        ::close(listener_);
    }
    scripted_peer(scripted_peer const&) = delete;
    scripted_peer& operator=(scripted_peer const&) = delete;

    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

    /// Reads what comes until the other side closes, and says nothing.
    static void be_silent(int connection, std::stop_token const& end)
    {
        char part[4096];
        while (!end.stop_requested()) {
            pollfd one{connection, POLLIN, 0};
            if (::poll(&one, 1, 20) > 0 && ::recv(connection, part, sizeof part, 0) <= 0)
                return;
        }
    }
    /// Waits for a first part of a request, if one comes within 10 s.
    static std::string hear(int connection)
    {
        char part[4096];
        pollfd one{connection, POLLIN, 0};
        auto const size =
            ::poll(&one, 1, 10'000) > 0 ? ::recv(connection, part, sizeof part, 0) : 0;
        return {part, size > 0 ? static_cast<std::size_t>(size) : 0};
    }
    static void say(int connection, std::string_view text)
    {
        while (!text.empty()) {
            auto const sent = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return;
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    /// Answers each connection's request with a text, and closes.
    static script answering(std::string text)
    {
        return [text = std::move(text)](int connection, std::stop_token const&) {
            hear(connection);
            say(connection, text);
            ::shutdown(connection, SHUT_WR);
        };
    }
    /// A text, and then a byte now and then, for ever.
    static script trickling(std::string text, std::string more)
    {
        return [text = std::move(text), more = std::move(more)](int connection,
                                                                std::stop_token const& end) {
            hear(connection);
            say(connection, text);
            char part[256];
            while (!end.stop_requested()) {
                pollfd one{connection, POLLIN, 0};
                if (::poll(&one, 1, 20) > 0 && ::recv(connection, part, sizeof part, 0) <= 0)
                    return;
                say(connection, more);
            }
        };
    }

private:
    int listener_ = -1;
    unsigned port_ = 0;
    std::jthread thread_;
};

/// An HTTP answer with its length.
inline std::string http_text(std::string const& body, std::string const& status = "200 OK")
{
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

/// A port of 127.0.0.1 that nobody listens on, as this holds it.
class dead_port {
public:
    dead_port()
    {
        holder_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in own{};
        own.sin_family = AF_INET;
        own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof own;
        static_cast<void>(::bind(holder_, reinterpret_cast<sockaddr*>(&own), size));
        ::getsockname(holder_, reinterpret_cast<sockaddr*>(&own), &size);
        port_ = ntohs(own.sin_port);
    }
    ~dead_port() { ::close(holder_); }
    dead_port(dead_port const&) = delete;
    dead_port& operator=(dead_port const&) = delete;
    [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

private:
    int holder_ = -1;
    unsigned port_ = 0;
};

}  // namespace aconite::experiment::probe_kit
