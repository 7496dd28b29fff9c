#pragma once

#include "clients/experiment/load/arrivals.hpp"
#include "clients/experiment/load/channel.hpp"
#include "clients/experiment/load/generator_options.hpp"
#include "clients/experiment/load/latencies.hpp"
#include "clients/experiment/load/recorder.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// Requests that begin when they are due, whatever became of those before them. Each takes the
/// connection that has been idle for the longest time. Where none is, it waits in a queue, and its
/// latency counts from when it was due; where the queue is full, it is the error `not sent`.
class open_loop {
public:
    /// The first request is due at once. May throw boost::system::system_error.
    open_loop(generator_options const& how, channel_maker const& make, recorder& into);

    /// Sends requests on the thread that calls it, until `end`.
    void run();
    /// Any thread: no more of them. Those that wait in the queue are not sent, those that wait for
    /// an answer have `grace`, then `run` returns. Once.
    void end(std::chrono::milliseconds grace);
    /// Any thread: whether there are more to come or to be answered.
    [[nodiscard]] bool running() const { return running_; }
    /// How late requests began for which there was an idle connection: what this thread did not
    /// get of the processor. After `run`.
    [[nodiscard]] latencies const& own_delay() const { return own_delay_; }

private:
    struct place {
        std::unique_ptr<channel> on{};
        ticket what{};
        time_point sent{};
        bool busy = false;
    };
    /// A request that must be answered by `deadline`. They stand in that order.
    struct flight {
        time_point deadline;
        std::size_t place;
        std::uint64_t number;
    };

    [[nodiscard]] bool more_to_come() const;
    void arm();
    void send_due();
    void begin(std::size_t where, ticket const& what);
    void on_done(std::size_t where, std::string_view error);
    void record(ticket const& what, time_point sent, std::string_view error);
    [[nodiscard]] bool is_over(flight const& each) const;
    void await_deadline();
    void on_deadline();
    void on_end(std::chrono::milliseconds grace);
    void give_up();
    void look_whether_over();

    generator_options how_;
    recorder& into_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::steady_timer due_;
    boost::asio::steady_timer deadline_;
    boost::asio::steady_timer grace_;
    std::vector<place> places_;
    std::deque<std::size_t> idle_;
    std::deque<ticket> backlog_;
    std::deque<flight> flights_;
    arrivals arrivals_;
    latencies own_delay_;
    bool ending_ = false;
    bool deadline_awaited_ = false;
    std::atomic<bool> running_{true};
};

}  // namespace aconite::experiment
