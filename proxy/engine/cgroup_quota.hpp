#pragma once

#include <filesystem>
#include <optional>

namespace aconite {

/// How much processor time control groups grant a process, in processors, the least of all that it
/// is in; nothing: no limit, or none that can be read. `membership` is its /proc/PID/cgroup and
/// `mounts` what is usually /sys/fs/cgroup. Does not throw.
/// https://docs.kernel.org/admin-guide/cgroup-v2.html,
/// https://docs.kernel.org/scheduler/sched-bwc.html
std::optional<double> cgroup_quota(std::filesystem::path const& membership,
                                   std::filesystem::path const& mounts);

}  // namespace aconite
