#include "clients/experiment/probes/dial.hpp"

#include "clients/experiment/probes/faults.hpp"
#include "proxy/net/number.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

namespace aconite::experiment {
namespace {

/// What a thread that asks name servers leaves for whoever waits for it, if anybody still does.
struct name_answer {
    std::mutex mutex;
    std::condition_variable came;
    bool done = false;
    int error = 0;
    std::vector<endpoint> all;
};

int look_up(host_port const& where, int flags, std::vector<endpoint>& into)
{
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    auto const error = getaddrinfo(where.host.c_str(), where.port.c_str(), &wanted, &found);
    if (error != 0)
        return error;
    for (auto const* each = found; each != nullptr; each = each->ai_next) {
        endpoint made;
        made.size = each->ai_addrlen;
        made.family = each->ai_family;
        std::memcpy(&made.bytes, each->ai_addr,
                    std::min<std::size_t>(made.size, sizeof made.bytes));
        char numeric[NI_MAXHOST] = {};
        getnameinfo(each->ai_addr, each->ai_addrlen, numeric, sizeof numeric, nullptr, 0,
                    NI_NUMERICHOST);
        made.address = numeric;
        into.push_back(std::move(made));
    }
    freeaddrinfo(found);
    return into.empty() ? EAI_NONAME : 0;
}

/// An errno, or zero with a connection that stands.
int connect_to(endpoint const& where, deadline const& until, descriptor& into)
{
    descriptor made(::socket(where.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!made)
        return errno;
    int const yes = 1;
    ::setsockopt(made.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    auto const* address = reinterpret_cast<sockaddr const*>(&where.bytes);
    if (::connect(made.get(), address, where.size) != 0) {
        if (errno != EINPROGRESS)
            return errno;
        if (!wait_for(made.get(), POLLOUT, until))
            return ETIMEDOUT;
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(made.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error != 0)
            return error;
    }
    into = std::move(made);
    return 0;
}

}  // namespace

bool wait_for(int number, short events, deadline const& until)
{
    pollfd one{number, events, 0};
    while (true) {
        auto const ready = ::poll(&one, 1, until.left_ms());
        if (ready > 0)
            return true;
        if (ready == 0 ? until.passed() : errno != EINTR)
            return false;
    }
}

result<host_port> read_host_port(std::string_view text, std::string_view fallback_port)
{
    auto const no_address = [&](std::string_view why) {
        return problem{status_wrong, printable(fmt::format("'{}' is no address: {}", text, why))};
    };
    host_port where{{}, std::string(fallback_port)};
    auto rest = text;
    if (rest.starts_with('[')) {
        auto const bracket = rest.find(']');
        if (bracket == std::string_view::npos)
            return no_address("the bracket is not closed");
        where.host = rest.substr(1, bracket - 1);
        rest.remove_prefix(bracket + 1);
        if (!rest.empty() && !rest.starts_with(':'))
            return no_address("expected :port behind the bracket");
    } else {
        auto const colon = std::min(rest.find(':'), rest.size());
        where.host = rest.substr(0, colon);
        rest.remove_prefix(colon);
    }
    if (!rest.empty())
        where.port = rest.substr(1);
    if (where.host.empty())
        return no_address("the host is missing");
    if (std::ranges::any_of(where.host, [](unsigned char c) { return c <= ' ' || c == 0x7f; }))
        return no_address("it has a space in it");
    if (where.port.empty())
        return no_address("the port is missing");
    if (number_in<std::uint16_t>(where.port).value_or(0) == 0)
        return no_address("the port is not a number from 1 to 65535");
    return where;
}

std::string to_text(host_port const& where)
{
    bool const is_ipv6 = where.host.find(':') != std::string::npos;
    return fmt::format("{}{}{}:{}", is_ipv6 ? "[" : "", where.host, is_ipv6 ? "]" : "", where.port);
}

result<std::vector<endpoint>> resolve(host_port const& where, deadline const& until)
{
    std::vector<endpoint> numeric;
    if (look_up(where, AI_NUMERICHOST, numeric) == 0)
        return numeric;
    auto const state = std::make_shared<name_answer>();
    try {
        std::thread([state, where] {
            std::vector<endpoint> found;
            auto const error = look_up(where, 0, found);
            std::lock_guard const lock(state->mutex);
            state->error = error;
            state->all = std::move(found);
            state->done = true;
            state->came.notify_one();
        }).detach();
    } catch (std::system_error const& error) {
        return absent(to_text(where), error.code().message());
    }
    std::unique_lock lock(state->mutex);
    if (!state->came.wait_until(lock, until.at(), [&] { return state->done; }))
        return absent(to_text(where),
                      "name servers gave no answer within " + to_text(nanoseconds(until.limit())));
    if (state->error != 0)
        return absent(to_text(where), fmt::format("no address of '{}': {}", where.host,
                                                  gai_strerror(state->error)));
    return std::move(state->all);
}

result<descriptor> dial(host_port const& where, deadline const& until)
{
    auto const all = resolve(where, until);
    if (!all)
        return all.error();
    int error = ETIMEDOUT;
    for (auto left = all->size(); auto const& each : *all) {
        deadline const share(until.left() / static_cast<int>(left--));
        descriptor made;
        error = connect_to(each, share, made);
        if (error == 0)
            return made;
    }
    if (error == ETIMEDOUT)
        return absent(to_text(where),
                      "no connection within " + to_text(nanoseconds(until.limit())));
    return absent(to_text(where), std::generic_category().message(error));
}

}  // namespace aconite::experiment
