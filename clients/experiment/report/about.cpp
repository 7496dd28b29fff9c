// What was run, when and where, and how to run it again.
#include "clients/experiment/report/figures.hpp"
#include "clients/experiment/report/sections.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace aconite::experiment {
namespace {

/// `2026-11-30 10:15:14 UTC` of RFC 3339 in UTC; anything else as it is.
std::string date_text(std::string const& when)
{
    constexpr std::size_t seconds_end = 19;
    if (when.size() <= seconds_end || when[10] != 'T' || !when.ends_with('Z'))
        return when;
    return when.substr(0, 10) + " " + when.substr(11, seconds_end - 11) + " UTC";
}

std::string infrastructure(json const& report)
{
    auto const& where = object_of(report, "environment");
    std::string text;
    if (auto const version = text_of(where, "aconite"); !version.empty())
        text = "aconite " + version;
    if (auto const host = text_of(where, "host"); !host.empty())
        text.append(text.empty() ? "on " : " on ").append(host);
    for (auto const& each : list_of(where, "servers")) {
        auto const name = text_of(each, "name");
        auto const version = text_of(each, "version");
        text.append(text.empty() ? "" : "; ");
        text.append(name.empty() ? "server" : "server " + name);
        text.append(" at ").append(shown(each, "url"));
        text.append(version.empty() ? "" : " (" + version + ")");
    }
    return text;
}

std::string date_and_length(json const& report)
{
    auto text = date_text(text_of(report, "started"));
    if (auto const took = number_of(report, "duration_s"))
        text.append(text.empty() ? "" : ", ").append("took ").append(seconds_figure(took));
    auto const scale = number_of(report, "time_scale").value_or(1);
    if (scale != 1)
        text += fmt::format(", phases at {} times their length", figure(scale));
    return text;
}

std::string targets_in(json const& report)
{
    std::vector<std::string> seen;
    std::string text;
    for (auto const& each : list_of(report, "actions")) {
        auto target = text_of(each, "target");
        if (target.empty() || std::find(seen.begin(), seen.end(), target) != seen.end())
            continue;
        text.append(text.empty() ? "" : ", ").append(target);
        seen.push_back(std::move(target));
    }
    return text;
}

}  // namespace

section about_section(json const& report)
{
    section part{"about", "About"};
    part.rows.columns = {{""}, {""}};
    auto const add = [&](char const* name, std::string text) {
        if (!text.empty())
            part.rows.rows.push_back({{name, tone::strong}, {std::move(text)}});
    };
    add("Scenario", text_of(report, "description"));
    add("Hypothesis", text_of(report, "hypothesis"));
    add("Date", date_and_length(report));
    add("Infrastructure", infrastructure(report));
    add("Aimed at", targets_in(report));
    add("Inconsistency", verdict_of(report).inconsistency);
    return part;
}

section codes_section(json const& report)
{
    section part{"codes", "Why the verdict is no other"};
    part.rows.columns = {{"Code"}, {"What it means"}, {"What to do"}};
    for (auto const& each : list_of(report, "codes")) {
        auto const code = shown(each, "code");
        auto const help = help_for(code);
        auto text = text_of(each, "text");
        auto const told = text.find(help.meaning) != std::string::npos;
        if (!text.empty() && !help.meaning.empty() && !told)
            text.append(text.ends_with('.') ? " " : ". ").append(help.meaning);
        else if (text.empty())
            text = help.meaning;
        part.rows.rows.push_back({{code, tone::code}, {text}, {std::string(help.advice)}});
    }
    return part;
}

section again_section(json const& report)
{
    section part{"again", "How to repeat it"};
    part.block = text_of(object_of(report, "environment"), "command");
    if (auto const file = text_of(report, "file"); part.block.empty() && !file.empty())
        part.block = "aconite run " + file;
    if (auto const* const seed = member_of(report, "seed"); seed != nullptr && !seed->is_null())
        part.text =
            fmt::format("Whatever is random comes from the seed {0}: with --seed {0} the same "
                        "is drawn again.",
                        shown(*seed));
    return part;
}

section log_section(json const& report)
{
    section part{"log", "Log"};
    part.folded = true;
    part.rows.columns = {{"Time", true}, {"Level"}, {"What"}};
    for (auto const& each : list_of(report, "log")) {
        auto const level = text_of(each, "level");
        auto const how = level == "error"     ? tone::bad
                         : level == "warning" ? tone::unsure
                                              : tone::soft;
        part.rows.rows.push_back(
            {{seconds_figure(number_of(each, "t_s"))}, {level, how}, {shown(each, "text")}});
    }
    return part;
}

}  // namespace aconite::experiment
