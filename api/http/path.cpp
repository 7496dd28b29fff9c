#include "api/http/path.hpp"

namespace aconite::api {
namespace {

std::vector<std::string_view> split(std::string_view path)
{
    std::vector<std::string_view> parts;
    for (;;) {
        auto const slash = path.find('/');
        parts.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos)
            return parts;
        path.remove_prefix(slash + 1);
    }
}

/// The value of a hexadecimal digit, or -1.
int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

}  // namespace

std::optional<std::string> unescaped(std::string_view part)
{
    std::string text;
    for (std::size_t i = 0; i < part.size(); ++i) {
        if (part[i] != '%') {
            text += part[i];
            continue;
        }
        if (i + 2 >= part.size() || digit(part[i + 1]) < 0 || digit(part[i + 2]) < 0)
            return std::nullopt;
        text += static_cast<char>(digit(part[i + 1]) * 16 + digit(part[i + 2]));
        i += 2;
    }
    return text;
}

std::string_view path_of(std::string_view target)
{
    auto path = target.substr(0, target.find_first_of("?#"));
    if (auto const scheme = path.find("://"); !path.starts_with('/') && scheme != path.npos) {
        auto const slash = path.find('/', scheme + 3);
        return slash == path.npos ? "/" : path.substr(slash);
    }
    return path;
}

std::string cleaned(std::string_view path)
{
    std::vector<std::string_view> kept;
    auto const parts = split(path);
    for (auto const part : parts) {
        if (part == "..") {
            if (!kept.empty())
                kept.pop_back();
        } else if (!part.empty() && part != ".") {
            kept.push_back(part);
        }
    }
    std::string text;
    for (auto const part : kept)
        text.append("/").append(part);
    if (text.empty() || path.ends_with('/'))
        text += '/';
    return text;
}

std::optional<std::vector<std::string>> segments_of(std::string_view path)
{
    if (path.starts_with('/'))
        path.remove_prefix(1);
    std::vector<std::string> segments;
    for (auto const part : split(path)) {
        auto text = unescaped(part);
        if (!text)
            return std::nullopt;
        segments.push_back(*std::move(text));
    }
    return segments;
}

}  // namespace aconite::api
