#include "clients/experiment/verbs/files.hpp"

#include "clients/experiment/run/kinds.hpp"
#include "clients/experiment/verbs/parts_check.hpp"
#include "clients/experiment/verbs/toxics_check.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <tuple>

namespace aconite::experiment {
namespace {

namespace fs = std::filesystem;

constexpr std::streamsize file_bytes_max = 2 << 20;

/// What there is to read comes from a shell's pipe: /dev/stdin, <(...).
bool is_given_by_a_shell(fs::path const& file)
{
    return file == "/dev/stdin" || file.parent_path() == "/dev/fd" ||
           file.parent_path() == "/proc/self/fd";
}

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

/// `--map cdc-kafka=kafka` as the side file that it stands for.
result<source> mapping_source(std::vector<std::string> const& map)
{
    std::string text = "targets:\n";
    for (auto const& each : map) {
        auto const equals = each.find('=');
        if (equals == each.npos || equals == 0 || equals + 1 == each.size())
            return problem{0, fmt::format("--map: '{}' is not TARGET=PROXY", each)};
        text += fmt::format("  \"{}\": {{proxy: \"{}\"}}\n", each.substr(0, equals),
                            each.substr(equals + 1));
    }
    return source{"--map", std::move(text)};
}

bool is_yaml(fs::path const& file)
{
    return file.extension() == ".yaml" || file.extension() == ".yml";
}

/// A file of a folder that has phases; what cannot be read is one, so that its fault is told.
bool has_phases(fs::path const& file)
{
    auto const text = text_of(file);
    if (!text)
        return true;
    auto const read = read_yaml(*text);
    auto const* root = std::get_if<node>(&read);
    return root == nullptr || root->find("phases") != nullptr;
}

}  // namespace

experiment_file read_file(fs::path const& file, given const& beside, std::string const& run)
{
    experiment_file read{.file = file};
    std::vector<source> sources;
    std::vector<fs::path> all{file};
    all.insert(all.end(), beside.with.begin(), beside.with.end());
    for (auto const& each : all) {
        auto text = text_of(each);
        if (!text) {
            read.faults.push_back(text.error().text);
            return read;
        }
        sources.push_back({each.string(), std::move(*text)});
    }
    if (!beside.map.empty()) {
        auto made = mapping_source(beside.map);
        if (!made) {
            read.faults.push_back(made.error().text);
            return read;
        }
        // Before the others: what is typed wins over a file.
        sources.insert(sources.begin() + 1, std::move(*made));
    }
    variables known{.given = beside.set};
    known.given.emplace("RUN", run);
    faults found;
    read.spec = read_experiment(sources, all_kinds(), known, found);
    if (!found.any()) {
        check_parts(read.spec, file.parent_path(), found);
        check_toxics(read.spec, found);
    }
    auto all_faults = found.all();
    std::ranges::stable_sort(all_faults, {}, [](file_fault const& each) {
        return std::tuple(each.at.file, each.at.line, each.at.column);
    });
    for (auto const& fault : all_faults)
        read.faults.push_back(to_text(fault, sources));
    return read;
}

result<std::vector<fs::path>> experiment_files(std::vector<std::string> const& arguments,
                                               given const& beside)
{
    std::vector<fs::path> files;
    std::error_code none;
    for (auto const& each : arguments) {
        auto const path = fs::path(each == "all" && !fs::exists(each, none) ? "." : each);
        std::error_code why;
        auto const kind = fs::status(path, why).type();
        if (kind == fs::file_type::not_found)
            return problem{0, fmt::format("{}: there is no such file or folder", each)};
        if (kind == fs::file_type::none)
            return problem{0, fmt::format("{}: {}", each, why.message())};
        if (kind != fs::file_type::directory) {
            files.push_back(path);
            continue;
        }
        std::vector<fs::path> found;
        fs::directory_iterator const entries(path, why);
        if (why)
            return problem{0, fmt::format("{}: {}", each, why.message())};
        for (auto const& entry : entries) {
            auto const is_given = std::ranges::any_of(beside.with, [&](fs::path const& with) {
                return fs::equivalent(with, entry.path(), none);
            });
            if (is_yaml(entry.path()) && entry.is_regular_file(none) && !is_given &&
                has_phases(entry.path()))
                found.push_back(entry.path());
        }
        if (found.empty())
            return problem{0, fmt::format("{}: no file in it has phases", each)};
        std::ranges::sort(found);
        files.insert(files.end(), found.begin(), found.end());
    }
    return files;
}

std::string new_run_id()
{
    std::random_device random;
    auto const now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return fmt::format("r{:%Y%m%dt%H%M%S}x{:04x}", fmt::gmtime(now), random() & 0xffffU);
}

}  // namespace aconite::experiment
