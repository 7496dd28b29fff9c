#include "clients/experiment/actions/child.hpp"

#include <aconite/text.hpp>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/close_range.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <system_error>
#include <thread>

extern char** environ;

namespace aconite::experiment {
namespace {

/// A pipe whose ends close themselves, and in every program that is run.
class closing_pipe {
public:
    closing_pipe() { made_ = ::pipe2(ends_.data(), O_CLOEXEC) == 0; }
    ~closing_pipe()
    {
        close_end(0);
        close_end(1);
    }
    closing_pipe(closing_pipe const&) = delete;
    closing_pipe& operator=(closing_pipe const&) = delete;
    [[nodiscard]] bool made() const { return made_; }
    [[nodiscard]] int end(std::size_t which) const { return ends_[which]; }
    void close_end(std::size_t which)
    {
        if (ends_[which] >= 0)
            ::close(ends_[which]);
        ends_[which] = -1;
    }

private:
    std::array<int, 2> ends_{-1, -1};
    bool made_ = false;
};

/// What stands in the way, told by the child in its last bytes.
struct exec_fault {
    int step = 0;  ///< 1: the folder, 2: the output, 3: the program
    int error = 0;
};

/// All that the child needs, made before the fork: behind it nothing may be allocated.
struct exec_plan {
    std::vector<char*> arguments;
    std::vector<std::string> variables;
    std::vector<char*> environment;
    char const* folder = nullptr;
    char const* output = "/dev/null";
};

exec_plan exec_plan_of(child_plan const& plan)
{
    exec_plan out;
    for (auto const& word : plan.command)
        out.arguments.push_back(const_cast<char*>(word.c_str()));
    out.arguments.push_back(nullptr);
    for (auto** each = environ; each != nullptr && *each != nullptr; ++each) {
        std::string const variable(*each);
        if (!plan.environment.contains(variable.substr(0, variable.find('='))))
            out.variables.push_back(variable);
    }
    for (auto const& [name, text] : plan.environment)
        out.variables.push_back(std::string(name).append("=").append(text));
    for (auto& each : out.variables)
        out.environment.push_back(each.data());
    out.environment.push_back(nullptr);
    if (!plan.folder.empty())
        out.folder = plan.folder.c_str();
    if (!plan.output.empty())
        out.output = plan.output.c_str();
    return out;
}

/// In the child. Waits until it may go on; only calls that are safe behind a fork of threads.
[[noreturn]] void become(exec_plan const& plan, int go, int told)
{
    exec_fault fault;
    ::setsid();
    char word = 0;
    ssize_t got = 0;
    while ((got = ::read(go, &word, 1)) < 0 && errno == EINTR) {}
    if (got != 1)  // nobody is there who knows of us
        ::_exit(127);
    auto const give_up = [&](int step) {
        fault = {step, errno};
        [[maybe_unused]] auto const written = ::write(told, &fault, sizeof fault);
        ::_exit(127);
    };
    if (plan.folder != nullptr && ::chdir(plan.folder) != 0)
        give_up(1);
    auto const in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    auto const out = ::open(plan.output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (in < 0 || out < 0 || ::dup2(in, 0) < 0 || ::dup2(out, 1) < 0 || ::dup2(out, 2) < 0)
        give_up(2);
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (int const each : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGQUIT})
        ::signal(each, SIG_DFL);
    ::execvpe(plan.arguments.front(), plan.arguments.data(), plan.environment.data());
    give_up(3);
    ::_exit(127);
}

problem why_no_child(child_plan const& plan, exec_fault const& fault)
{
    auto const why = std::generic_category().message(fault.error);
    if (fault.step == 1)
        return {400, "folder " + printable(plan.folder.string()) + ": " + why};
    if (fault.step == 2)
        return {500, "output " + printable(plan.output.string()) + ": " + why};
    return {400, "'" + printable(plan.command.front()) + "' cannot be run: " + why};
}

}  // namespace

result<process_id> start_child(child_plan const& plan,
                               std::function<result<void>(process_id const&)> const& before_it_runs)
{
    if (plan.command.empty() || plan.command.front().empty())
        return problem{400, "a command has no program"};
    if (!plan.output.empty()) {
        std::error_code error;
        std::filesystem::create_directories(plan.output.parent_path(), error);
    }
    auto const to_run = exec_plan_of(plan);
    // One at a time: a child that waits would hold the pipes of others open.
    static std::mutex one_at_a_time;
    std::scoped_lock const lock(one_at_a_time);
    closing_pipe go;
    closing_pipe told;
    if (!go.made() || !told.made())
        return problem{500, "no pipe: " + std::generic_category().message(errno)};
    auto const pid = ::fork();
    if (pid < 0)
        return problem{500, "no process: " + std::generic_category().message(errno)};
    if (pid == 0) {
        ::close(go.end(1));  // else it would wait for itself
        become(to_run, go.end(0), told.end(1));
    }
    told.close_end(1);  // our end for reading `go` stays: no SIGPIPE if the child is gone
    auto const take_leave = [&] {
        go.close_end(1);
        while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {}
    };
    auto const process = process_with(pid);
    if (!process) {
        take_leave();
        return problem{500, "a process that was started cannot be seen in /proc"};
    }
    if (before_it_runs)
        if (auto const may = before_it_runs(*process); !may) {
            take_leave();
            return may.error();
        }
    exec_fault fault;
    ssize_t got = ::write(go.end(1), "g", 1);
    if (got == 1)
        while ((got = ::read(told.end(0), &fault, sizeof fault)) < 0 && errno == EINTR) {}
    if (got == 0)  // closed by the program that runs now
        return *process;
    take_leave();
    return why_no_child(plan, fault);
}

result<child_end> run_child(child_plan const& plan, std::chrono::milliseconds limit,
                            std::function<bool()> const& stopped)
{
    auto const process = start_child(plan);
    if (!process)
        return process.error();
    auto const pid = static_cast<pid_t>(process->pid);
    auto const deadline = std::chrono::steady_clock::now() + limit;
    child_end end;
    int status = 0;
    pid_t ended = 0;
    while ((ended = ::waitpid(pid, &status, WNOHANG)) == 0) {
        end.stopped = end.stopped || (end.in_time && stopped && stopped());
        if (end.in_time && (end.stopped || std::chrono::steady_clock::now() >= deadline)) {
            ::kill(-pid, SIGKILL);  // it is our child: its number is not another one's
            end.in_time = false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    if (ended < 0)
        return problem{500, "'" + printable(plan.command.front()) +
                                "' cannot be waited for: somebody else did"};
    end.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return end;
}

}  // namespace aconite::experiment
