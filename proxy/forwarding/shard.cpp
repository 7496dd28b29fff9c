#include "proxy/forwarding/shard.hpp"

#include "proxy/loop/thread_without_signals.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>

namespace aconite {
namespace {

/// A link that holds less than this is never the one to stop for the shard's budget.
constexpr std::size_t budget_floor_bytes = 64 * 1024;

/// What all busy directions together may move in one round, and each of them in its turn. Large
/// turns are cheap, small ones let messages through: docs/performance.md has the measurements.
constexpr std::size_t round_bytes = 4 << 20;
constexpr std::size_t turn_bytes_min = 256 << 10;
constexpr std::size_t turn_bytes_max = 1 << 20;
constexpr std::size_t turn_bytes_beside_messages = 128 << 10;
/// For how long after a message the next one is expected.
constexpr duration messages_expected = std::chrono::milliseconds(10);

}  // namespace

shard::shard(shard_config const& config, std::size_t index) : config_(config), index_(index)
{
    for (auto const error : {watch(mail_.fd(), mail_), watch(timer_.fd(), timer_)})
        if (error != 0)
            throw std::system_error(error, std::generic_category(), "epoll_ctl");
    thread_ = thread_without_signals([this] { run(); });
}

shard::~shard()
{
    post([this] {
        listeners_.clear();
        while (!routes_.empty())
            close_route(routes_.begin()->first);
        stopped_ = true;
    });
    thread_.join();
}

void shard::run()
{
    while (!stopped_) {
        bool const may_sleep = ring_.empty() && !timer_.too_near_to_sleep(alarms_.next(), now_);
        if (may_sleep)
            timer_.arm(alarms_.next());
        auto const events = pumps_.wait(may_sleep);
        auto const woken = look_at_clock();
        for (auto const& event : events) {
            static_cast<io_handler*>(event.data.ptr)->on_io(event.events);
            look_at_clock();
            look_at_mail();
        }
        alarms_.fire(now_);
        if (!ring_.empty())
            give_turns(woken);
        settle();
        rounds_.add(now_ - woken);
    }
}

time_point shard::look_at_clock()
{
    return now_ = std::chrono::steady_clock::now();
}

void shard::look_at_mail()
{
    if (mail_.waiting())
        mail_.on_io(0);
}

/// Who waits for a turn gets it, in order of asking: one of them, and more for as long as all else
/// took since `woken`. So bulk data gets half of the time, however many messages there are.
void shard::give_turns(time_point woken)
{
    look_at_clock();
    auto const until = later(now_, now_ - woken);
    do {
        auto* const who = ring_.front();
        who->queued_ = false;
        who->pump(now_);
        ring_.pop_front();
        look_at_clock();
        look_at_mail();
    } while (!ring_.empty() && now_ < until);
}

/// Frees who closed.
void shard::settle()
{
    std::erase_if(graveyard_, [](auto const& dead) { return !dead->queued_; });
    spent_attempts_.clear();
    closed_listeners_.clear();
    closed_routes_.clear();
}

void shard::open_route(std::uint64_t id, route what)
{
    routes_[id] = std::make_unique<route>(std::move(what));
}

void shard::apply_toxics(std::uint64_t id)
{
    auto const found = routes_.find(id);
    if (found == routes_.end())
        return;
    auto const now = look_at_clock();
    for (auto* each = found->second->sessions; each != nullptr;) {
        auto* const next = each->next_;
        each->apply(now);
        each = next;
    }
}

void shard::count_drops(std::uint64_t id)
{
    if (auto const found = routes_.find(id); found != routes_.end())
        for (auto* each = found->second->sessions; each != nullptr; each = each->next_)
            each->count_drops(now_);
}

void shard::close_route(std::uint64_t id)
{
    auto const found = routes_.find(id);
    if (found == routes_.end())
        return;
    while (found->second->sessions != nullptr)
        found->second->sessions->close(ending::close);
    closed_routes_.push_back(std::move(found->second));
    routes_.erase(found);
}

void shard::start_listening(std::uint64_t id, std::unique_ptr<listener> what)
{
    listeners_[id].push_back(std::move(what));
    listeners_[id].back()->start();
}

void shard::redirect(std::shared_ptr<route_info const> info)
{
    if (auto const found = listeners_.find(info->id); found != listeners_.end())
        for (auto const& each : found->second)
            if (each->broker() == info->broker)
                each->renew(info);
}

void shard::stop_listening(std::uint64_t id)
{
    auto const found = listeners_.find(id);
    if (found == listeners_.end())
        return;
    for (auto& each : found->second) {
        each->close();
        closed_listeners_.push_back(std::move(each));
    }
    listeners_.erase(found);
}

void shard::look_at_door(std::uint64_t id)
{
    if (auto const found = listeners_.find(id); found != listeners_.end())
        for (auto const& each : found->second)
            each->look_at_door();
}

void shard::adopt(std::shared_ptr<route_info const> info, unique_fd client, arrival came)
{
    auto const found = routes_.find(info->id);
    if (found == routes_.end()) {
        load_.fetch_sub(1, std::memory_order_relaxed);
        return;
    }
    auto& where = *found->second;
    auto* const made = new session(*this, where, std::move(info), std::move(client),
                                   ++config_.connection_ids, std::move(came));
    made->next_ = where.sessions;
    if (where.sessions != nullptr)
        where.sessions->previous_ = made;
    where.sessions = made;
    made->start(look_at_clock());
}

void shard::retire(session& who)
{
    (who.previous_ != nullptr ? who.previous_->next_ : who.route_.sessions) = who.next_;
    if (who.next_ != nullptr)
        who.next_->previous_ = who.previous_;
    graveyard_.emplace_back(&who);
    load_.fetch_sub(1, std::memory_order_relaxed);
    who.route_.live->leave();
}

std::size_t shard::turn_budget() const
{
    if (now_ - message_at_ < messages_expected)
        return turn_bytes_beside_messages;
    return std::clamp(round_bytes / std::max<std::size_t>(ring_.size(), 1), turn_bytes_min,
                      turn_bytes_max);
}

bool shard::over_budget(std::size_t link_bytes) const
{
    return held_bytes_.value() > config_.held_bytes_max && link_bytes > budget_floor_bytes;
}

void shard::describe_sessions(std::vector<connection_info>& into) const
{
    for (auto const& [id, where] : routes_)
        for (auto* each = where->sessions; each != nullptr; each = each->next_)
            into.push_back(each->describe(now_));
}

}  // namespace aconite
