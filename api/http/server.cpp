#include "api/http/server.hpp"

#include "api/http/connection.hpp"
#include "api/http/listen.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>
#include <utility>

namespace aconite::api {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t waiting_threads = 4;
/// How long to wait for a free descriptor.
constexpr std::chrono::milliseconds retry_after{100};
/// How much longer than its limit a client may take.
constexpr std::chrono::milliseconds sweep_every{500};
/// For how long after its last work the thread waits for more awake: a client that calls step by
/// step calls again within this, and two sleeping processors cost it more than the call.
constexpr std::chrono::microseconds awake_for{100};

}  // namespace

class server::impl {
public:
    impl(router routes, log_sink log, server_limits limits)
        : service_{std::move(routes), std::move(log), limits, waiting_room_},
          acceptor_(io_),
          retry_(io_),
          sweeper_(io_),
          work_(io_.get_executor()),
          thread_([this] { run(); })
    {}

    ~impl()
    {
        io_.stop();
        thread_.join();
        waiting_room_.join();
    }

    result<std::string> start(std::string const& host, std::string const& port)
    {
        auto made = listen_on(io_, host, port);
        if (!made)
            return made.error();
        acceptor_ = *std::move(made);
        std::ostringstream address;
        address << acceptor_.local_endpoint();
        asio::co_spawn(io_, accept_all(), [this](std::exception_ptr failed) { report(failed); });
        return address.str();
    }

    bool stop(std::chrono::milliseconds patience)
    {
        asio::post(io_, [this] {
            error_code ignored;
            acceptor_.close(ignored);
            retry_.cancel();
        });
        std::unique_lock lock(mutex_);
        stopping_ = true;
        for (auto const& [id, each] : connections_)
            if (auto alive = each.lock())
                connection::finish(std::move(alive));
        return none_left_.wait_for(lock, patience, [this] { return connections_.empty(); });
    }

private:
    asio::awaitable<void> accept_all()
    {
        bool complained = false;
        while (acceptor_.is_open()) {
            auto [failure, socket] = co_await acceptor_.async_accept(as_result);
            if (failure == asio::error::operation_aborted)
                co_return;
            if (failure) {
                // Out of descriptors, most likely: it passes when others have closed theirs.
                if (!complained)
                    complain("Could not accept an API client", failure.message());
                complained = true;
                bool const freed = failure == asio::error::no_descriptors && free_descriptor();
                if (!freed)
                    co_await pause();
                continue;
            }
            complained = false;
            make_room();
            admit(std::move(socket));
        }
    }

    asio::awaitable<void> pause()
    {
        retry_.expires_after(retry_after);
        co_await retry_.async_wait(as_result);
    }

    void admit(tcp::socket socket)
    {
        error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        auto const home = socket.get_executor();
        auto admitted = std::make_shared<connection>(service_, std::move(socket));
        std::uint64_t id = 0;
        {
            std::scoped_lock const lock(mutex_);
            if (stopping_)
                return;
            id = next_id_++;
            connections_.emplace(id, admitted);
            if (!std::exchange(sweeping_, true))
                asio::co_spawn(io_, sweep(), [this](std::exception_ptr failed) { report(failed); });
        }
        auto const ended = [this, id](std::exception_ptr failed) {
            report(failed);
            std::scoped_lock const lock(mutex_);
            connections_.erase(id);
            none_left_.notify_all();
        };
        asio::co_spawn(home, connection::run(std::move(admitted)), ended);
    }

    /// Closes who is too late, as long as there is anybody.
    asio::awaitable<void> sweep()
    {
        for (;;) {
            sweeper_.expires_after(sweep_every);
            co_await sweeper_.async_wait(as_result);
            std::scoped_lock const lock(mutex_);
            sweeping_ = !connections_.empty();
            if (!sweeping_)
                co_return;
            for (auto const& [id, each] : connections_)
                if (auto const alive = each.lock())
                    alive->close_if_late(std::chrono::steady_clock::now());
        }
    }

    /// Where there are as many connections as there may be, the one that has been without a
    /// complete request for longest gives way; only if all have theirs, the first of these.
    void make_room()
    {
        std::scoped_lock const lock(mutex_);
        if (connections_.size() < service_.limits.connections)
            return;
        auto const [first, open] = first_to_go();
        if (first && open >= service_.limits.connections)
            first->give_way();
    }

    /// The same where there are no descriptors left. False: every connection has its request.
    bool free_descriptor()
    {
        std::scoped_lock const lock(mutex_);
        auto const first = first_to_go().first;
        if (!first || first->is_answering())
            return false;
        first->give_way();
        return true;
    }

    /// Who has to give way, and how many connections are open. Under the lock.
    std::pair<std::shared_ptr<connection>, std::size_t> first_to_go()
    {
        std::pair<std::shared_ptr<connection>, std::size_t> found{nullptr, 0};
        for (auto const& [id, each] : connections_) {
            auto alive = each.lock();
            if (!alive || !alive->is_open())
                continue;
            ++found.second;
            if (!found.first || alive->gives_way_before(*found.first))
                found.first = std::move(alive);
        }
        return found;
    }

    void run()
    {
        using clock = std::chrono::steady_clock;
        while (!io_.stopped()) {
            auto const asleep_at = clock::now() + awake_for;
            std::size_t done = 0;
            while (done == 0 && clock::now() < asleep_at)
                done = io_.poll();
            if (done == 0)
                io_.run_one();
        }
    }

    /// A handler that throws costs its connection, not the server.
    void report(std::exception_ptr failed)
    {
        try {
            if (failed)
                std::rethrow_exception(failed);
        } catch (std::exception const& e) {
            complain("An API request failed", e.what());
        }
    }

    void complain(std::string_view message, std::string_view error)
    {
        log_field const fields[] = {{"error", error}};
        if (service_.log)
            service_.log(log_level::error, message, fields);
    }

    asio::thread_pool waiting_room_{waiting_threads};
    service const service_;
    asio::io_context io_{1};
    tcp::acceptor acceptor_;
    asio::steady_timer retry_;
    asio::steady_timer sweeper_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;

    std::mutex mutex_;
    std::condition_variable none_left_;
    bool stopping_ = false;
    bool sweeping_ = false;
    std::uint64_t next_id_ = 0;
    std::map<std::uint64_t, std::weak_ptr<connection>> connections_;
    std::thread thread_;
};

server::server(router routes, log_sink log, server_limits limits)
    : impl_(std::make_unique<impl>(std::move(routes), std::move(log), limits))
{}

server::~server() = default;

result<std::string> server::start(std::string const& host, std::string const& port)
{
    return impl_->start(host, port);
}

bool server::stop(std::chrono::milliseconds patience)
{
    return impl_->stop(patience);
}

}  // namespace aconite::api
