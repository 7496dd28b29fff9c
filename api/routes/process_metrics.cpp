// The process_* series, from /proc/self.
#include "api/routes/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <sstream>

namespace aconite::api {
namespace {

using prometheus::MetricType;

void add(std::vector<prometheus::MetricFamily>& families, char const* name, char const* help,
         MetricType type, std::optional<double> value)
{
    if (!value)
        return;
    prometheus::ClientMetric metric;
    if (type == MetricType::Counter)
        metric.counter.value = *value;
    else
        metric.gauge.value = *value;
    families.push_back({name, help, type, {metric}});
}

/// The fields of /proc/self/stat behind the program's name, which may hold anything. The
/// first is number 3 in the manual.
std::vector<std::string> stat_fields()
{
    std::ifstream file("/proc/self/stat");
    std::string text(std::istreambuf_iterator<char>(file), {});
    std::istringstream rest(text.substr(text.rfind(')') + 1));
    return {std::istream_iterator<std::string>(rest), {}};
}

/// The number behind `name` in a file of lines `name number`.
std::optional<double> number_after(char const* path, std::string const& name)
{
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream words(line);
        std::string first;
        double value = 0;
        if (words >> first >> value && first == name)
            return value;
    }
    return std::nullopt;
}

/// A column of the IpExt lines, of which the first has the names.
std::optional<double> ip_column(std::string const& name)
{
    std::ifstream file("/proc/self/net/netstat");
    std::string names;
    std::string values;
    while (std::getline(file, names) && std::getline(file, values)) {
        if (!names.starts_with("IpExt:"))
            continue;
        std::istringstream name_words(names);
        std::istringstream value_words(values);
        std::string each;
        std::string value;
        while (name_words >> each && value_words >> value)
            if (each == name)
                return std::stod(value);
    }
    return std::nullopt;
}

std::optional<double> open_files()
{
    std::error_code failed;
    std::filesystem::directory_iterator entries("/proc/self/fd", failed);
    if (failed)
        return std::nullopt;
    return static_cast<double>(std::distance(begin(entries), end(entries)));
}

std::optional<double> limit_of(__rlimit_resource_t what)
{
    rlimit limit{};
    if (::getrlimit(what, &limit) != 0)
        return std::nullopt;
    return limit.rlim_cur == RLIM_INFINITY ? static_cast<double>(std::numeric_limits<rlim_t>::max())
                                           : static_cast<double>(limit.rlim_cur);
}

}  // namespace

std::string process_text()
{
    std::vector<prometheus::MetricFamily> all;
    auto const fields = stat_fields();
    auto const field = [&fields](std::size_t number) -> std::optional<double> {
        if (number - 3 >= fields.size())
            return std::nullopt;
        return std::stod(fields[number - 3]);
    };
    auto const ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    if (auto const user = field(14), system = field(15); user && system)
        add(all, "process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
            MetricType::Counter, (*user + *system) / ticks);
    add(all, "process_max_fds", "Maximum number of open file descriptors.", MetricType::Gauge,
        limit_of(RLIMIT_NOFILE));
    add(all, "process_network_receive_bytes_total",
        "Number of bytes received by the process over the network.", MetricType::Counter,
        ip_column("InOctets"));
    add(all, "process_network_transmit_bytes_total",
        "Number of bytes sent by the process over the network.", MetricType::Counter,
        ip_column("OutOctets"));
    add(all, "process_open_fds", "Number of open file descriptors.", MetricType::Gauge,
        open_files());
    if (auto const pages = field(24))
        add(all, "process_resident_memory_bytes", "Resident memory size in bytes.",
            MetricType::Gauge, *pages * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    if (auto const start = field(22), boot = number_after("/proc/stat", "btime"); start && boot)
        add(all, "process_start_time_seconds",
            "Start time of the process since unix epoch in seconds.", MetricType::Gauge,
            *boot + *start / ticks);
    add(all, "process_virtual_memory_bytes", "Virtual memory size in bytes.", MetricType::Gauge,
        field(23));
    add(all, "process_virtual_memory_max_bytes",
        "Maximum amount of virtual memory available in bytes.", MetricType::Gauge,
        limit_of(RLIMIT_AS));
    return prometheus::TextSerializer().Serialize(all);
}

}  // namespace aconite::api
