#include "clients/experiment/verbs/files.hpp"

#include "clients/experiment/run/kinds.hpp"
#include "clients/experiment/verbs/parts_check.hpp"
#include "clients/experiment/verbs/text_file.hpp"
#include "clients/experiment/verbs/toxics_check.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <random>
#include <set>
#include <tuple>

namespace aconite::experiment {
namespace {

namespace fs = std::filesystem;

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

/// By name. `why` tells of a folder that cannot be read.
std::vector<fs::path> files_with_phases(fs::path const& folder, std::vector<fs::path> const& but,
                                        std::error_code& why)
{
    std::vector<fs::path> found;
    std::error_code none;
    fs::directory_iterator const entries(folder, why);
    if (why)
        return found;
    for (auto const& entry : entries) {
        auto const is_given = std::ranges::any_of(
            but, [&](fs::path const& with) { return fs::equivalent(with, entry.path(), none); });
        if (is_yaml(entry.path()) && entry.is_regular_file(none) && !is_given &&
            has_phases(entry.path()))
            found.push_back(entry.path());
    }
    std::ranges::sort(found);
    return found;
}

std::vector<std::string> folders_with_phases(fs::path const& folder,
                                             std::vector<fs::path> const& but)
{
    std::vector<std::string> found;
    std::error_code none;
    for (auto const& entry : fs::directory_iterator(folder, none))
        if (!entry.path().filename().string().starts_with('.') && entry.is_directory(none))
            if (!files_with_phases(entry.path(), but, none).empty())
                found.push_back(entry.path().string());
    std::ranges::sort(found);
    return found;
}

/// Those of `targets`, and those that stand for a proxy or container of their own name.
std::set<std::string> targets_named_in(experiment_spec const& spec)
{
    std::set<std::string> names;
    for (auto const& [name, each] : spec.targets)
        names.insert(name);
    for (auto const& phase : spec.phases)
        for (auto const& action : phase.actions)
            names.insert(action.targets.begin(), action.targets.end());
    for (auto const& each : spec.probes)
        if (each.type == "proxy")
            names.insert(each.how.text("proxy"));
    return names;
}

}  // namespace

experiment_file read_file(fs::path const& file, given const& beside, std::string const& run)
{
    experiment_file read{.file = file};
    std::vector<source> sources;
    std::vector<fs::path> all{file};
    all.insert(all.end(), beside.with.begin(), beside.with.end());
    for (auto const& each : all) {
        auto const known = beside.texts.find(each);
        auto text =
            known != beside.texts.end() ? result<std::string>(known->second) : text_of(each);
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

result<void> read_what_comes_once(std::vector<fs::path> const& files, given& beside)
{
    auto all = files;
    all.insert(all.end(), beside.with.begin(), beside.with.end());
    for (auto const& each : all) {
        if (!is_given_by_a_shell(each) || beside.texts.contains(each))
            continue;
        auto text = text_of(each);
        if (!text)
            return text.error();
        beside.texts.emplace(each, std::move(*text));
    }
    return {};
}

result<void> check_map(std::vector<fs::path> const& files, given const& beside)
{
    auto without = beside;
    without.map.clear();
    std::set<std::string> there;
    for (auto const& file : files) {
        if (beside.map.empty() || !read_file(file, beside, "RUN").faults.empty())
            return {};  // which is told when it is read
        auto const names = targets_named_in(read_file(file, without, "RUN").spec);
        there.insert(names.begin(), names.end());
    }
    for (auto const& each : beside.map)
        if (auto const name = each.substr(0, each.find('=')); !there.contains(name))
            return problem{0, fmt::format("--map: no target is called '{}'; there {}", name,
                                          there.empty()
                                              ? "are none"
                                              : fmt::format("are: {}", fmt::join(there, ", ")))};
    return {};
}

result<file_list> experiment_files(std::vector<std::string> const& arguments, given const& beside)
{
    file_list found;
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
            found.files.push_back(path);
            continue;
        }
        auto const in_it = files_with_phases(path, beside.with, why);
        if (why)
            return problem{0, fmt::format("{}: {}", each, why.message())};
        auto const below = folders_with_phases(path, beside.with);
        if (in_it.empty())
            return problem{0, fmt::format("{}: no file in it has phases{}", each,
                                          below.empty() ? ""
                                                        : fmt::format("; there are such in {}",
                                                                      fmt::join(below, ", ")))};
        found.files.insert(found.files.end(), in_it.begin(), in_it.end());
        for (auto const& folder : below)
            found.passed_over.push_back(folder);
    }
    return found;
}

void tell_passed_over(file_list const& of, std::string_view verb)
{
    for (auto const& each : of.passed_over)
        std::fprintf(stderr, "aconite %s: %s\n", std::string(verb).c_str(),
                     fmt::format("{} has experiments too: a folder within a folder is not looked "
                                 "into, name it as well",
                                 each)
                         .c_str());
}

std::string new_run_id()
{
    std::random_device random;
    auto const now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    return fmt::format("r{:%Y%m%dt%H%M%S}x{:04x}", fmt::gmtime(now), random() & 0xffffU);
}

}  // namespace aconite::experiment
