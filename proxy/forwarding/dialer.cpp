#include "proxy/forwarding/dialer.hpp"

#include "proxy/forwarding/dial_order.hpp"
#include "proxy/forwarding/shard.hpp"
#include "proxy/net/socket_option.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <utility>

namespace aconite {
namespace {

/// The ports that the kernel gives sockets which ask for none; all, if it does not tell.
struct local_ports {
    std::uint16_t first = 0;
    std::uint16_t last = 65'535;

    [[nodiscard]] bool has(std::uint16_t port) const { return port >= first && port <= last; }
};

local_ports find_local_ports()
{
    local_ports found;
    std::ifstream range("/proc/sys/net/ipv4/ip_local_port_range");
    return range >> found.first >> found.last ? found : local_ports();
}

/// Dialling a free ephemeral port of this host can, by TCP's simultaneous open, connect a socket
/// to itself.
int refuse_itself(int fd, address const& to)
{
    static local_ports const ephemeral = find_local_ports();
    return ephemeral.has(to.ip().port) && address::local_of(fd) == to ? ECONNREFUSED : 0;
}

/// What became of an attempt that is over: 0 or an errno.
int answer_of(int fd, address const& to, std::uint32_t events)
{
    int error = 0;
    socklen_t size = sizeof error;
    if ((events & (EPOLLERR | EPOLLHUP)) != 0)
        ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0 ? refuse_itself(fd, to) : error;
}

}  // namespace

void dial_attempt::on_io(std::uint32_t events)
{
    if (socket.fd)
        owner_.on_answer(*this, events);
}

dialer::~dialer()
{
    for (auto& each : attempts_) {
        each->socket = {};
        home_.bury(std::move(each));
    }
}

void dialer::start(time_point deadline, receiver then)
{
    deadline_ = deadline;
    then_ = std::move(then);
    try_place();
}

dial_target const& dialer::place() const
{
    return place_ == 0 ? target_ : target_.others[place_ - 1];
}

void dialer::try_place()
{
    auto const& to = place();
    if (!to.error.empty()) {
        error_ = "dial tcp: " + to.error;
        leave_place();
        return;
    }
    if (to.numeric) {
        try_all({*to.numeric});
        return;
    }

    pending_ = std::make_shared<int>();
    home_.resolver().lookup(to.parts.host, to.parts.port,
                            [this, &home = home_, name = to.parts.host,
                             waits = std::weak_ptr(pending_)](resolver::answer found) mutable {
                                home.post([this, name = std::move(name), waits = std::move(waits),
                                           found = std::move(found)] {
                                    if (waits.expired())
                                        return;
                                    pending_.reset();
                                    if (found.addresses.empty())
                                        error_ = "dial tcp: lookup " + name + ": " + found.error;
                                    try_all(found.addresses);
                                });
                            });
}

void dialer::start(std::vector<address> const& found, time_point deadline, receiver then)
{
    deadline_ = deadline;
    then_ = std::move(then);
    try_all(found);
}

/// What can be tried at a place has been: on to the next one.
void dialer::leave_place()
{
    if (pending_)
        return;
    if (has_more_places()) {
        ++place_;
        try_place();
    } else if (attempts_.empty()) {
        finish({});
    }
}

void dialer::try_all(std::vector<address> const& found)
{
    addresses_ = in_turns(found);
    next_ = 0;
    auto const places = static_cast<duration::rep>(target_.others.size() - place_ + 1);
    step_ = dial_step(addresses_.size(), (deadline_ - home_.now()) / places);
    try_next();
}

/// Goes through the addresses up to one that does not answer at once.
void dialer::try_next()
{
    while (next_ < addresses_.size()) {
        auto const& to = addresses_[next_++];
        dialled_socket made;
        int error = connect(made, to);
        if (error == 0) {
            finish(std::move(made));
            return;
        }
        if (error == EINPROGRESS)
            error = await(std::move(made), to);
        if (error == 0) {
            bool const has_more = next_ < addresses_.size() || has_more_places();
            home_.wake(*this, has_more ? later(home_.now(), step_) : never);
            return;
        }
        failed(to, error);
    }
    leave_place();
}

/// Begins to connect: 0 if that is done already, as it is on loopback, else an errno.
int dialer::connect(dialled_socket& made, address const& to)
{
    made.fd.reset(::socket(to.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    int const fd = made.fd.get();
    if (fd < 0)
        return errno;
    if (!home_.room().has_for_dial(fd))
        return EMFILE;
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    int error = home_.own_dials().connect(fd, to, origin_, made.mark);
    // On loopback the hands are shaken when connect returns, whatever it says.
    if (error == EINPROGRESS && address::peer_of(fd).size > 0)
        error = 0;
    return error == 0 ? refuse_itself(fd, to) : error;
}

/// 0 or an errno.
int dialer::await(dialled_socket socket, address const& to)
{
    auto& made = attempts_.emplace_back(new dial_attempt(*this, to, std::move(socket)));
    int const error = home_.watch(made->socket.fd.get(), *made);
    if (error != 0)
        attempts_.pop_back();
    return error;
}

void dialer::on_alarm(time_point)
{
    try_next();
}

void dialer::on_answer(dial_attempt& which, std::uint32_t events)
{
    int const error = answer_of(which.socket.fd.get(), which.to, events);
    if (error == 0) {
        finish(std::exchange(which.socket, {}));
        return;
    }
    failed(which.to, error);
    which.socket = {};
    auto const over = std::ranges::find(attempts_, &which, &std::unique_ptr<dial_attempt>::get);
    home_.bury(std::move(*over));
    attempts_.erase(over);
    try_next();
}

/// The last that happens here: the receiver may end this object.
void dialer::finish(dialled_socket socket)
{
    auto const then = std::move(then_);
    then(std::move(socket));
}

void dialer::failed(address const& at, int error)
{
    errno_ = error;
    error_ = "dial tcp " + at.text() + ": connect: " + errno_text(error);
}

}  // namespace aconite
