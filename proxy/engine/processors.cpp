#include <aconite/processors.hpp>

#include "proxy/engine/cgroup_quota.hpp"

#include <sched.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <thread>

namespace aconite {
namespace {

constexpr unsigned default_threads_max = 8;

unsigned allowed_processors()
{
    // Room for 8,192 of them: with less than the kernel has, the call fails.
    std::array<cpu_set_t, 8> set{};
    if (::sched_getaffinity(0, sizeof set, set.data()) == 0)
        if (int const count = CPU_COUNT_S(sizeof set, set.data()); count > 0)
            return static_cast<unsigned>(count);
    return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace

usable_processors find_processors()
{
    usable_processors found;
    found.count = found.allowed = allowed_processors();
    found.quota = cgroup_quota("/proc/self/cgroup", "/sys/fs/cgroup");
    if (found.quota && *found.quota < found.allowed)
        found.count = static_cast<unsigned>(std::max(1.0, std::ceil(*found.quota)));
    return found;
}

std::string to_text(usable_processors const& found)
{
    auto text = std::to_string(found.count) + " (of " + std::to_string(found.allowed) + " allowed";
    if (!found.quota)
        return text + ", no quota)";
    std::array<char, 32> quota{};
    std::snprintf(quota.data(), quota.size(), "%.4g", *found.quota);
    return text + ", quota " + quota.data() + ")";
}

unsigned default_threads(usable_processors const& found)
{
    return std::clamp(found.count, 1U, default_threads_max);
}

}  // namespace aconite
