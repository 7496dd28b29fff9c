#include "clients/experiment/load/command_group.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>
#include <utility>

namespace aconite::experiment {
namespace {

constexpr std::chrono::milliseconds look_every{20};
/// How long a process that got a SIGKILL is waited for, and the rest of its output.
constexpr std::chrono::seconds kill_wait{5};
constexpr std::chrono::milliseconds output_wait{200};

/// What the new process needs; made before it is, since it may not allocate.
struct new_process {
    std::vector<std::string> texts{};
    std::vector<char*> words{};
    std::vector<char*> environment{};
    std::string folder{};
    int output = -1;
    int report = -1;
    pid_t parent = 0;
};

new_process prepare(command_line const& what)
{
    new_process made;
    made.folder = what.folder.string();
    made.texts = what.words;
    for (char** each = environ; *each != nullptr; ++each) {
        std::string_view const text = *each;
        if (!what.environment.contains(std::string(text.substr(0, text.find('=')))))
            made.texts.emplace_back(text);
    }
    for (auto const& [name, value] : what.environment)
        made.texts.push_back(std::string(name).append("=").append(value));
    for (std::size_t index = 0; index < made.texts.size(); ++index)
        (index < what.words.size() ? made.words : made.environment)
            .push_back(made.texts[index].data());
    made.words.push_back(nullptr);
    made.environment.push_back(nullptr);
    made.parent = ::getpid();
    return made;
}

/// In the new process, where only what is async-signal-safe is allowed.
[[noreturn]] void become(new_process const& what)
{
    auto const fail = [&](char step) {
        auto const fault = errno;
        std::array<char, 1 + sizeof fault> message{step};
        std::memcpy(message.data() + 1, &fault, sizeof fault);
        (void)!::write(what.report, message.data(), message.size());
        ::_exit(127);
    };
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != what.parent)
        ::_exit(127);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (auto const each : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT})
        ::signal(each, SIG_DFL);
    auto const nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    ::dup2(nothing, 0);
    ::dup2(what.output, 1);
    ::dup2(what.output, 2);
    // Libraries open sockets that would be inherited, and so held open.
    if (::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
        for (int each = 3; each < 1'024; ++each)
            ::fcntl(each, F_SETFD, FD_CLOEXEC);
    if (!what.folder.empty() && ::chdir(what.folder.c_str()) != 0)
        fail('f');
    ::execvpe(what.words[0], what.words.data(), what.environment.data());
    fail('p');
    ::_exit(127);
}

problem cannot_start(std::string_view what, int fault)
{
    return {400, fmt::format("command: {}: {}", what, std::generic_category().message(fault))};
}

}  // namespace

command_group::command_group(pid_t process, int output) : process_(process), output_(output)
{
    follower_ = std::thread([this] { follow(); });
}

command_group::~command_group()
{
    stop({});
}

result<std::unique_ptr<command_group>> command_group::spawn(command_line const& what)
{
    int output[2];
    int report[2];
    if (::pipe2(output, O_CLOEXEC) != 0)
        return cannot_start("no pipe", errno);
    if (::pipe2(report, O_CLOEXEC) != 0) {
        auto const fault = errno;
        ::close(output[0]);
        ::close(output[1]);
        return cannot_start("no pipe", fault);
    }
    auto how = prepare(what);
    how.output = output[1];
    how.report = report[1];
    auto const process = ::fork();
    if (process == 0)
        become(how);
    auto const fault = errno;
    ::close(output[1]);
    ::close(report[1]);
    std::array<char, 1 + sizeof(int)> message{};
    ssize_t got = 0;
    if (process > 0) {
        // The end of the stream is that of the exec.
        while ((got = ::read(report[0], message.data(), message.size())) < 0 && errno == EINTR) {}
        ::setpgid(process, process);
    }
    ::close(report[0]);
    if (process < 0 || got > 0) {
        ::close(output[0]);
        if (process < 0)
            return cannot_start("no new process", fault);
        ::waitpid(process, nullptr, 0);
        int why = 0;
        std::memcpy(&why, message.data() + 1, sizeof why);
        return cannot_start(message[0] == 'f' ? how.folder : what.words[0], why);
    }
    ::fcntl(output[0], F_SETFL, O_NONBLOCK);
    try {
        return std::unique_ptr<command_group>(new command_group(process, output[0]));
    } catch (std::system_error const& error) {  // no thread to follow it
        ::kill(-process, SIGKILL);
        ::waitpid(process, nullptr, 0);
        ::close(output[0]);
        return cannot_start(what.words[0], error.code().value());
    }
}

bool command_group::running() const
{
    std::scoped_lock const lock(mutex_);
    return !exited_;
}

/// Takes what there is; false once nothing can come any more.
bool command_group::read_output()
{
    std::array<char, 4'096> part;
    for (;;) {
        auto const got = ::read(output_, part.data(), part.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 && errno == EAGAIN;
        std::scoped_lock const lock(mutex_);
        tail_.append(part.data(), static_cast<std::size_t>(got));
        if (tail_.size() > 2 * output_bytes)
            tail_.erase(0, tail_.size() - output_bytes);
    }
}

void command_group::look_at_process()
{
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        info.si_pid == 0)
        return;
    std::scoped_lock const lock(mutex_);
    exited_ = true;
    signal_ = info.si_code == CLD_EXITED ? 0 : info.si_status;
    status_ = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

void command_group::follow()
{
    for (;;) {
        pollfd at{output_, POLLIN, 0};
        bool exited = false;
        bool silent = false;
        {
            std::scoped_lock const lock(mutex_);
            exited = exited_;
            silent = silent_;
            if (quit_)
                return;
        }
        if (exited && silent)
            return;
        ::poll(&at, silent ? 0 : 1, static_cast<int>(look_every.count()));
        // First the process: what it printed before its end is read behind it.
        if (!exited)
            look_at_process();
        auto const more = silent || read_output();
        std::scoped_lock const lock(mutex_);
        silent_ = silent_ || !more;
        changed_.notify_all();
    }
}

command_group::end command_group::stop(std::chrono::milliseconds grace)
{
    std::unique_lock lock(mutex_);
    auto const stopped = !exited_;
    if (!reaped_) {
        ::kill(-process_, SIGTERM);
        changed_.wait_for(lock, grace, [this] { return exited_ && silent_; });
        ::kill(-process_, SIGKILL);
        changed_.wait_for(lock, kill_wait, [this] { return exited_; });
        changed_.wait_for(lock, output_wait, [this] { return silent_; });
        quit_ = true;
        lock.unlock();
        follower_.join();
        ::waitpid(process_, nullptr, WNOHANG);
        ::close(output_);
        lock.lock();
        reaped_ = true;
    }
    auto output = tail_;
    if (output.size() > output_bytes)
        output.erase(0, output.size() - output_bytes);
    return {status_, signal_, stopped, std::move(output)};
}

}  // namespace aconite::experiment
