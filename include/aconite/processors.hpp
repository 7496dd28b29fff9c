#pragma once

#include <optional>
#include <string>

namespace aconite {

/// What this process may use of the machine's processors. A plain value.
struct usable_processors {
    /// How many that is, rounded up: at least 1.
    unsigned count = 1;
    /// That it may run on (sched_getaffinity(2): taskset, cpusets).
    unsigned allowed = 1;
    /// How much time its control groups grant it, in processors; nothing: no limit. The least of
    /// the group and all that it is in, cgroup v1 (cpu.cfs_quota_us) and v2 (cpu.max):
    /// `docker run --cpus`, limits of Kubernetes, CPUQuota= of systemd.
    std::optional<double> quota{};
};

/// Looks at this process now. Where the kernel tells nothing there is no limit. Any thread.
usable_processors find_processors();

/// As people read it: `2 (of 8 allowed, quota 1.5)`.
std::string to_text(usable_processors const& found);

/// How many threads an engine has that is not told: one for each of them, from 1 to 8.
unsigned default_threads(usable_processors const& found);

}  // namespace aconite
