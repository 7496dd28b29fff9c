#include "clients/experiment/probes/child.hpp"

#include "clients/experiment/probes/descriptor.hpp"
#include "clients/experiment/probes/faults.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace aconite::experiment {
namespace {

constexpr std::size_t child_errors_max = 4096;

/// Both ends of a pipe; ours does not block.
struct child_pipe {
    descriptor ours;
    descriptor its;
    child_pipe()
    {
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return;
        ours.reset(ends[0]);
        its.reset(ends[1]);
        ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
    }
};

/// What posix_spawn is told: freed with it.
class spawn_plan {
public:
    spawn_plan(child_command const& what, int output, int errors)
    {
        ::posix_spawn_file_actions_init(&files_);
        ::posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&files_, errors, STDERR_FILENO);
        if (!what.folder.empty())
            ::posix_spawn_file_actions_addchdir_np(&files_, what.folder.c_str());
        ::posix_spawnattr_init(&attributes_);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                                     POSIX_SPAWN_SETSIGDEF);
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        for (auto const each : {SIGPIPE, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGCHLD})
            ::sigaddset(&signals, each);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    }
    ~spawn_plan()
    {
        ::posix_spawn_file_actions_destroy(&files_);
        ::posix_spawnattr_destroy(&attributes_);
    }
    spawn_plan(spawn_plan const&) = delete;
    spawn_plan& operator=(spawn_plan const&) = delete;

    /// An errno.
    int start(std::vector<std::string> words, pid_t& into)
    {
        std::vector<char*> plain;
        for (auto& each : words)
            plain.push_back(each.data());
        plain.push_back(nullptr);
        return ::posix_spawnp(&into, plain[0], &files_, &attributes_, plain.data(), environ);
    }

private:
    posix_spawn_file_actions_t files_;
    posix_spawnattr_t attributes_;
};

/// Reads what there is. False once there will be no more.
bool drain(int from, std::string& into, std::size_t most, bool keep_end, bool& too_long)
{
    char part[16384];
    while (true) {
        auto const size = ::read(from, part, sizeof part);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            return size < 0 && errno == EAGAIN;
        auto count = static_cast<std::size_t>(size);
        if (!keep_end && count > most - into.size()) {
            too_long = true;
            count = most - into.size();
        }
        into.append(part, count);
        if (keep_end && into.size() > most)
            into.erase(0, into.size() - most);
        if (too_long)
            return false;
    }
}

/// Reads until the child has ended, or the time is over, or it has said too much.
bool follow_child(child_pipe const& output, child_pipe const& errors, int end,
                  deadline const& until, child_end& into)
{
    pollfd wanted[] = {
        {output.ours.get(), POLLIN, 0}, {errors.ours.get(), POLLIN, 0}, {end, POLLIN, 0}};
    while (true) {
        auto const ready = ::poll(wanted, 3, until.left_ms());
        if (ready < 0 && errno != EINTR)
            return false;
        bool none = false;
        if (wanted[0].fd >= 0 &&
            !drain(wanted[0].fd, into.output, child_output_max, false, into.too_long))
            wanted[0].fd = -1;
        if (wanted[1].fd >= 0 && !drain(wanted[1].fd, into.errors, child_errors_max, true, none))
            wanted[1].fd = -1;
        if (into.too_long)
            return false;
        if (ready > 0 && wanted[2].revents != 0) {
            // What it wrote before its end may have come after our last look.
            if (wanted[0].fd >= 0)
                drain(wanted[0].fd, into.output, child_output_max, false, into.too_long);
            if (wanted[1].fd >= 0)
                drain(wanted[1].fd, into.errors, child_errors_max, true, none);
            return true;
        }
        if (until.passed())
            return false;
    }
}

}  // namespace

result<child_end> run_child(child_command const& what, deadline const& until)
{
    if (what.words.empty() || what.words[0].empty())
        return wrong("command", "is empty");
    child_pipe output;
    child_pipe errors;
    if (!output.ours || !errors.ours)
        return absent(what.words[0], std::generic_category().message(errno));
    pid_t child = 0;
    if (auto const error =
            spawn_plan(what, output.its.get(), errors.its.get()).start(what.words, child);
        error != 0)
        return wrong(what.words[0], "cannot be started: " + std::generic_category().message(error));
    output.its.reset();
    errors.its.reset();
    descriptor const end(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    child_end made;
    bool const ended = end && follow_child(output, errors, end.get(), until, made);
    // Not awaited yet, so that its number, which is the group's, belongs to nobody else.
    ::kill(-child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (!end)
        return absent(what.words[0], "this kernel has no pidfd_open");
    if (ended)
        made.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return made;
}

}  // namespace aconite::experiment
