#pragma once

#include <aconite/problem.hpp>

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace aconite::experiment {

/// What is started as a command.
struct command_line {
    std::vector<std::string> words;                    ///< at least the program
    std::filesystem::path folder{};                    ///< where it runs; empty: here
    std::map<std::string, std::string> environment{};  ///< beside our own
};

/// A command in a process group of its own, from its start to its end. Made, asked and stopped by
/// one thread, which lives as long as the command: when that ends, the command gets a SIGTERM.
class command_group {
public:
    static constexpr std::size_t output_bytes = 4'096;

    /// A problem if it cannot be started: no such program, no such folder.
    static result<std::unique_ptr<command_group>> spawn(command_line const& what);
    ~command_group();
    command_group(command_group const&) = delete;
    command_group& operator=(command_group const&) = delete;

    [[nodiscard]] bool running() const;

    struct end {
        int status = 0;        ///< its exit status, 128 + the number of the signal that ended it
        int signal = 0;        ///< that number, or 0
        bool stopped = false;  ///< it was still there when it was to stop
        std::string output{};  ///< the last `output_bytes` of what it printed
    };
    /// SIGTERM to the whole group, and SIGKILL to what is left of it after `grace`.
    end stop(std::chrono::milliseconds grace);

private:
    command_group(pid_t process, int output);
    void follow();
    bool read_output();
    void look_at_process();

    pid_t process_;
    int output_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::string tail_;
    bool silent_ = false;  ///< nobody holds its output any more
    bool exited_ = false;  ///< but it is not reaped, so that its number is not given to another
    bool quit_ = false;
    bool reaped_ = false;
    int status_ = 0;
    int signal_ = 0;
    std::thread follower_;
};

}  // namespace aconite::experiment
