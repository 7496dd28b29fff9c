#include "clients/cli/verbs/lease_run.hpp"

#include <fmt/format.h>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace aconite::cli {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Signals are blocked as long as it lives, to be waited for.
class caught_signals {
public:
    caught_signals()
    {
        sigemptyset(&caught_);
        for (auto const number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGCHLD})
            sigaddset(&caught_, number);
        std::signal(SIGCHLD, SIG_DFL);  // who started us may have had it ignored
        pthread_sigmask(SIG_BLOCK, &caught_, &before_);
    }
    ~caught_signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    caught_signals(caught_signals const&) = delete;
    caught_signals& operator=(caught_signals const&) = delete;

    /// The next one; its number is 0 if none came until `deadline`.
    [[nodiscard]] siginfo_t next(clock::time_point deadline) const
    {
        auto const left = std::max(deadline - clock::now(), clock::duration::zero());
        auto const whole = std::chrono::floor<std::chrono::seconds>(left);
        timespec const limit{whole.count(), std::chrono::nanoseconds(left - whole).count()};
        siginfo_t which{};
        if (sigtimedwait(&caught_, &which, &limit) < 0)
            which.si_signo = 0;
        return which;
    }

    [[nodiscard]] sigset_t const& before() const { return before_; }

private:
    sigset_t caught_{};
    sigset_t before_{};
};

/// The process, with the signals that were not blocked before; or why there is none.
result<pid_t> start(std::vector<std::string> const& command, sigset_t const& blocked)
{
    std::vector<char*> arguments;
    for (auto const& each : command)
        arguments.push_back(const_cast<char*>(each.c_str()));  // which exec does not change
    arguments.push_back(nullptr);
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&how, &blocked);
    pid_t process = -1;
    auto const error =
        posix_spawnp(&process, arguments[0], nullptr, &how, arguments.data(), environ);
    posix_spawnattr_destroy(&how);
    if (error != 0)
        return problem{0, fmt::format("cannot run {}: {}", command[0], std::strerror(error))};
    return result<pid_t>(boost::system::in_place_value, process);
}

/// Waits until the process has ended; its status.
int follow(pid_t process, caught_signals const& signals, client::server server,
           std::string const& lease, milliseconds beat)
{
    auto next_beat = clock::now() + beat;
    for (;;) {
        auto const signal = signals.next(next_beat);
        // One that the kernel sends comes from the terminal, which sent it to the process too.
        if (signal.si_signo != 0 && signal.si_signo != SIGCHLD && signal.si_code != SI_KERNEL)
            kill(process, signal.si_signo);
        int how = 0;
        if (waitpid(process, &how, WNOHANG) == process)
            return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
        if (clock::now() < next_beat)
            continue;
        // Whether the lease lasted is seen when it is ended.
        static_cast<void>(server.renew_lease(lease));
        next_beat = clock::now() + beat;
    }
}

}  // namespace

result<lease_run_end> run_under_lease(client::server_config const& where, std::int64_t ttl_ms,
                                      std::vector<std::string> const& command)
{
    client::server server(where);
    auto const lease = server.open_lease(ttl_ms);
    if (!lease)
        return lease.error();
    setenv("ACONITE_LEASE", lease->id.c_str(), 1);

    auto const beat = milliseconds(std::max<std::int64_t>(ttl_ms / 3, 1));
    auto hasty = where;  // a server that hangs shall not keep signals from the command
    hasty.connect_timeout = std::min(hasty.connect_timeout, beat);
    hasty.answer_timeout = std::min(hasty.answer_timeout, beat);

    lease_run_end end;
    caught_signals const signals;
    auto const process = start(command, signals.before());
    if (process)
        end.status = follow(*process, signals, client::server(hasty), lease->id, beat);
    else
        end = {127, false, process.error().text};
    if (auto const ended = server.end_lease(lease->id); !ended && end.complaint.empty())
        end.complaint = "the lease did not last until the end: " + ended.error().text;
    return end;
}

}  // namespace aconite::cli
