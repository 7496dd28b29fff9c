#include "clients/cli/doctor/reach.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <deque>
#include <future>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

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

int open_socket(addrinfo const& at)
{
    return ::socket(at.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, at.ai_protocol);
}

int error_of(int fd)
{
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

/// Several attempts to connect, of which one that succeeds is enough.
class race {
public:
    void start(addrinfo const& at)
    {
        auto const& fd = sockets_.emplace_back(open_socket(at));
        if (fd.get() >= 0 && ::connect(fd.get(), at.ai_addr, at.ai_addrlen) == 0)
            won_ = true;
        else if (fd.get() >= 0 && errno == EINPROGRESS)
            waits_.push_back({fd.get(), POLLOUT, 0});
        else
            why_ = text_of(errno);
    }

    /// Waits for an answer.
    void wait(clock::time_point until)
    {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(until - clock::now());
        auto const ms = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
        ::poll(waits_.data(), waits_.size(), ms);
        std::erase_if(waits_, [this](pollfd const& each) {
            if (each.revents == 0)
                return false;
            int const error = error_of(each.fd);
            won_ = won_ || error == 0;
            why_ = text_of(error);
            return true;
        });
    }

    [[nodiscard]] bool won() const { return won_; }
    [[nodiscard]] bool goes_on() const { return !won_ && !waits_.empty(); }
    [[nodiscard]] std::string why() const { return waits_.empty() ? why_ : text_of(ETIMEDOUT); }

private:
    std::deque<descriptor> sockets_;
    std::vector<pollfd> waits_;
    std::string why_;
    bool won_ = false;
};

/// Empty, or why there is no connection to any address. As a server does, one address after the
/// other, without waiting long for one that does not answer.
std::string connect_to(client::url const& place, clock::time_point deadline)
{
    constexpr std::chrono::milliseconds step{250};
    std::string why;
    auto const found = look_up(place, 0, why);
    if (!found)
        return why;
    race all;
    for (auto const* at = found.get(); at != nullptr && !all.won(); at = at->ai_next) {
        all.start(*at);
        if (all.goes_on())
            all.wait(std::min(deadline, clock::now() + step));
    }
    while (all.goes_on() && clock::now() < deadline)
        all.wait(deadline);
    return all.won() ? "" : all.why();
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
    descriptor const fd(open_socket(*found));
    int const yes = 1;
    if (reuse)
        ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (::bind(fd.get(), found->ai_addr, found->ai_addrlen) == 0)
        return port_state::bindable;
    return errno == EADDRINUSE ? port_state::in_use : port_state::unknown;
}

}  // namespace aconite::cli
