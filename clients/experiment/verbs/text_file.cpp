#include "clients/experiment/verbs/text_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace aconite::experiment {
namespace {

namespace fs = std::filesystem;

constexpr std::streamsize file_bytes_max = 2 << 20;

/// Others might never end, or never begin: a pipe, a device.
result<void> check_is_file(fs::path const& file)
{
    std::error_code fault;
    auto const kind = fs::status(file, fault).type();
    if (kind == fs::file_type::directory)
        return problem{0, fmt::format("{}: is a folder", file.string())};
    bool const is_there = kind != fs::file_type::not_found && kind != fs::file_type::none;
    if (is_there && kind != fs::file_type::regular && !is_given_by_a_shell(file))
        return problem{0, fmt::format("{}: is no regular file", file.string())};
    return {};
}

}  // namespace

bool is_given_by_a_shell(fs::path const& file)
{
    return file == "/dev/stdin" || file.parent_path() == "/dev/fd" ||
           file.parent_path() == "/proc/self/fd";
}

result<std::string> text_of(fs::path const& file)
{
    if (auto const fits = check_is_file(file); !fits)
        return fits.error();
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return problem{0, fmt::format("{}: {}", file.string(), std::strerror(errno))};
    std::string text(static_cast<std::size_t>(file_bytes_max), '\0');
    in.read(text.data(), file_bytes_max);
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

}  // namespace aconite::experiment
