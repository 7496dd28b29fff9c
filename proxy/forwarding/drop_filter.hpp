#pragma once

#include <cstdint>

/// The kernel's own loss of segments: a classic BPF filter on a TCP socket. What it drops was never
/// received, so it is not acknowledged and the peer's kernel really has to send it again.
namespace aconite::drop_filter {

/// Drops the share `rate` (0 to 1) of all that the TCP socket `fd` receives, acknowledgements too,
/// each segment for itself; 1 drops everything. Takes the place of an earlier filter. Returns 0 or
/// errno: EPERM without CAP_NET_ADMIN in the user namespace of the socket's network.
int attach(int fd, double rate);

/// Receives everything again, if there is a filter. Takes no privilege.
void detach(int fd);

/// How many segments the kernel dropped so far that had reached the TCP socket `fd`, by a filter or
/// for want of room; counts modulo 2^32. 0 if the kernel does not tell.
std::uint32_t dropped(int fd);

/// What `attach` would return now, on a TCP socket that this process makes.
int probe();

}  // namespace aconite::drop_filter
