#include "clients/experiment/load/recorder.hpp"

#include <algorithm>
#include <thread>

namespace aconite::experiment {
namespace {

// So many are added up before one who has an outcome may come in between.
constexpr std::size_t slots_at_once = 64;

}  // namespace

std::size_t recorder::slot_of(time_point at) const
{
    if (at <= origin_)
        return 0;
    return std::min(static_cast<std::size_t>((at - origin_) / slot_length), slots_max - 1);
}

std::size_t recorder::slot_from(time_point at) const
{
    if (at <= origin_)
        return 0;
    auto const since = at - origin_;
    auto const whole = static_cast<std::size_t>(since / slot_length);
    return std::min(since % slot_length == duration::zero() ? whole : whole + 1, slots_max);
}

std::string_view recorder::name_of(std::string_view error)
{
    if (auto const known = errors_.find(error); known != errors_.end())
        return *known;
    if (errors_.size() == errors_max)
        return "other";
    return *errors_.emplace(error).first;
}

void recorder::add(outcome const& what)
{
    if (what.ended < origin_)
        return;
    auto const index = slot_of(what.ended);
    std::scoped_lock const lock(mutex_);
    ++requests_;
    if (index >= slots_.size())
        slots_.resize(index + 1);
    auto& in = slots_[index];
    if (what.ok) {
        in.answered.add(what.ended - what.due);
        in.service.add(what.ended - what.sent);
        in.first_ok = std::min(in.first_ok, what.ended);
        in.last_ok = std::max(in.last_ok, what.ended);
        return;
    }
    ++in.errors;
    auto const name = name_of(what.error);
    if (auto const counted = in.by_error.find(name); counted != in.by_error.end())
        ++counted->second;
    else
        in.by_error.emplace(name, 1);
}

load_summary recorder::between(time_point from, time_point to) const
{
    load_summary all;
    auto const begin = slot_of(from);
    std::unique_lock lock(mutex_);
    auto const end = to == never     ? slots_.size()
                     : to <= origin_ ? 0
                                     : static_cast<std::size_t>((to - origin_) / slot_length);
    if (end <= begin)
        return all;
    all.seconds =
        std::chrono::duration<double>(slot_length).count() * static_cast<double>(end - begin);
    for (auto index = begin; index < std::min(end, slots_.size()); ++index) {
        auto const& each = slots_[index];
        all.answered += each.answered;
        all.service += each.service;
        all.errors += each.errors;
        for (auto const& [name, count] : each.by_error)
            all.by_error[name] += count;
        if ((index - begin) % slots_at_once == slots_at_once - 1) {
            lock.unlock();
            std::this_thread::yield();
            lock.lock();
        }
    }
    all.ok = all.answered.count();
    all.requests = all.ok + all.errors;
    return all;
}

time_point recorder::first_ok(time_point from) const
{
    std::scoped_lock const lock(mutex_);
    for (auto index = slot_of(from); index < slots_.size(); ++index) {
        auto const& each = slots_[index];
        if (each.answered.count() == 0 || each.last_ok < from)
            continue;
        return each.first_ok >= from ? each.first_ok : each.last_ok;
    }
    return never;
}

time_point recorder::row_of_ok(time_point from, std::uint64_t count) const
{
    std::uint64_t row = 0;
    std::scoped_lock const lock(mutex_);
    for (auto index = slot_from(from); index < slots_.size(); ++index) {
        auto const& each = slots_[index];
        row = each.errors > 0 ? 0 : row + each.answered.count();
        if (row >= count && each.errors == 0)
            return origin_ + slot_length * static_cast<duration::rep>(index + 1);
    }
    return never;
}

duration recorder::span() const
{
    std::scoped_lock const lock(mutex_);
    return slot_length * static_cast<duration::rep>(slots_.size());
}

std::uint64_t recorder::requests() const
{
    std::scoped_lock const lock(mutex_);
    return requests_;
}

}  // namespace aconite::experiment
