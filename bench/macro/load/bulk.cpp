#include "bench/macro/load/bulk.hpp"

#include "bench/macro/load/server.hpp"

#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace load {
namespace {

constexpr std::size_t file_size = 1 << 20;

descriptor constant_file()
{
    descriptor file(::memfd_create("load", MFD_CLOEXEC));
    std::string const content(file_size, static_cast<char>(role::discard));
    if (::write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(file_size))
        fail("write");
    return file;
}

}  // namespace

bulk_senders::bulk_senders(std::uint16_t port, int connections) : file_(constant_file())
{
    for (int number = 0; number < connections; ++number) {
        auto& connection = connections_.emplace_back(connect_to(port));
        set_nonblocking(connection.get());
        thread_.events().add(connection.get(), EPOLLOUT,
                             static_cast<std::uint64_t>(connection.get()));
    }
    thread_.start(
        [this](epoll_event const& event) { send_some(static_cast<int>(event.data.u64)); });
}

std::uint64_t bulk_senders::finish()
{
    thread_.stop();
    for (auto const& connection : connections_)
        ::shutdown(connection.get(), SHUT_WR);
    return sent_;
}

void bulk_senders::send_some(int fd)
{
    off_t from = 0;
    auto const count = ::sendfile(fd, file_.get(), &from, file_size);
    if (count < 0 && errno != EAGAIN)
        fail("sendfile");
    if (count > 0)
        sent_ += static_cast<std::uint64_t>(count);
}

}  // namespace load
