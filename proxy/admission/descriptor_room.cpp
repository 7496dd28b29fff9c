#include "proxy/admission/descriptor_room.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace aconite {
namespace {

/// Where there are few descriptors, a quarter must do.
constexpr std::uint64_t reserve_max = 128;

}  // namespace

descriptor_shares share_out(std::uint64_t limit)
{
    auto const reserve = std::min(limit / 4, reserve_max);
    return {limit - reserve, limit - reserve / 2};
}

descriptor_room::descriptor_room()
{
    look_at_limit();
}

bool descriptor_room::has_for_client(int fd) const
{
    auto const number = static_cast<std::uint64_t>(fd);
    if (number >= clients_)
        look_at_limit();
    return number < clients_;
}

bool descriptor_room::has_for_dial(int fd) const
{
    auto const number = static_cast<std::uint64_t>(fd);
    if (number >= dials_)
        look_at_limit();
    return number < dials_;
}

void descriptor_room::look_at_limit() const
{
    rlimit limit{RLIM_INFINITY, RLIM_INFINITY};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    auto const shares = share_out(limit.rlim_cur);
    clients_ = shares.clients;
    dials_ = shares.dials;
}

}  // namespace aconite
