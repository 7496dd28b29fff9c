#include "api/daemon/config_file.hpp"

#include "api/daemon/variables.hpp"
#include "api/json/config_text.hpp"

#include <aconite/engine.hpp>

#include <fmt/core.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace aconite::daemon {
namespace {

constexpr std::size_t file_bytes_max = std::size_t{16} << 20;

problem unusable(std::string text)
{
    return {400, std::move(text)};
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
        if (text.append(part, count).size() > file_bytes_max)
            return unusable(fmt::format("read {}: more than {} MB", path, file_bytes_max >> 20));
    if (std::ferror(file.get()))
        return unusable(fmt::format("read {}: {}", path, std::strerror(errno)));
    return result<std::string>(boost::system::in_place_value, std::move(text));
}

result<api::json> parse_config_file(std::string const& path, std::string_view text)
{
    auto value = api::parse_config(text, api::is_yaml_file(path));
    if (!value)
        return unusable(fmt::format("{}:{}", path, value.error().text));
    if (auto const expanded = expand_variables(*value); !expanded)
        return unusable(fmt::format("{}: {}", path, expanded.error().text));
    return value;
}

result<std::vector<proxy_config>> read_config(std::string const& path, std::string_view text,
                                              api::decode_options const& options,
                                              api::ignored_members& ignored)
{
    auto const value = parse_config_file(path, text);
    if (!value)
        return value.error();
    auto proxies = api::decode_proxies(*value, options, ignored);
    if (!proxies)
        return unusable(fmt::format("{}: {}", path, without_prefix(proxies.error().text)));
    if (auto const fits = check(options.toxic_types, *proxies); !fits)
        return unusable(fmt::format("{}: {}", path, fits.error().text));
    return proxies;
}

}  // namespace aconite::daemon
