#include "proxy/forwarding/drop_filter.hpp"

#include "proxy/loop/unique_fd.hpp"

#include <linux/filter.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cmath>
#include <cstdint>

namespace aconite::drop_filter {

int attach(int fd, double rate)
{
    constexpr std::uint32_t random_number = static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_RANDOM);
    constexpr std::uint32_t everything = UINT32_MAX;
    // As many of the 2^32 numbers that may be drawn.
    auto const dropped = std::llround(std::ldexp(rate, 32));

    sock_filter some[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, random_number),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, static_cast<std::uint32_t>(dropped), 1, 0),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, everything),
    };
    sock_filter all[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
    sock_fprog const program = dropped > UINT32_MAX ? sock_fprog{1, all} : sock_fprog{4, some};
    return ::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 ? 0
                                                                                         : errno;
}

void detach(int fd)
{
    int const unused = 0;
    ::setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused);
}

std::uint32_t dropped(int fd)
{
    std::uint32_t told[SK_MEMINFO_VARS] = {};
    socklen_t size = sizeof told;
    ::getsockopt(fd, SOL_SOCKET, SO_MEMINFO, told, &size);
    return told[SK_MEMINFO_DROPS];
}

int probe()
{
    unique_fd const fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return fd ? attach(fd.get(), 1) : errno;
}

}  // namespace aconite::drop_filter
