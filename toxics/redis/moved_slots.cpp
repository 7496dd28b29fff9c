#include "toxics/redis/moved_slots.hpp"

namespace aconite::redis {

void moved_slots::tell(std::uint16_t slot, time_point now)
{
    std::scoped_lock const lock(mutex_);
    auto& there = expected_[slot];
    there.clients = there.told + patience < now ? 1 : there.clients + 1;
    there.told = now;
    slots_ = expected_.size();
}

bool moved_slots::take(std::uint16_t slot, time_point now)
{
    std::scoped_lock const lock(mutex_);
    auto const there = expected_.find(slot);
    if (there == expected_.end())
        return false;
    bool const comes = there->second.told + patience >= now;
    if (!comes || --there->second.clients == 0)
        expected_.erase(there);
    slots_ = expected_.size();
    return comes;
}

}  // namespace aconite::redis
