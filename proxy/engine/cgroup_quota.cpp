#include "proxy/engine/cgroup_quota.hpp"

#include "proxy/net/split.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>

namespace aconite {
namespace {

namespace fs = std::filesystem;

std::optional<double> share_of(double quota_us, double period_us)
{
    if (quota_us <= 0 || period_us <= 0)
        return std::nullopt;
    return quota_us / period_us;
}

/// Version 2: `max 100000`, or quota and period.
std::optional<double> quota_in_v2(fs::path const& group)
{
    double quota_us = 0;
    double period_us = 0;
    std::ifstream in(group / "cpu.max");
    in >> quota_us >> period_us;
    return in ? share_of(quota_us, period_us) : std::nullopt;
}

/// Version 1: -1 is no limit.
std::optional<double> quota_in_v1(fs::path const& group)
{
    double quota_us = 0;
    double period_us = 0;
    std::ifstream quota(group / "cpu.cfs_quota_us");
    std::ifstream period(group / "cpu.cfs_period_us");
    quota >> quota_us;
    period >> period_us;
    return quota && period ? share_of(quota_us, period_us) : std::nullopt;
}

/// The least of the group at `path` below `mount` and all around it. In a container the path may
/// be one of the host's, of which the mount shows only the end: what is not there is passed over.
template <class Read>
void lower(std::optional<double>& least, fs::path const& mount, fs::path path, Read read)
{
    for (;;) {
        if (auto const found = read(mount / path.relative_path()))
            least = std::min(*found, least.value_or(*found));
        if (!path.has_relative_path())
            return;
        path = path.parent_path();
    }
}

bool is_of_cpu(std::string_view controllers)
{
    while (!controllers.empty())
        if (take_part(controllers, ',') == "cpu")
            return true;
    return false;
}

}  // namespace

std::optional<double> cgroup_quota(fs::path const& membership, fs::path const& mounts)
{
    std::optional<double> least;
    std::ifstream in(membership);
    // Lines of `number:controllers:path`; version 2 is number 0, without controllers.
    for (std::string line; std::getline(in, line);) {
        auto const first = line.find(':');
        auto const second = line.find(':', first + 1);
        if (first == line.npos || second == line.npos)
            continue;
        auto const controllers = line.substr(first + 1, second - first - 1);
        fs::path const path = line.substr(second + 1);
        if (controllers.empty()) {
            lower(least, mounts, path, &quota_in_v2);
            lower(least, mounts / "unified", path, &quota_in_v2);
        } else if (is_of_cpu(controllers)) {
            lower(least, mounts / controllers, path, &quota_in_v1);
            lower(least, mounts / "cpu", path, &quota_in_v1);
        }
    }
    return least;
}

}  // namespace aconite
