#include "tests/support/sockets.hpp"

#include "proxy/net/address.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

namespace aconite::testing {
namespace {

[[noreturn]] void fail(char const* call)
{
    throw std::system_error(errno == EAGAIN ? ETIMEDOUT : errno, std::generic_category(), call);
}

address parse(std::string const& text)
{
    auto found = resolve_listen(text);
    if (!found)
        throw std::runtime_error(found.error().text);
    return found->where;
}

void limit_waiting(int fd)
{
    timeval const limit{patience.count(), 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

unique_fd listen_anywhere(int backlog)
{
    unique_fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    auto const any = parse("127.0.0.1:0");
    if (::bind(fd.get(), any.data(), any.size) != 0 || ::listen(fd.get(), backlog) != 0)
        fail("listen");
    return fd;
}

}  // namespace

client_socket::client_socket(std::string const& where)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    limit_waiting(fd_.get());
    auto const to = parse(where);
    if (::connect(fd_.get(), to.data(), to.size) != 0)
        fail("connect");
}

client_socket::client_socket(unique_fd fd) : fd_(std::move(fd))
{
    limit_waiting(fd_.get());
}

void client_socket::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        auto const sent = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0)
            fail("send");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string client_socket::receive(std::size_t count)
{
    std::string got(count, '\0');
    std::size_t have = 0;
    while (have < count) {
        auto const more = ::recv(fd_.get(), got.data() + have, count - have, 0);
        if (more < 0)
            fail("recv");
        if (more == 0)
            break;
        have += static_cast<std::size_t>(more);
    }
    got.resize(have);
    return got;
}

std::string client_socket::receive_all()
{
    std::string all;
    for (;;) {
        auto const some = receive(64 * 1024);
        all += some;
        if (some.size() < 64 * 1024)
            return all;
    }
}

bool client_socket::sees_reset()
{
    try {
        receive(1);
        return false;
    } catch (std::system_error const& error) {
        return error.code().value() == ECONNRESET;
    }
}

void client_socket::shut_write()
{
    ::shutdown(fd_.get(), SHUT_WR);
}

void client_socket::reset()
{
    linger const at_once{1, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    fd_.reset();
}

void client_socket::small_receive_buffer()
{
    int const bytes = 4096;
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

upstream_server::upstream_server(std::function<void(client_socket)> serve)
    : listener_(listen_anywhere(SOMAXCONN)), address_(address::local_of(listener_.get()).text())
{
    thread_ = std::thread([this, serve = std::move(serve)] {
        std::vector<std::thread> clients;
        for (;;) {
            int const fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0)
                break;
            clients.emplace_back([&serve, fd] {
                try {
                    serve(client_socket(unique_fd(fd)));
                } catch (std::system_error const&) {
                    // The client went away: what a test wants to know it asks its own side.
                }
            });
        }
        for (auto& each : clients)
            each.join();
    });
}

upstream_server::~upstream_server()
{
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
}

void echo(client_socket peer)
{
    std::vector<char> buffer(64 * 1024);
    for (;;) {
        auto const got = ::recv(peer.fd(), buffer.data(), buffer.size(), 0);
        if (got <= 0)
            return;
        peer.send({buffer.data(), static_cast<std::size_t>(got)});
    }
}

blackhole::blackhole()
    : listener_(listen_anywhere(0)), address_(address::local_of(listener_.get()).text())
{
    auto const to = parse(address_);
    for (auto& fd : fill_) {
        fd.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        (void)::connect(fd.get(), to.data(), to.size);
    }
}

void blackhole::light()
{
    if (::listen(listener_.get(), SOMAXCONN) != 0)
        fail("listen");
}

std::string pattern(std::size_t count)
{
    std::string made(count, '\0');
    std::uint32_t state = 1;
    for (auto& c : made) {
        state = state * 1664525U + 1013904223U;
        c = static_cast<char>(state >> 24);
    }
    return made;
}

bool eventually(std::function<bool()> const& done)
{
    auto const give_up = std::chrono::steady_clock::now() + patience;
    while (!done()) {
        if (std::chrono::steady_clock::now() > give_up)
            return false;
        ::poll(nullptr, 0, 1);
    }
    return true;
}

}  // namespace aconite::testing
