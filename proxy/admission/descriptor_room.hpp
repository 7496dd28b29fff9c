#pragma once

#include <atomic>
#include <cstdint>

namespace aconite {

/// Which descriptors connections may have, by number, of so many that the process may. A part is
/// kept back, so that a flood of clients leaves the API, the configuration and the next accept
/// something to work with; of that part some are for upstreams whose clients were let in already.
struct descriptor_shares {
    std::uint64_t clients = 0;  ///< a client's is below this
    std::uint64_t dials = 0;    ///< an upstream's is below this
};

descriptor_shares share_out(std::uint64_t limit);

/// Says of a new descriptor whether a connection may have it. The kernel gives the lowest number
/// that is free, so a number tells how many are taken, whoever has them. Any thread.
class descriptor_room {
public:
    descriptor_room();

    [[nodiscard]] bool has_for_client(int fd) const;
    [[nodiscard]] bool has_for_dial(int fd) const;

private:
    void look_at_limit() const;

    // Of the limit as it was last looked at, which is whenever a number is too high.
    mutable std::atomic<std::uint64_t> clients_{0};
    mutable std::atomic<std::uint64_t> dials_{0};
};

}  // namespace aconite
