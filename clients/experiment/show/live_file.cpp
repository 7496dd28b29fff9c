#include "clients/experiment/show/live_file.hpp"

#include "clients/experiment/report/folder.hpp"
#include "clients/experiment/show/live_lines.hpp"

#include <chrono>
#include <string>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

constexpr auto written_every = 1s;

}  // namespace

live_file::live_file(progress const& of, std::filesystem::path const& folder)
    : of_(of),
      file_(folder / live_file_name),
      begin_(std::chrono::steady_clock::now()),
      writes_([this] { write_all(); })
{}

live_file::~live_file()
{
    {
        std::scoped_lock const lock(mutex_);
        over_ = true;
    }
    ends_.notify_all();
    writes_.join();
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
}

void live_file::write_all()
{
    std::unique_lock lock(mutex_);
    do {
        lock.unlock();
        std::string text;
        for (auto const& line : live_lines(of_, std::chrono::steady_clock::now(), begin_))
            text += line + "\n";
        static_cast<void>(write_whole(file_, text));
        lock.lock();
    } while (!ends_.wait_for(lock, written_every, [this] { return over_; }));
}

}  // namespace aconite::experiment
