#include "clients/experiment/run/undo_log.hpp"

#include "clients/experiment/actions/action.hpp"
#include "clients/experiment/actions/record.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <map>
#include <utility>

namespace aconite::experiment {
namespace {

problem cannot(std::string_view what, std::filesystem::path const& file)
{
    return {0, fmt::format("cannot {} {}: {}", what, file.string(), std::strerror(errno))};
}

/// Never throws: what is wrong with one record keeps no other from being undone.
result<void> undo_record(json const& record, surroundings const& where)
{
    auto const name = record_text(record, "kind");
    try {
        for (auto const& kind : undo_kinds())
            if (kind.name == name)
                return kind.undo(record, where);
    } catch (std::exception const& fault) {
        return problem{0, fmt::format("undoing '{}': {}", name, fault.what())};
    }
    return problem{0, fmt::format("nothing is known of how to undo '{}'", name)};
}

/// What such a file says.
struct left_over {
    std::map<std::int64_t, json> records{};  ///< by their numbers, those that are not undone
    surroundings where{};
};

/// A line that was cut off had not been acted on yet, and is passed over.
left_over left_over_in(std::filesystem::path const& file)
{
    left_over found;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        auto read = json::parse(line, nullptr, false);
        if (!read.is_object())
            continue;
        if (read.contains("undone"))
            found.records.erase(record_whole(read, "undone"));
        else if (read.contains("undo"))
            found.records[record_whole(read, "number")] = std::move(read["undo"]);
        else if (found.where.docker_socket.empty())
            found.where.docker_socket = record_text(read, "docker_socket");
    }
    return found;
}

restored restore_one(std::filesystem::path const& file, bool only_look)
{
    restored found{.run = file.stem().string()};
    int const descriptor = open(file.c_str(), O_RDWR | O_CLOEXEC);
    if (descriptor < 0 || flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        found.running = descriptor >= 0;
        if (descriptor < 0)
            found.problems.push_back(cannot("open", file).text);
        else
            close(descriptor);
        return found;
    }
    auto const left = left_over_in(file);
    found.undone = left.records.size();
    if (!only_look) {
        for (auto each = left.records.rbegin(); each != left.records.rend(); ++each)
            if (auto const undone = undo_record(each->second, left.where); !undone)
                found.problems.push_back(undone.error().text);
        found.undone -= found.problems.size();
        if (std::error_code fault;
            found.problems.empty() && !std::filesystem::remove(file, fault) && fault)
            found.problems.push_back(
                fmt::format("cannot remove {}: {}", file.string(), fault.message()));
    }
    close(descriptor);
    return found;
}

}  // namespace

result<undo_log> undo_log::create(std::filesystem::path const& folder, std::string const& run,
                                  json head)
{
    std::error_code fault;
    std::filesystem::create_directories(folder, fault);
    if (fault)
        return problem{0,
                       fmt::format("the folder for what `aconite restore` would undo, {}, cannot "
                                   "be made: {}; --state names another one",
                                   folder.string(), fault.message())};
    auto const file = folder / (run + ".undo");
    if (std::filesystem::exists(file, fault))
        return problem{0, fmt::format("{} is there already", file.string())};
    // Nobody finds it before it is locked: an unlocked one is that of a run that has ended.
    auto const draft = folder / (run + ".new");
    int const descriptor =
        open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return problem{0,
                       fmt::format("the folder for what `aconite restore` would undo, {}, cannot "
                                   "be written to: {}; --state names another one",
                                   folder.string(), std::strerror(errno))};
    undo_log made(draft, descriptor);  // which takes it away again, should the rest fail
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0)
        return cannot("lock", draft);
    if (!made.append(head))
        return cannot("write", file);
    if (rename(draft.c_str(), file.c_str()) != 0)
        return cannot("create", file);
    made.file_ = file;
    return made;
}

undo_log::undo_log(std::filesystem::path file, int descriptor)
    : file_(std::move(file)), descriptor_(descriptor)
{}

undo_log::undo_log(undo_log&& from) noexcept
    : file_(std::move(from.file_)),
      descriptor_(std::exchange(from.descriptor_, -1)),
      torn_(from.torn_),
      records_(std::move(from.records_))
{}

undo_log::~undo_log()
{
    if (descriptor_ < 0)
        return;
    std::error_code ignored;
    if (empty())
        std::filesystem::remove(file_, ignored);
    close(descriptor_);
}

/// What a write that failed has left of its line, as on a full disk, ends where the next one
/// begins.
bool undo_log::append(json const& line)
{
    auto const text =
        (torn_ ? "\n" : "") + line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    std::string_view rest = text;
    while (!rest.empty()) {
        auto const written = write(descriptor_, rest.data(), rest.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            torn_ = torn_ || rest.size() < text.size();
            return false;
        }
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    torn_ = false;
    return fsync(descriptor_) == 0;
}

result<std::size_t> undo_log::add(json record)
{
    auto const number = records_.size();
    if (!append({{"number", number}, {"undo", record}})) {
        auto why = cannot("write", file_);
        records_.emplace_back();  // its number is spent: it may be on the disk for all that
        return why;
    }
    records_.push_back(std::move(record));
    return {boost::system::in_place_value, number};
}

void undo_log::forget(std::size_t number)
{
    records_[number] = nullptr;
    append({{"undone", number}});
}

std::vector<problem> undo_log::undo(std::vector<std::size_t> const& numbers,
                                    surroundings const& where)
{
    std::vector<problem> problems;
    for (auto at = numbers.rbegin(); at != numbers.rend(); ++at) {
        if (records_[*at].is_null())
            continue;
        if (auto const undone = undo_record(records_[*at], where); !undone)
            problems.push_back(undone.error());
        else
            forget(*at);
    }
    return problems;
}

std::vector<problem> undo_log::undo_all(surroundings const& where)
{
    std::vector<std::size_t> all(records_.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = i;
    return undo(all, where);
}

bool undo_log::empty() const
{
    for (auto const& each : records_)
        if (!each.is_null())
            return false;
    return true;
}

bool undo_log::is_left_only_at(std::set<std::string> const& urls) const
{
    return std::ranges::all_of(records_, [&](json const& each) {
        return each.is_null() || urls.contains(record_text(each, "server_url"));
    });
}

std::vector<restored> restore_all(std::filesystem::path const& folder, bool only_look)
{
    std::vector<restored> all;
    std::error_code ignored;
    for (auto const& entry : std::filesystem::directory_iterator(folder, ignored))
        if (entry.path().extension() == ".undo")
            all.push_back(restore_one(entry.path(), only_look));
    return all;
}

std::filesystem::path state_folder(state_use use)
{
    namespace fs = std::filesystem;
    if (auto const* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != '\0')
        return fs::path(state) / "aconite";
    auto const without_home = fs::path(fmt::format("/var/tmp/aconite-{}", getuid()));
    auto const* home = std::getenv("HOME");
    if (home == nullptr || *home != '/')
        return without_home;
    auto const of_home = fs::path(home) / ".local/state/aconite";
    std::error_code fault;
    if (use == state_use::looked_at)
        return !fs::exists(of_home, fault) && fs::exists(without_home, fault) ? without_home
                                                                              : of_home;
    // Of a user without a home there is none, though it has a name.
    fs::create_directories(of_home, fault);
    return fault ? without_home : of_home;
}

}  // namespace aconite::experiment
