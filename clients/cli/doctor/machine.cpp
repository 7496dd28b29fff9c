#include "clients/cli/doctor/machine.hpp"

#include <fmt/format.h>

#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <string_view>

namespace aconite::cli {
namespace {

// Numbers of capabilities, as the bits of CapEff in /proc.
constexpr unsigned net_admin = 12;
constexpr unsigned sys_admin = 21;
constexpr unsigned sys_resource = 24;

/// Below these, a warning.
constexpr std::uint64_t enough_files = 4'096;
constexpr std::uint64_t enough_pipe_pages = 16'384;  // 64 pipes of 1 MB
constexpr std::uint64_t enough_queue = 1'024;
constexpr std::uint64_t enough_ports = 10'000;
/// Above it, too.
constexpr std::uint64_t slack_max_ns = 1'000'000;

std::optional<std::uint64_t> number_in(char const* file)
{
    std::uint64_t number = 0;
    if (std::ifstream in(file); in >> number)
        return number;
    return std::nullopt;
}

std::uint64_t capabilities()
{
    std::ifstream in("/proc/self/status");
    for (std::string word; in >> word;)
        if (word == "CapEff:") {
            std::uint64_t bits = 0;
            in >> std::hex >> bits;
            return bits;
        }
    return 0;
}

finding judge_files(std::uint64_t limit)
{
    // A connection has two descriptors, and up to four more while bulk data is spliced.
    auto const found = fmt::format("{} descriptors: {} connections", limit, limit / 2);
    if (limit >= enough_files)
        return {"open files", grade::ok, found};
    return {"open files", grade::warning, found,
            fmt::format("raise the hard limit to {} or more (ulimit -Hn, LimitNOFILE= of systemd)",
                        enough_files)};
}

finding judge_capability(bool may_drop)
{
    return {"CAP_NET_ADMIN", grade::ok,
            may_drop ? "there: loss with mode kernel works"
                     : "not there: loss with mode kernel is refused, mode auto does without"};
}

finding judge_pipes(machine_facts const& facts)
{
    constexpr auto* check = "pipes";
    if (facts.beyond_quota)
        return {check, grade::ok, "no quota for this user"};
    auto least = std::uint64_t{0};
    for (auto const& quota : {facts.pipe_pages_soft, facts.pipe_pages_hard})
        if (quota.value_or(0) != 0)
            least = least == 0 ? *quota : std::min(least, *quota);
    if (least == 0)
        return {check, grade::ok, "no quota"};
    auto const found = fmt::format("a quota of {} pages for this user", least);
    if (least >= enough_pipe_pages)
        return {check, grade::ok, found};
    return {check, grade::warning, found,
            fmt::format("bulk data is copied, not spliced, when it is used up; "
                        "sysctl fs.pipe-user-pages-soft={}",
                        enough_pipe_pages)};
}

/// A number of which there should be enough.
finding judge_number(char const* check, std::optional<std::uint64_t> number, std::uint64_t enough,
                     std::string_view unit, char const* advice)
{
    if (!number)
        return {check, grade::ok, "not told by this kernel"};
    auto const found = fmt::format("{} {}", *number, unit);
    return *number >= enough ? finding{check, grade::ok, found}
                             : finding{check, grade::warning, found, advice};
}

finding judge_processors(usable_processors const& found)
{
    return {"processors", grade::ok,
            fmt::format("{}: {} data threads unless told otherwise", to_text(found),
                        default_threads(found))};
}

finding judge_clock(machine_facts const& facts)
{
    auto const found = fmt::format("{}, timers are late by {} us at most",
                                   facts.clock.empty() ? "unknown source" : facts.clock,
                                   facts.timer_slack_ns / 1'000);
    for (auto const* slow : {"hpet", "acpi_pm", "jiffies", "refined-jiffies"})
        if (facts.clock == slow)
            return {"clock", grade::warning, found,
                    "a slow clock makes every connection slower; the kernel chose it at boot"};
    if (facts.timer_slack_ns > slack_max_ns)
        return {"clock", grade::warning, found, "delays are that much longer; see prctl(2)"};
    return {"clock", grade::ok, found};
}

}  // namespace

machine_facts read_machine()
{
    machine_facts facts;
    facts.processors = find_processors();
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0)
        facts.open_files_max = files.rlim_max;
    auto const has = [bits = capabilities()](unsigned number) { return (bits >> number & 1) != 0; };
    facts.may_drop = has(net_admin);
    facts.beyond_quota = has(sys_admin) || has(sys_resource);
    facts.pipe_pages_soft = number_in("/proc/sys/fs/pipe-user-pages-soft");
    facts.pipe_pages_hard = number_in("/proc/sys/fs/pipe-user-pages-hard");
    facts.listen_queue_max = number_in("/proc/sys/net/core/somaxconn");
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::ifstream range("/proc/sys/net/ipv4/ip_local_port_range");
    if (range >> first >> last && first <= last)
        facts.local_ports = last - first + 1;
    std::ifstream clock("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    clock >> facts.clock;
    facts.timer_slack_ns = static_cast<std::uint64_t>(std::max(::prctl(PR_GET_TIMERSLACK), 0));
    return facts;
}

findings judge_machine(machine_facts const& facts)
{
    return {judge_processors(facts.processors),
            judge_files(facts.open_files_max),
            judge_capability(facts.may_drop),
            judge_pipes(facts),
            judge_number("listen queue", facts.listen_queue_max, enough_queue, "connections",
                         "a burst of clients waits for the kernel's retries; "
                         "sysctl net.core.somaxconn=4096"),
            judge_number("local ports", facts.local_ports, enough_ports, "for one upstream",
                         "that many connections to one upstream at most; "
                         "sysctl net.ipv4.ip_local_port_range='32768 60999'"),
            judge_clock(facts)};
}

}  // namespace aconite::cli
