#include "clients/cli/doctor/reach.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <future>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

namespace aconite::cli {
namespace {

using clock = std::chrono::steady_clock;
using addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

class descriptor {
public:
    explicit descriptor(int fd) : fd_(fd) {}
    ~descriptor()
    {
        if (fd_ >= 0)
            ::close(fd_);
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;

    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

std::string text_of(int error)
{
    return std::generic_category().message(error);
}

/// Null if the name is not known; `why` tells.
addresses look_up(client::url const& place, int flags, std::string& why)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    addrinfo* found = nullptr;
    if (int const error = ::getaddrinfo(place.host.c_str(), place.port.c_str(), &hints, &found)) {
        why = ::gai_strerror(error);
        found = nullptr;
    }
    return {found, &::freeaddrinfo};
}

descriptor socket_for(addrinfo const& at)
{
    return descriptor(
        ::socket(at.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, at.ai_protocol));
}

/// 0 or errno.
int connect_until(addrinfo const& at, clock::time_point deadline)
{
    auto const fd = socket_for(at);
    if (fd.get() < 0)
        return errno;
    if (::connect(fd.get(), at.ai_addr, at.ai_addrlen) == 0)
        return 0;
    if (errno != EINPROGRESS)
        return errno;
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock::now());
    pollfd wait{fd.get(), POLLOUT, 0};
    if (::poll(&wait, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0))) <= 0)
        return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

/// Empty, or why there is no connection to any address.
std::string connect_to(client::url const& place, clock::time_point deadline)
{
    std::string why;
    auto const found = look_up(place, 0, why);
    for (auto const* at = found.get(); at != nullptr; at = at->ai_next) {
        int const error = connect_until(*at, deadline);
        if (error == 0)
            return "";
        why = text_of(error);
    }
    return why;
}

}  // namespace

std::vector<std::string> try_to_reach(std::vector<client::url> const& places,
                                      std::chrono::milliseconds limit)
{
    auto const deadline = clock::now() + limit;
    std::vector<std::future<std::string>> ends;
    for (auto const& place : places) {
        std::packaged_task<std::string()> attempt(
            [place, deadline] { return connect_to(place, deadline); });
        ends.push_back(attempt.get_future());
        // Nothing ends a look-up that hangs: the thread is left behind, with all that it uses.
        std::thread(std::move(attempt)).detach();
    }
    std::vector<std::string> answers;
    for (auto& end : ends)
        answers.push_back(end.wait_until(deadline) == std::future_status::ready
                              ? end.get()
                              : fmt::format("no answer within {} ms", limit.count()));
    return answers;
}

port_state try_to_bind(client::url const& place, bool reuse)
{
    std::string why;
    // Digits only: a name server is not asked here.
    auto const found = look_up(place, AI_PASSIVE | AI_NUMERICHOST, why);
    if (!found)
        return port_state::unknown;
    auto const fd = socket_for(*found);
    int const yes = 1;
    if (reuse)
        ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(fd.get(), found->ai_addr, found->ai_addrlen) == 0)
        return port_state::bindable;
    return errno == EADDRINUSE ? port_state::in_use : port_state::unknown;
}

}  // namespace aconite::cli
