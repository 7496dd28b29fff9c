#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace aconite::experiment {

/// What a process of the experiment is: one of these is set, or `command` alone.
struct process_target {
    std::filesystem::path pid_file{};
    std::int64_t pid = 0;
    std::uint16_t port = 0;              ///< whoever listens on it
    std::vector<std::string> command{};  ///< starts it again, or for the first time
    bool run = false;                    ///< the experiment itself starts it, and ends it
    std::filesystem::path folder{};      ///< where it runs; empty: the file's
    std::map<std::string, std::string> environment{};  ///< beside our own
};

/// Something that faults are aimed at, by its name in the file.
struct target {
    std::string name;
    std::string server{};     ///< of `proxy`: a name in `servers`; empty: the first
    std::string proxy{};      ///< in front of it; empty: none
    std::string container{};  ///< empty: none
    process_target process{};
    [[nodiscard]] bool has_process() const
    {
        return !process.pid_file.empty() || process.pid != 0 || process.port != 0 ||
               !process.command.empty();
    }
};

}  // namespace aconite::experiment
