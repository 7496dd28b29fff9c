#include "clients/experiment/actions/process_id.hpp"

#include "clients/experiment/actions/record.hpp"
#include "proxy/net/number.hpp"

#include <aconite/text.hpp>

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

namespace aconite::experiment {
namespace {

struct process_stat {
    char state = '?';
    std::uint64_t start_time = 0;
};

std::string boot_id()
{
    std::string id;
    std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
    return id;
}

std::optional<process_stat> stat_of(std::int64_t pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    // The name, in brackets, may have blanks and brackets in it.
    auto const behind = text.rfind(')');
    if (behind == std::string::npos)
        return std::nullopt;
    std::istringstream rest(text.substr(behind + 1));
    process_stat found;
    rest >> found.state;
    std::string skipped;
    for (int i = 4; i < 22; ++i)  // fields as proc(5) numbers them
        rest >> skipped;
    rest >> found.start_time;
    return rest ? std::optional(found) : std::nullopt;
}

bool has_ended(process_stat const& stat)
{
    return stat.state == 'Z' || stat.state == 'X' || stat.state == 'x';
}

std::string error_text(int error)
{
    return std::generic_category().message(error);
}

/// Looks every 5 ms: the kernel tells nobody that a stranger stopped.
template <class Condition>
bool holds_within(std::chrono::milliseconds limit, Condition holds)
{
    auto const deadline = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= deadline)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

/// Closes itself. glibc 2.36 declares its calls for C only: they are made by number.
class process_handle {
public:
    explicit process_handle(std::int64_t pid)
        : descriptor_(static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0)))
    {}
    ~process_handle()
    {
        if (descriptor_ >= 0)
            ::close(descriptor_);
    }
    process_handle(process_handle const&) = delete;
    process_handle& operator=(process_handle const&) = delete;
    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_;
};

constexpr std::pair<int, std::string_view> signals[] = {
    {SIGHUP, "HUP"},   {SIGINT, "INT"},   {SIGQUIT, "QUIT"},  {SIGABRT, "ABRT"},
    {SIGKILL, "KILL"}, {SIGUSR1, "USR1"}, {SIGSEGV, "SEGV"},  {SIGUSR2, "USR2"},
    {SIGPIPE, "PIPE"}, {SIGALRM, "ALRM"}, {SIGTERM, "TERM"},  {SIGCONT, "CONT"},
    {SIGSTOP, "STOP"}, {SIGTSTP, "TSTP"}, {SIGWINCH, "WINCH"}};

}  // namespace

json to_json(process_id const& of)
{
    return {{"pid", of.pid}, {"start_time", of.start_time}, {"boot", of.boot}};
}

std::optional<process_id> process_id_of(json const& record)
{
    process_id found{record_whole(record, "pid"),
                     static_cast<std::uint64_t>(record_whole(record, "start_time")),
                     record_text(record, "boot")};
    return found.pid > 0 ? std::optional(found) : std::nullopt;
}

std::optional<process_id> process_with(std::int64_t pid)
{
    if (pid <= 0)
        return std::nullopt;
    auto const stat = stat_of(pid);
    if (!stat || has_ended(*stat))
        return std::nullopt;
    return process_id{pid, stat->start_time, boot_id()};
}

bool lives(process_id const& process)
{
    return process_with(process.pid) == process;
}

bool is_stopped(process_id const& process)
{
    auto const stat = stat_of(process.pid);
    return stat && stat->start_time == process.start_time && stat->state == 'T';
}

result<process_id> process_by_file(std::filesystem::path const& file)
{
    auto const told = "pid_file " + printable(file.string());
    std::ifstream in(file);
    std::string word;
    if (!in)
        return problem{404, told + " cannot be read: " + error_text(errno)};
    in >> word;
    auto const pid = number_in<std::int64_t>(word);
    if (!pid || *pid <= 0)
        return problem{404, told + " does not begin with the number of a process"};
    auto const process = process_with(*pid);
    if (!process)
        return problem{404, told + ": there is no process " + word};
    struct stat written {};
    timespec now{};
    timespec up{};
    if (::stat(file.c_str(), &written) == 0 && ::clock_gettime(CLOCK_REALTIME, &now) == 0 &&
        ::clock_gettime(CLOCK_BOOTTIME, &up) == 0) {
        auto const ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
        auto const began = static_cast<double>(now.tv_sec - up.tv_sec) +
                           static_cast<double>(process->start_time) / ticks;
        // A start is known to a second, and a daemon may write the file before its last fork.
        if (began > static_cast<double>(written.st_mtim.tv_sec) + 5)
            return problem{404,
                           told + " is older than process " + word + ", which is another one then"};
    }
    return *process;
}

result<void> send_signal(process_id const& process, int signal, bool to_group)
{
    auto const told = "process " + std::to_string(process.pid);
    if (process.pid == ::getpid() || process.pid == 1)
        return problem{
            400, told + " is " +
                     (process.pid == 1 ? "the machine's first one" : "the experiment itself") +
                     ": it gets no signal"};
    // From here on the handle stands for one process, whatever its number is given to.
    process_handle const handle(process.pid);
    auto const handle_error = errno;
    if (!lives(process))
        return problem{404, told + " has ended"};
    int failed = 0;
    if (to_group)
        failed = ::kill(static_cast<pid_t>(-process.pid), signal);
    else if (handle.get() >= 0)
        failed =
            static_cast<int>(::syscall(SYS_pidfd_send_signal, handle.get(), signal, nullptr, 0));
    else if (handle_error == ENOSYS)
        failed = ::kill(static_cast<pid_t>(process.pid), signal);
    else
        return problem{404, told + ": " + error_text(handle_error)};
    if (failed == 0)
        return {};
    auto const error = errno;
    if (error == ESRCH)
        return problem{404, told + " has ended"};
    return problem{403,
                   told + ": " + signal_name(signal) + " cannot be sent: " + error_text(error)};
}

bool is_over_within(process_id const& process, std::chrono::milliseconds limit)
{
    return holds_within(limit, [&] { return !lives(process); });
}

std::optional<int> exit_status_of(process_id const& process)
{
    siginfo_t end{};
    if (::waitid(P_PID, static_cast<id_t>(process.pid), &end, WEXITED | WNOHANG | WNOWAIT) != 0 ||
        end.si_pid != process.pid)
        return std::nullopt;
    return end.si_code == CLD_EXITED ? end.si_status : 128 + end.si_status;
}

bool ends_within(process_id const& process, std::chrono::milliseconds limit)
{
    if (!is_over_within(process, limit))
        return false;
    if (stat_of(process.pid))
        ::waitpid(static_cast<pid_t>(process.pid), nullptr, WNOHANG);  // refused if it is not ours
    return true;
}

bool stops_within(process_id const& process, std::chrono::milliseconds limit)
{
    return holds_within(limit, [&] { return is_stopped(process) || !lives(process); }) &&
           is_stopped(process);
}

std::optional<int> read_signal(std::string_view text)
{
    if (auto const number = number_in<int>(text); number && *number > 0 && *number < NSIG)
        return number;
    if (text.starts_with("SIG"))
        text.remove_prefix(3);
    for (auto const& [number, name] : signals)
        if (name == text)
            return number;
    return std::nullopt;
}

std::string signal_name(int signal)
{
    for (auto const& [number, name] : signals)
        if (number == signal)
            return "SIG" + std::string(name);
    return "signal " + std::to_string(signal);
}

}  // namespace aconite::experiment
