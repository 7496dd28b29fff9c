#include "clients/cli/line/identity.hpp"

#include <sys/utsname.h>

#include <fmt/format.h>

#include <algorithm>

namespace aconite::cli {
namespace {

/// "linux/amd64": the names that Go uses, which the reference sends.
std::string platform()
{
    utsname system{};
    if (uname(&system) != 0)
        return "unknown/unknown";
    std::string os = system.sysname;
    std::ranges::transform(os, os.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    std::string machine = system.machine;
    if (machine == "x86_64")
        machine = "amd64";
    else if (machine == "aarch64")
        machine = "arm64";
    return os + "/" + machine;
}

}  // namespace

std::string_view base_name(std::string_view path)
{
    return path.substr(path.rfind('/') + 1);
}

bool is_called(std::string_view path, std::string_view name)
{
    auto rest = base_name(path);
    if (!rest.starts_with(name))
        return false;
    rest.remove_prefix(name.size());
    if (rest.empty())
        return true;
    auto const is_word = [](std::string_view text) {
        return !text.empty() && std::ranges::all_of(text, [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
    };
    auto const dash = rest.rfind('-');
    return rest.front() == '-' && dash > 0 && is_word(rest.substr(1, dash - 1)) &&
           is_word(rest.substr(dash + 1));
}

identity identity_of(std::string_view argv0)
{
    if (is_called(argv0, "toxiproxy-cli"))
        return {.program = "toxiproxy-cli",
                .drop_in = true,
                .version_line = fmt::format("toxiproxy-cli version {}", compatible_version),
                .user_agent = fmt::format("toxiproxy-cli/{} ({})", compatible_version, platform())};
    return {.program = "aconite",
            .drop_in = false,
            .version_line = fmt::format("aconite {} (compatible with Toxiproxy {})", own_version,
                                        compatible_version),
            .user_agent = fmt::format("aconite/{} ({})", own_version, platform())};
}

}  // namespace aconite::cli
