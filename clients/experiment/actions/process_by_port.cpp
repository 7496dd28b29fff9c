#include "clients/experiment/actions/process_id.hpp"

#include "proxy/net/number.hpp"

#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

namespace aconite::experiment {
namespace {

/// `socket:[12345]` of those that listen on the port: the names that descriptors link to.
std::set<std::string> listening_sockets(std::uint16_t port)
{
    constexpr std::string_view listens = "0A";
    std::set<std::string> found;
    for (auto const* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        std::ifstream file(table);
        std::string line;
        std::getline(file, line);  // its heads
        while (std::getline(file, line)) {
            std::istringstream in(line);
            std::string row;
            std::string local;
            std::string remote;
            std::string state;
            in >> row >> local >> remote >> state;
            std::string skipped;
            std::string inode;
            for (int i = 0; i < 5; ++i)
                in >> skipped;
            in >> inode;
            auto const colon = local.rfind(':');
            std::uint16_t number = 0;
            if (!in || state != listens || colon == std::string::npos)
                continue;
            auto const* const end = local.data() + local.size();
            auto const read = std::from_chars(local.data() + colon + 1, end, number, 16);
            if (read.ec == std::errc() && read.ptr == end && number == port)
                found.insert("socket:[" + inode + "]");
        }
    }
    return found;
}

bool holds_one(std::filesystem::path const& process, std::set<std::string> const& sockets)
{
    std::error_code error;
    for (std::filesystem::directory_iterator each(process / "fd", error), end;
         !error && each != end; each.increment(error)) {
        std::error_code gone;
        if (sockets.contains(std::filesystem::read_symlink(each->path(), gone).string()))
            return true;
    }
    return false;
}

}  // namespace

result<process_id> process_by_port(std::uint16_t port)
{
    auto const told = "port " + std::to_string(port);
    auto const sockets = listening_sockets(port);
    if (sockets.empty())
        return problem{404, told + ": nobody listens on it"};
    std::optional<process_id> oldest;
    std::error_code error;
    for (std::filesystem::directory_iterator each("/proc", error), end; !error && each != end;
         each.increment(error)) {
        auto const pid = number_in<std::int64_t>(each->path().filename().string());
        if (!pid || !holds_one(each->path(), sockets))
            continue;
        // Workers that were forked hold it too: the oldest is the one that they come from.
        auto const process = process_with(*pid);
        if (process && (!oldest || process->start_time < oldest->start_time ||
                        (process->start_time == oldest->start_time && process->pid < oldest->pid)))
            oldest = process;
    }
    if (!oldest)
        return problem{403, told + ": who listens on it cannot be seen; it belongs to another "
                                   "user, or to another container"};
    return *oldest;
}

}  // namespace aconite::experiment
