#pragma once

#include "clients/experiment/run/progress.hpp"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string_view>
#include <thread>

namespace aconite::experiment {

/// What is in a report's folder as long as the run goes on.
inline constexpr std::string_view live_file_name = "live.txt";

/// Keeps the lines of the live view in a file, anew each second, for who watches from elsewhere
/// (`aconite report --serve`). Gone with the object; what cannot be written is not.
class live_file {
public:
    live_file(progress const& of, std::filesystem::path const& folder);
    ~live_file();
    live_file(live_file const&) = delete;
    live_file& operator=(live_file const&) = delete;

private:
    void write_all();

    progress const& of_;
    std::filesystem::path file_;
    time_point begin_;
    std::mutex mutex_;
    std::condition_variable ends_;
    bool over_ = false;
    std::thread writes_;
};

}  // namespace aconite::experiment
