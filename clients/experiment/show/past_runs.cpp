#include "clients/experiment/show/past_runs.hpp"

#include "clients/experiment/report/escape.hpp"
#include "clients/experiment/report/folder.hpp"
#include "clients/experiment/show/live_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace aconite::experiment {
namespace {

constexpr std::int64_t file_bytes_max = 256 << 20;
constexpr std::string_view main_file = "report.json";

constexpr report_file served_files[] = {
    {"report.html", "text/html; charset=utf-8"}, {main_file, "application/json"},
    {"report.md", "text/plain; charset=utf-8"},  {"junit.xml", "text/xml; charset=utf-8"},
    {"journal.ndjson", "application/x-ndjson"},
};

/// A descriptor that is closed at the end.
struct opened {
    explicit opened(int given) : number(given) {}
    ~opened()
    {
        if (number >= 0)
            ::close(number);
    }
    opened(opened const&) = delete;
    opened& operator=(opened const&) = delete;
    int number;
};

/// One step down and no other way: no link, no path.
bool is_plain_name(std::string_view name)
{
    return !name.empty() && !name.starts_with('.') && name.size() <= 255 &&
           name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

/// A file of a folder of a folder. Links are not followed; what is no plain file is not there.
int open_in(int folder, std::string const& run, std::string const& name, struct stat& about)
{
    opened const inner(
        ::openat(folder, run.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (inner.number < 0)
        return -1;
    auto const file =
        ::openat(inner.number, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (file >= 0 && ::fstat(file, &about) == 0 && S_ISREG(about.st_mode))
        return file;
    if (file >= 0)
        ::close(file);
    return -1;
}

/// None if it cannot be read, or is too large.
std::optional<std::string> whole_text(int file)
{
    std::string text;
    std::array<char, 65536> part;
    for (;;) {
        auto const count = ::read(file, part.data(), part.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count == 0)
            return text;
        if (count < 0 || static_cast<std::int64_t>(text.size()) + count > file_bytes_max)
            return std::nullopt;
        text.append(part.data(), static_cast<std::size_t>(count));
    }
}

past_run run_of(std::string const& folder, std::optional<std::string> const& text)
{
    past_run run{folder};
    auto const report =
        text ? report_in(*text, main_file) : problem{500, "report.json cannot be read"};
    if (!report) {
        run.fault = report.error().text;
        return run;
    }
    run.name = text_of(*report, "name");
    run.verdict = text_of(*report, "verdict");
    run.started = text_of(*report, "started");
    run.duration_s = number_of(*report, "duration_s");
    return run;
}

}  // namespace

std::span<report_file const> report_files()
{
    return served_files;
}

result<past_runs> past_runs::in(std::filesystem::path const& folder)
{
    auto const descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return problem{404, one_line(folder.string()) + ": " + std::strerror(errno)};
    return past_runs(folder, descriptor);
}

past_runs::past_runs(past_runs&& from) noexcept
    : folder_(std::move(from.folder_)),
      descriptor_(std::exchange(from.descriptor_, -1)),
      known_(std::move(from.known_))
{}

past_runs::~past_runs()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

std::optional<past_run> past_runs::look_at(std::string const& name)
{
    struct stat about {};
    opened const file(open_in(descriptor_, name, std::string(main_file), about));
    if (file.number < 0)
        return look_at_live(name);
    auto const changed = std::int64_t{about.st_mtim.tv_sec} * 1'000'000'000 + about.st_mtim.tv_nsec;
    auto& known = known_[name];
    if (known.run.folder.empty() || known.changed_ns != changed || known.bytes != about.st_size)
        known = {changed, about.st_size, run_of(name, whole_text(file.number))};
    return known.run;
}

std::optional<past_run> past_runs::look_at_live(std::string const& name) const
{
    struct stat about {};
    opened const file(open_in(descriptor_, name, std::string(live_file_name), about));
    if (file.number < 0)
        return std::nullopt;
    past_run run{name};
    run.live = whole_text(file.number).value_or("");
    run.silent_s = std::max(std::time(nullptr) - about.st_mtim.tv_sec, std::time_t{0});
    return run.live.empty() ? std::nullopt : std::optional(std::move(run));
}

result<std::vector<past_run>> past_runs::list()
{
    // A descriptor of its own: reading a folder moves a position, and closing it closes that.
    auto const again = ::openat(descriptor_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    std::unique_ptr<DIR, int (*)(DIR*)> const entries(again < 0 ? nullptr : ::fdopendir(again),
                                                      &::closedir);
    if (!entries) {
        auto const why = errno;
        if (again >= 0)
            ::close(again);
        return problem{500, one_line(folder_.string()) + ": " + std::strerror(why)};
    }
    std::vector<past_run> runs;
    std::set<std::string> there;
    while (auto const* const entry = ::readdir(entries.get())) {
        std::string const name = entry->d_name;
        if (!is_plain_name(name))
            continue;
        if (auto run = look_at(name)) {
            runs.push_back(*std::move(run));
            there.insert(name);
        }
    }
    std::erase_if(known_, [&](auto const& each) { return !there.contains(each.first); });
    std::ranges::sort(runs, [](past_run const& a, past_run const& b) {
        auto const a_ended = a.live.empty();
        auto const b_ended = b.live.empty();
        return std::tie(b_ended, a.started, a.folder) > std::tie(a_ended, b.started, b.folder);
    });
    if (runs.size() > listed_max)
        runs.resize(listed_max);
    return runs;
}

result<std::string> past_runs::file(std::string_view run, std::string_view name) const
{
    auto const absent = problem{404, "there is no such file"};
    auto const served = std::ranges::find(served_files, name, &report_file::name);
    if (served == std::end(served_files) || !is_plain_name(run))
        return absent;
    struct stat about {};
    opened const file(open_in(descriptor_, std::string(run), std::string(name), about));
    if (file.number < 0)
        return absent;
    auto text = whole_text(file.number);
    if (!text)
        return problem{500, "the file cannot be read, or is larger than 256 MB"};
    return *std::move(text);
}

}  // namespace aconite::experiment
