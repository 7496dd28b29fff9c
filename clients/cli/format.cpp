#include "clients/cli/format.hpp"

#include "clients/cli/table.hpp"

#include <aconite/attribute.hpp>
#include <aconite/toxic_type.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite::cli {
namespace {

using nlohmann::json;

std::string text_of(json const& object, char const* field)
{
    return object.at(field).get<std::string>();
}

std::string state_of(json const& proxy)
{
    return proxy.at("enabled").get<bool>() ? "enabled" : "disabled";
}

std::string value_text(json const& value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string unit_of(std::span<attribute const> rows, std::string_view name)
{
    auto const row = std::ranges::find(rows, name, &attribute::name);
    return row == rows.end() || row->unit.empty() ? "" : " " + std::string(row->unit);
}

/// `a 1 ms, b 2`
std::string values_text(json const& values, std::span<attribute const> rows)
{
    std::string text;
    for (auto const& [name, value] : values.items())
        text += (text.empty() ? "" : ", ") + name + " " + value_text(value) + unit_of(rows, name);
    return text;
}

/// Where and when a toxic acts, as far as that is set.
std::string aim_text(json const& toxic)
{
    std::vector<std::string> parts;
    for (auto const* group : {"match", "trigger"})
        if (auto const found = toxic.find(group); found != toxic.end())
            parts.push_back(fmt::format("{} {}", group, values_text(*found, {})));
    if (auto const ttl = toxic.find("ttl"); ttl != toxic.end())
        parts.push_back(fmt::format("ttl {} ms", value_text(*ttl)));
    if (auto const steps = toxic.find("schedule"); steps != toxic.end())
        parts.push_back(fmt::format("schedule of {}", steps->size()));
    for (auto const* name : {"seed", "lease"})
        if (auto const found = toxic.find(name); found != toxic.end())
            parts.push_back(fmt::format("{} {}", name, value_text(*found)));
    if (!toxic.value("active", true))
        parts.emplace_back("inactive");
    return fmt::format("{}", fmt::join(parts, "; "));
}

/// For a script: the reference's line.
std::string toxic_line(json const& toxic)
{
    auto line = fmt::format("{}\ttype={}\tstream={}\ttoxicity={:.2f}\tattributes=[",
                            text_of(toxic, "name"), text_of(toxic, "type"),
                            text_of(toxic, "stream"), toxic.at("toxicity").get<double>());
    for (auto const& [name, value] : toxic.at("attributes").items())
        line += "\t" + name + "=" + value_text(value);
    return line + "\t]\n";
}

std::string toxics_table(json const& toxics, style how)
{
    auto const registry = toxic_registry::builtin();
    auto const aimed = how.aims && std::ranges::any_of(toxics, [](json const& toxic) {
                           return !aim_text(toxic).empty();
                       });
    std::vector<std::string> header{"TOXIC", "TYPE", "STREAM", "TOXICITY", "ATTRIBUTES"};
    if (aimed)
        header.emplace_back("AIM");
    table rows(std::move(header));
    for (auto const& toxic : toxics) {
        auto const type = text_of(toxic, "type");
        auto const* known = registry.find(type);
        auto const units = known == nullptr ? std::span<attribute const>() : known->attributes;
        std::vector<cell> row{text_of(toxic, "name"), type, text_of(toxic, "stream"),
                              fmt::format("{:g}", toxic.at("toxicity").get<double>()),
                              values_text(toxic.at("attributes"), units)};
        if (aimed)
            row.emplace_back(aim_text(toxic));
        rows.add(std::move(row));
    }
    return rows.text(how.colour);
}

}  // namespace

style style_of_stdout(bool aims)
{
    if (isatty(STDOUT_FILENO) == 0)
        return {};
    auto const* no_colour = std::getenv("NO_COLOR");
    auto const* terminal = std::getenv("TERM");
    auto const plain = (no_colour != nullptr && *no_colour != '\0') ||
                       (terminal != nullptr && std::string_view(terminal) == "dumb");
    return {.table = true, .colour = !plain, .aims = aims};
}

std::string format_proxies(json const& proxies, style how)
{
    std::string lines;
    table rows({"NAME", "LISTEN", "UPSTREAM", "STATE", "TOXICS"});
    for (auto const& proxy : proxies) {  // an object iterates by name
        auto const enabled = proxy.at("enabled").get<bool>();
        auto const toxics = std::to_string(proxy.at("toxics").size());
        lines +=
            fmt::format("{}\t{}\t{}\t{}\t{}\n", text_of(proxy, "name"), text_of(proxy, "listen"),
                        text_of(proxy, "upstream"), state_of(proxy), toxics);
        rows.add({text_of(proxy, "name"), text_of(proxy, "listen"), text_of(proxy, "upstream"),
                  cell{state_of(proxy), enabled ? colour::green : colour::red}, toxics});
    }
    if (!how.table)
        return lines;
    return proxies.empty() ? "no proxies yet: make one with the command create\n"
                           : rows.text(how.colour);
}

std::string format_proxy(json const& proxy, style how)
{
    auto const& toxics = proxy.at("toxics");
    std::string out;
    if (how.table) {
        out =
            fmt::format("{}  {} -> {}  {}\n\n", printable(text_of(proxy, "name")),
                        printable(text_of(proxy, "listen")), printable(text_of(proxy, "upstream")),
                        coloured(proxy.at("enabled").get<bool>(), state_of(proxy), how));
        return out + (toxics.empty() ? "no toxics: add one with the command toxic add\n"
                                     : toxics_table(toxics, how));
    }
    for (auto const& toxic : toxics)
        out += toxic_line(toxic);
    return out;
}

std::string coloured(bool enabled, std::string const& text, style how)
{
    return how.colour ? painted(text, enabled ? colour::green : colour::red) : text;
}

std::string to_text(json const& value)
{
    return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace aconite::cli
