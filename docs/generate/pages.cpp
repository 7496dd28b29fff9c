#include "docs/generate/pages.hpp"

#include "docs/generate/attribute_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace aconite::docs {
namespace {

constexpr std::string_view notice =
    "<!-- Written by ./dev docs from the toxics' rows and from docs/toxics/text: edit those. -->\n";

std::string code(std::string_view text)
{
    return text == "none" ? "none" : fmt::format("`{}`", text);
}

/// A value of the example as the command line takes it: -a name=value.
std::string flags_of(std::string const& name, json const& value)
{
    std::string flags;
    if (!value.is_object())
        return fmt::format(" -a {}={}", name,
                           value.is_string() ? value.get<std::string>() : value.dump());
    for (auto const& [member, inner] : value.items())
        flags += flags_of(fmt::format("{}.{}", name, member), inner);
    return flags;
}

std::string command_of(json const& toxic, std::string_view proxy)
{
    auto text =
        fmt::format("aconite toxic add {} -t {}", proxy, toxic.at("type").get<std::string>());
    if (toxic.value("stream", "downstream") == "upstream")
        text += " -u";
    if (toxic.contains("toxicity"))
        text += fmt::format(" --toxicity {}", toxic["toxicity"].dump());
    auto const attributes = toxic.value("attributes", json::object());
    for (auto const& [name, value] : attributes.items())
        text += flags_of(name, value);
    auto const match = toxic.value("match", json::object());
    for (auto const& [name, value] : match.items())
        text += fmt::format(" --match '{}={}'", name,
                            value.is_string() ? value.get<std::string>() : value.dump());
    return text;
}

std::string capitalised(std::string_view summary)
{
    std::string text(summary);
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text + ".";
}

/// A text inside a table.
std::string cell(std::string_view text)
{
    std::string made;
    for (char const each : text)
        made.append(each == '|' ? "\\" : "").push_back(each);
    return made;
}

std::string rows_table(std::span<attribute const> rows)
{
    if (rows.empty())
        return "It has none.\n";
    std::string out = "| attribute | kind | unit | bounds | if not given | what it is |\n"
                      "| --- | --- | --- | --- | --- | --- |\n";
    for (auto const& row : rows)
        out += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", row.name, kind_text(row),
                           row.unit, bounds_text(row), fallback_text(row), cell(row.summary));
    return out;
}

std::string commands_of(fault const& f)
{
    if (f.tc == "none" && f.iptables == "none" && f.pumba == "none")
        return "none";
    return fmt::format("tc: {}<br>iptables: {}<br>Pumba: {}", code(f.tc), code(f.iptables),
                       code(f.pumba));
}

std::string fault_table(std::vector<fault const*> const& faults)
{
    std::string out = "| what you want to see | send | takes the place of |\n"
                      "| --- | --- | --- |\n";
    for (auto const* f : faults)
        out += fmt::format("| {} | `{}` | {} |\n", f->symptom, f->toxic.dump(), commands_of(*f));
    return out;
}

/// One table of all toxics and all their attributes.
std::string table_of_all(std::vector<toxic_source> const& toxics)
{
    std::string out = "| toxic | attribute | kind | unit | bounds | if not given | what it is |\n"
                      "| --- | --- | --- | --- | --- | --- | --- |\n";
    for (auto const& toxic : toxics) {
        out += fmt::format("| [**{0}**](toxics/{0}.md) | | | | | | **{1}** |\n", toxic.type->name,
                           toxic.type->summary);
        for (auto const& row : toxic.type->attributes)
            out += fmt::format("| | `{}` | {} | {} | {} | {} | {} |\n", row.name, kind_text(row),
                               row.unit, bounds_text(row), fallback_text(row), row.summary);
    }
    return out;
}

std::string faults_by_group(std::vector<toxic_source> const& toxics)
{
    std::string out;
    for (auto const& group : fault_groups) {
        std::vector<fault const*> faults;
        for (auto const& toxic : toxics)
            for (auto const& f : toxic.faults)
                if (f.group == group)
                    faults.push_back(&f);
        if (!faults.empty())
            out += fmt::format("\n### {}\n\n{}", group, fault_table(faults));
    }
    return out;
}

}  // namespace

std::string page_of(toxic_source const& toxic)
{
    auto const& name = toxic.type->name;
    auto out = fmt::format("# {}\n\n{}\n{}\n\n{}", name, notice, capitalised(toxic.type->summary),
                           toxic.words);
    if (toxic.scene)
        out += fmt::format("\n![{1} through {0}]({0}.svg)\n\n{2}\n", name,
                           toxic.type->attempts == nullptr ? "What is sent and what arrives"
                                                           : "Who connects and who is served",
                           toxic.caption);
    out += fmt::format("\n## Attributes\n\n{}", rows_table(toxic.type->attributes));
    auto const* const protocol = toxic.type->protocol;
    if (protocol != nullptr)
        out += fmt::format("\n## Operations\n\nWhat its `match` can name, beside what all toxics "
                           "can; all that is given must hold.\n\n{}",
                           rows_table(protocol->match));
    auto const proxy = protocol != nullptr ? protocol->name : "redis";
    out +=
        fmt::format("\n## An example\n\nOn the proxy `{0}`, over REST and on the command line:\n\n"
                    "```sh\ncurl -d '{1}' \\\n    http://localhost:8474/proxies/{0}/toxics\n```\n\n"
                    "```sh\n{2}\n```\n",
                    proxy, toxic.example.dump(), command_of(toxic.example, proxy));
    if (!toxic.faults.empty()) {
        std::vector<fault const*> faults;
        std::ranges::transform(toxic.faults, std::back_inserter(faults),
                               [](auto const& f) { return &f; });
        out += fmt::format("\n## What it is for\n\n{}", fault_table(faults));
    }
    return out +
           "\nWhat all toxics have in common, and the other ones: [toxics.md](../toxics.md).\n";
}

std::string overview_of(std::vector<toxic_source> const& toxics,
                        std::filesystem::path const& folder)
{
    return fmt::format("# Toxics\n\n{}\n{}\n{}\n{}{}\n{}\n{}", notice,
                       read_text(folder / "_overview.md"), table_of_all(toxics),
                       read_text(folder / "_which_fault.md"), faults_by_group(toxics),
                       read_text(folder / "_common.md"), read_text(folder / "aiming.md"));
}

}  // namespace aconite::docs
