#include "proxy/net/resolver.hpp"

#include <netdb.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace aconite {
namespace {

constexpr std::size_t threads_max = 8;

resolver::answer ask(std::string const& host, std::string const& port)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    int const error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
    if (error == EAI_NONAME || error == EAI_NODATA)
        return {{}, "no such host"};
    if (error != 0)
        return {{}, error == EAI_SYSTEM ? errno_text(errno) : ::gai_strerror(error)};
    resolver::answer all;
    for (auto const* each = found; each != nullptr; each = each->ai_next) {
        auto& made = all.addresses.emplace_back();
        std::memcpy(made.data(), each->ai_addr, each->ai_addrlen);
        made.size = each->ai_addrlen;
    }
    ::freeaddrinfo(found);
    return all;
}

}  // namespace

/// What the threads share with the resolver and may outlive it with.
struct resolver::state : std::enable_shared_from_this<resolver::state> {
    struct question {
        std::string host;
        std::string port;
        std::function<void(answer)> then;
    };

    std::mutex lock;
    std::condition_variable more;
    std::deque<question> waiting;
    std::size_t threads = 0;
    std::size_t idle = 0;
    bool closed = false;

    /// Under the lock. Where the system has no thread to give, those there are must do; the
    /// first one is not to be had: everybody is told.
    void start_thread()
    try {
        std::thread([shared = shared_from_this()] { shared->work(); }).detach();
        ++threads;
    } catch (std::system_error const& failed) {
        if (threads > 0)
            return;
        for (auto& each : std::exchange(waiting, {}))
            each.then({{}, failed.code().message()});
    }

    void work()
    {
        std::unique_lock hold(lock);
        for (;;) {
            ++idle;
            more.wait(hold, [this] { return closed || !waiting.empty(); });
            --idle;
            if (closed)
                return;
            auto const next = std::move(waiting.front());
            waiting.pop_front();
            hold.unlock();
            auto found = ask(next.host, next.port);
            hold.lock();
            if (!closed)
                next.then(std::move(found));
        }
    }
};

resolver::resolver() : state_(std::make_shared<state>()) {}

void resolver::close()
{
    std::lock_guard const hold(state_->lock);
    state_->closed = true;
    state_->waiting.clear();
    state_->more.notify_all();
}

void resolver::lookup(std::string host, std::string port, std::function<void(answer)> then)
{
    std::lock_guard const hold(state_->lock);
    if (state_->closed)
        return;
    state_->waiting.push_back({std::move(host), std::move(port), std::move(then)});
    if (state_->idle < state_->waiting.size() && state_->threads < threads_max)
        state_->start_thread();
    state_->more.notify_one();
}

}  // namespace aconite
