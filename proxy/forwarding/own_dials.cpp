#include "proxy/forwarding/own_dials.hpp"

#include <cerrno>

namespace aconite {

void own_dials::take_port(std::uint16_t port)
{
    std::lock_guard const hold(lock_);
    if (++listeners_[port] == 1)
        ports_[port / 64] |= std::uint64_t{1} << port % 64;
}

void own_dials::give_back_port(std::uint16_t port)
{
    std::lock_guard const hold(lock_);
    if (--listeners_[port] > 0)
        return;
    listeners_.erase(port);
    ports_[port / 64] &= ~(std::uint64_t{1} << port % 64);
}

bool own_dials::may_be_own(std::uint16_t port) const
{
    return (ports_[port / 64] >> port % 64 & 1) != 0;
}

int own_dials::connect(int fd, address const& to, dial_origin const& from,
                       std::unique_ptr<mark>& made)
{
    auto const dial = [&] { return ::connect(fd, to.data(), to.size) == 0 ? 0 : errno; };
    auto const port = to.ip().port;
    if (!may_be_own(port))
        return dial();
    // Under the lock, and counted before: the listener may accept it at once, and is to find the
    // trail then.
    std::lock_guard const hold(lock_);
    count_ = trails_.size() + 1;
    int const error = dial();
    if (error == 0 || error == EINPROGRESS) {
        key const which{address::local_of(fd).ip(), port};
        auto& trail = trails_[which] = from.before;
        trail.push_back(from.proxy);
        made = std::make_unique<mark>(*this, which);
    }
    count_ = trails_.size();
    return error;
}

proxy_trail own_dials::trail_of(ip_endpoint const& from, std::uint16_t port) const
{
    if (count_ == 0)
        return {};
    std::lock_guard const hold(lock_);
    auto const found = trails_.find({from, port});
    return found == trails_.end() ? proxy_trail{} : found->second;
}

void own_dials::forget(key const& which)
{
    std::lock_guard const hold(lock_);
    trails_.erase(which);
    count_ = trails_.size();
}

}  // namespace aconite
