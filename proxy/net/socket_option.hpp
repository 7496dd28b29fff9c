#pragma once

#include <sys/socket.h>

namespace aconite {

/// Sets an option of a socket whose value is a number. Best effort: what the kernel refuses stays
/// as it is. Any thread.
inline void set_option(int fd, int level, int name, int value)
{
    ::setsockopt(fd, level, name, &value, sizeof value);
}

}  // namespace aconite
