#include "api/daemon/config_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace aconite::daemon {
namespace {

problem unusable(std::string text)
{
    return {400, std::move(text)};
}

/// `line:column` of the last of the first `count` bytes, both from 1.
std::string position_in(std::string_view text, std::size_t count)
{
    auto const before = text.substr(0, count > 0 ? count - 1 : 0);
    auto const line = 1 + std::ranges::count(before, '\n');
    auto const line_start = before.rfind('\n') + 1;  // 0 in the first line
    return fmt::format("{}:{}", line, before.size() - line_start + 1);
}

std::string without_prefix(std::string text)
{
    auto const prefix = api::bad_body("").text;
    if (text.starts_with(prefix))
        text.erase(0, prefix.size());
    return text;
}

}  // namespace

result<std::string> read_file(std::string const& path)
{
    auto const close = [](std::FILE* file) { std::fclose(file); };
    std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.c_str(), "rb"), close);
    if (!file)
        return unusable(fmt::format("open {}: {}", path, std::strerror(errno)));
    std::string text;
    char part[4096];
    while (auto const count = std::fread(part, 1, sizeof part, file.get()))
        text.append(part, count);
    if (std::ferror(file.get()))
        return unusable(fmt::format("read {}: {}", path, std::strerror(errno)));
    return result<std::string>(boost::system::in_place_value, std::move(text));
}

result<std::vector<proxy_config>> read_config(std::string const& path, std::string_view text,
                                              api::decode_options const& options,
                                              api::ignored_members& ignored)
{
    auto const parsed = api::parse_first_value(text);
    if (parsed.fault)
        return unusable(fmt::format("{}:{}: {}", path, position_in(text, parsed.fault->position),
                                    parsed.fault->text));
    auto proxies = api::decode_proxies(parsed.value, options, ignored);
    if (!proxies)
        return unusable(fmt::format("{}: {}", path, without_prefix(proxies.error().text)));
    for (std::size_t i = 0; i < proxies->size(); ++i) {
        auto const& proxy = (*proxies)[i];
        auto const* missing = proxy.name.empty()       ? "name"
                              : proxy.upstream.empty() ? "upstream"
                                                       : nullptr;
        if (missing != nullptr)
            return unusable(fmt::format("{}: /{}: missing required field: {} at proxy {}", path, i,
                                        missing, i + 1));
    }
    return proxies;
}

}  // namespace aconite::daemon
