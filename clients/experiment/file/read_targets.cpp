#include "clients/experiment/file/reading.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace aconite::experiment {
namespace {

process_target read_process(node const& written, std::string_view what, faults& found)
{
    if (!written.is_mapping()) {
        found.add(written.at, "process must be a mapping");
        return {};
    }
    auto const before = found.count();
    auto const how = decode_all(process_fields(), written, {}, what, found);
    process_target made{
        .pid_file = how.text("pid_file"),
        .pid = how.whole("pid"),
        .port = static_cast<std::uint16_t>(how.whole("port")),
        .command = how.words("command"),
        .run = how.flag("run"),
        .folder = how.text("cwd"),
    };
    if (auto const* variables = how.any("env"))
        for (auto const& [name, value] : variables->items())
            made.environment[name] = value.is_string() ? value.get<std::string>() : value.dump();
    if (found.count() != before)
        return made;
    int const ways =
        (made.pid_file.empty() ? 0 : 1) + (made.pid != 0 ? 1 : 0) + (made.port != 0 ? 1 : 0);
    if (ways > 1)
        found.add(written.at, fmt::format("{}: only one of pid_file, pid and port", what));
    if (ways == 0 && made.command.empty())
        found.add(written.at, fmt::format("{} needs one of pid_file, pid, port and command", what));
    if (made.run && (ways > 0 || made.command.empty()))
        found.add(written.at, fmt::format("{}: run needs a command, and none of the others", what));
    return made;
}

}  // namespace

void read_targets(node const& section, reading& to)
{
    constexpr std::array<std::string_view, 1> beside = {"process"};
    if (!section.is_mapping()) {
        to.found.add(section.at, "targets must be a mapping of names");
        return;
    }
    for (auto const& member : section.members) {
        auto const what = fmt::format("the target {}", member.key);
        if (!member.value.is_mapping()) {
            to.found.add(member.value.at, what + " must be a mapping");
            continue;
        }
        auto const before = to.found.count();
        auto const how = decode_all(target_fields(), member.value, beside, what, to.found);
        if (how.has("server"))
            to.uses.push_back({named_use::as::server, how.at("server"), how.text("server")});
        target made{.name = member.key,
                    .server = how.text("server"),
                    .proxy = how.text("proxy"),
                    .container = how.text("container")};
        if (auto const* process = member.value.find("process"))
            made.process = read_process(*process, what + "'s process", to.found);
        if (made.proxy.empty() && made.container.empty() && !made.has_process() &&
            to.found.count() == before)
            to.found.add(member.value.at,
                         fmt::format("{} needs one of proxy, container and process", what));
        if (to.into.targets.emplace(member.key, std::move(made)).second)
            to.into.target_order.push_back(member.key);
    }
}

}  // namespace aconite::experiment
