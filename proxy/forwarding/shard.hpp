#pragma once

#include "proxy/admission/descriptor_room.hpp"
#include "proxy/forwarding/listener.hpp"
#include "proxy/forwarding/own_dials.hpp"
#include "proxy/forwarding/read_buffer.hpp"
#include "proxy/forwarding/route.hpp"
#include "proxy/forwarding/session.hpp"
#include "proxy/forwarding/splice_pipe.hpp"
#include "proxy/loop/alarms.hpp"
#include "proxy/loop/mailbox.hpp"
#include "proxy/loop/pump_set.hpp"
#include "proxy/loop/wake_timer.hpp"
#include "proxy/net/resolver.hpp"
#include "proxy/record/journal.hpp"
#include "proxy/record/meters.hpp"

#include <aconite/log.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace aconite {

/// What the shards of one engine have in common. Constant while they run.
struct shard_config {
    log_sink log;
    log_level log_least = log_level::trace;
    aconite::resolver& names;
    aconite::journal& journal;
    /// Gives each connection of the engine its id.
    std::atomic<std::uint64_t>& connection_ids;
    /// Dials that may lead to the engine's own listeners.
    aconite::own_dials& dials;
    descriptor_room const& room;
    /// How much the toxics of one shard may hold before its busiest links stop reading.
    std::size_t held_bytes_max = 0;
};

/// One thread and the sessions that live on it. In turns it does what its sockets, its timer and
/// its mailbox ask for. Everything that is not marked "any thread" runs on that thread; nothing
/// but the mailbox is locked.
class shard {
public:
    /// The `index`-th of its engine. `config` outlives the shard. Starts the thread. Throws
    /// std::system_error.
    shard(shard_config const& config, std::size_t index);
    /// Closes what is left and joins the thread.
    ~shard();

    /// Runs `task` on the shard's thread. Tasks from one thread run in order. Any thread.
    template <class F>
    void post(F task)
    {
        mail_.post(std::move(task));
    }

    /// Sessions here and on their way here. Any thread.
    [[nodiscard]] std::size_t load() const { return load_.load(std::memory_order_relaxed); }
    /// Which one of the engine's shards. Any thread.
    [[nodiscard]] std::size_t index() const { return index_; }
    /// What the toxics hold here, with what keeping it costs. Any thread.
    [[nodiscard]] std::size_t held_bytes() const { return held_bytes_.value(); }
    /// How long its turns took, each as long as a ready socket waited at most. Any thread.
    [[nodiscard]] duration_histogram rounds() const { return rounds_.value(); }
    /// A session is on its way here. Any thread.
    void expect_session() { load_.fetch_add(1, std::memory_order_relaxed); }

    // What the engine posts.
    void open_route(std::uint64_t id, route what);
    /// Puts the route's new plan in force on its connections.
    void apply_toxics(std::uint64_t id);
    /// Closes every connection of the route and forgets it.
    void close_route(std::uint64_t id);
    /// One more listener of the route.
    void start_listening(std::uint64_t id, std::unique_ptr<listener> what);
    /// Who comes to a broker's listener of a route gets `info` from now on.
    void redirect(std::shared_ptr<route_info const> info);
    /// Closes all of the route's listeners.
    void stop_listening(std::uint64_t id);
    /// Has what the kernel dropped of the route's connections counted.
    void count_drops(std::uint64_t id);
    void describe_sessions(std::vector<connection_info>& into) const;
    /// Takes over an accepted client that `expect_session` announced.
    void adopt(std::shared_ptr<route_info const> info, unique_fd client, arrival came);
    /// Has the route's listeners, if they live here, look at the plan and the live connections
    /// anew.
    void look_at_door(std::uint64_t id);

    // What sessions, links and listeners use.
    [[nodiscard]] aconite::resolver& resolver() { return config_.names; }
    [[nodiscard]] aconite::own_dials& own_dials() { return config_.dials; }
    [[nodiscard]] descriptor_room const& room() const { return config_.room; }
    [[nodiscard]] pipe_pool& pipes() { return pipes_; }
    [[nodiscard]] log_sink const& log() const { return config_.log; }
    /// Whether somebody wants to know what matters so much.
    [[nodiscard]] bool tells(log_level level) const
    {
        return config_.log && level >= config_.log_least;
    }
    void write(journal_entry const& what) { config_.journal.write(index_, what); }
    void write(operation_entry const& what) { config_.journal.write(index_, what); }
    /// The time, as of the event that is being handled.
    [[nodiscard]] time_point now() const { return now_; }
    /// Does what other threads want. Called behind all that may take long, so that nobody waits for
    /// everybody's turn; not from within such work.
    void look_at_mail();
    /// The time, as of this call and from now on.
    time_point look_at_clock();
    [[nodiscard]] read_buffer& buffer() { return buffer_; }
    int watch(endpoint& socket) { return pumps_.add(socket.fd.get(), socket); }
    int watch(int fd, io_handler& handler) { return pumps_.add(fd, handler); }
    void wake(alarm& who, time_point at) { alarms_.set(who, at); }
    /// Bytes that one direction may move before the others get their turn: fewer, if many want
    /// one, and fewest while messages come in, which are passed on between two turns.
    [[nodiscard]] std::size_t turn_budget() const;
    /// `who` asks for a turn behind those who asked before.
    void pump_later(session& who) { ring_.push_back(&who); }
    /// A session that has no bulk data is about to be served, without a turn of the ring's.
    void expect_messages() { message_at_ = now_; }
    void retire(session& who);
    /// Keeps `what`, whose socket is closed or given away, until the turn is over.
    void bury(std::unique_ptr<dial_attempt> what) { spent_attempts_.push_back(std::move(what)); }
    void adjust_held(std::size_t before, std::size_t after) { held_bytes_.add(after - before); }
    /// The budget is used up and `link_bytes` is a real part of it: read no more.
    [[nodiscard]] bool over_budget(std::size_t link_bytes) const;

private:
    void run();
    void give_turns(time_point woken);
    void settle();

    shard_config const& config_;
    std::size_t const index_;
    pump_set pumps_;
    mailbox mail_;
    wake_timer timer_;
    bool stopped_ = false;
    pipe_pool pipes_{config_.room};
    alarms alarms_;
    time_point now_{};
    read_buffer buffer_;
    tally held_bytes_;
    duration_meter rounds_;
    std::atomic<std::size_t> load_{0};
    std::unordered_map<std::uint64_t, std::unique_ptr<route>> routes_;
    std::unordered_map<std::uint64_t, std::vector<std::unique_ptr<listener>>> listeners_;
    std::deque<session*> ring_;  ///< who wants a turn
    time_point message_at_{};
    std::vector<std::unique_ptr<session>> graveyard_;
    std::vector<std::unique_ptr<dial_attempt>> spent_attempts_;
    std::vector<std::unique_ptr<listener>> closed_listeners_;
    std::vector<std::unique_ptr<route>> closed_routes_;
    std::thread thread_;
};

}  // namespace aconite
