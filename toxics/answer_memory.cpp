#include "toxics/answer_memory.hpp"

#include <algorithm>

namespace aconite::toxics {
bool answer_memory::says_the_same(std::string_view a, std::string_view b) const
{
    return a.size() == b.size() &&
           a.substr(std::min(own_bytes_, a.size())) == b.substr(std::min(own_bytes_, b.size()));
}

void answer_memory::note(std::string_view key, std::string_view answer, time_point now)
{
    std::lock_guard const hold(lock_);
    auto found = answers_.find(key);
    if (found != answers_.end() && says_the_same(found->second.back().answer, answer))
        return;
    auto const bytes = key.size() + answer.size();
    if (bytes > bytes_max)
        return;
    while (oldest_.size() >= answers_max || bytes_ + bytes > bytes_max)
        forget_oldest();
    auto const kept = answers_.try_emplace(std::string(key)).first;
    kept->second.push_back({now, std::string(answer)});
    oldest_.push_back(kept);
    bytes_ += bytes;
}

std::string answer_memory::at(std::string_view key, time_point when) const
{
    std::lock_guard const hold(lock_);
    auto const found = answers_.find(key);
    if (found == answers_.end())
        return {};
    auto const& all = found->second;
    auto const later = std::ranges::upper_bound(all, when, {}, &known::since);
    return later == all.begin() ? later->answer : std::prev(later)->answer;
}

void answer_memory::forget_oldest()
{
    auto const oldest = oldest_.front();
    oldest_.pop_front();
    auto& list = oldest->second;
    bytes_ -= oldest->first.size() + list.front().answer.size();
    list.pop_front();
    if (list.empty())
        answers_.erase(oldest);
}

}  // namespace aconite::toxics
