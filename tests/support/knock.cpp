#include "tests/support/knock.hpp"

#include "proxy/net/address.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace aconite::testing {
namespace {

unique_fd socket_for(address const& where, int flags)
{
    return unique_fd(::socket(where.family(), SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
}

}  // namespace

knock::knock(std::string const& where)
{
    auto const to = reachable(resolve_listen(where).value().where);
    fd_ = socket_for(to, SOCK_NONBLOCK);
    if (::connect(fd_.get(), to.data(), to.size) != 0 && errno != EINPROGRESS)
        throw std::system_error(errno, std::generic_category(), "connect");
}

int knock::answer(std::chrono::milliseconds limit)
{
    pollfd wanted{fd_.get(), POLLOUT, 0};
    if (::poll(&wanted, 1, static_cast<int>(limit.count())) == 0)
        return EINPROGRESS;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

client_socket knock::enter()
{
    ::fcntl(fd_.get(), F_SETFL, ::fcntl(fd_.get(), F_GETFL) & ~O_NONBLOCK);
    return client_socket(std::move(fd_));
}

int try_to_take(std::string const& where, bool reusing)
{
    auto const at = resolve_listen(where).value().where;
    auto const fd = socket_for(at, 0);
    int const value = reusing ? 1 : 0;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &value, sizeof value);
    if (::bind(fd.get(), at.data(), at.size) != 0 || ::listen(fd.get(), 1) != 0)
        return errno;
    return 0;
}

std::size_t open_descriptors()
{
    auto const all = std::filesystem::directory_iterator("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace aconite::testing
