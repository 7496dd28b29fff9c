#include "clients/experiment/run/undo_log.hpp"

#include "clients/experiment/actions/action.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <utility>

namespace aconite::experiment {
namespace {

problem cannot(std::string_view what, std::filesystem::path const& file)
{
    return {0, fmt::format("cannot {} {}: {}", what, file.string(), std::strerror(errno))};
}

result<void> undo_record(json const& record, surroundings const& where)
{
    auto const name = record.value("kind", "");
    for (auto const& kind : undo_kinds())
        if (kind.name == name)
            return kind.undo(record, where);
    return problem{0, fmt::format("nothing is known of how to undo '{}'", name)};
}

/// The lines of such a file. A last one that was cut off had not been acted on yet.
std::vector<json> lines_of(std::filesystem::path const& file)
{
    std::vector<json> lines;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        auto read = json::parse(line, nullptr, false);
        if (read.is_object())
            lines.push_back(std::move(read));
    }
    return lines;
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
    auto const lines = lines_of(file);
    std::set<std::size_t> done;
    std::vector<json const*> records;
    surroundings where;
    for (auto const& line : lines)
        if (line.contains("undone"))
            done.insert(line["undone"].get<std::size_t>());
        else if (line.contains("undo"))
            records.push_back(&line["undo"]);
        else
            where.docker_socket = line.value("docker_socket", "");
    for (auto i = records.size(); i-- > 0;) {
        if (done.contains(i))
            continue;
        ++found.undone;
        if (only_look)
            continue;
        if (auto const undone = undo_record(*records[i], where); !undone) {
            found.problems.push_back(undone.error().text);
            --found.undone;
        }
    }
    if (!only_look && found.problems.empty())
        std::filesystem::remove(file);
    close(descriptor);
    return found;
}

}  // namespace

result<undo_log> undo_log::create(std::filesystem::path const& folder, std::string const& run,
                                  json head)
{
    std::error_code fault;
    std::filesystem::create_directories(folder, fault);
    auto const file = folder / (run + ".undo");
    int const descriptor =
        open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return cannot("create", file);
    flock(descriptor, LOCK_EX | LOCK_NB);  // nobody else knows it yet
    undo_log made(file, descriptor);
    if (!made.append(head))
        return cannot("write", file);
    return made;
}

undo_log::undo_log(std::filesystem::path file, int descriptor)
    : file_(std::move(file)), descriptor_(descriptor)
{}

undo_log::undo_log(undo_log&& from) noexcept
    : file_(std::move(from.file_)),
      descriptor_(std::exchange(from.descriptor_, -1)),
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

bool undo_log::append(json const& line)
{
    auto const text = line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    return write(descriptor_, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
           fsync(descriptor_) == 0;
}

result<std::size_t> undo_log::add(json record)
{
    if (!append({{"undo", record}}))
        return cannot("write", file_);
    records_.push_back(std::move(record));
    return {boost::system::in_place_value, records_.size() - 1};
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

std::vector<restored> restore_all(std::filesystem::path const& folder, bool only_look)
{
    std::vector<restored> all;
    std::error_code ignored;
    for (auto const& entry : std::filesystem::directory_iterator(folder, ignored))
        if (entry.path().extension() == ".undo")
            all.push_back(restore_one(entry.path(), only_look));
    return all;
}

std::filesystem::path state_folder()
{
    if (auto const* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != '\0')
        return std::filesystem::path(state) / "aconite";
    if (auto const* home = std::getenv("HOME"); home != nullptr && *home == '/')
        return std::filesystem::path(home) / ".local/state/aconite";
    return fmt::format("/var/tmp/aconite-{}", getuid());
}

}  // namespace aconite::experiment
