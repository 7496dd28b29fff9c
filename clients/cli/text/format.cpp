#include "clients/cli/text/format.hpp"

#include "clients/cli/text/table.hpp"
#include "clients/cpp/codec.hpp"

#include <aconite/attribute.hpp>
#include <aconite/text.hpp>
#include <aconite/toxic_type.hpp>

#include <fmt/format.h>

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

std::string state_of(json const& proxy)
{
    return proxy.at("enabled").get<bool>() ? "enabled" : "disabled";
}

/// For a script: the reference's line.
std::string toxic_line(json const& toxic)
{
    auto line = fmt::format("{}\ttype={}\tstream={}\ttoxicity={:.2f}\tattributes=[",
                            text_of(toxic, "name"), text_of(toxic, "type"),
                            text_of(toxic, "stream"), toxic.at("toxicity").get<double>());
    for (auto const& [name, value] : toxic.at("attributes").items())
        line += "\t" + printable(name) + "=" + value_text(value);
    return line + "\t]\n";
}

std::span<attribute const> rows_of(std::string_view type)
{
    auto const registry = toxic_registry::builtin();
    auto const* known = registry.find(type);
    return known == nullptr ? std::span<attribute const>() : known->attributes;
}

std::string toxics_table(json const& toxics, style how)
{
    std::vector<toxic_info> infos;
    for (auto const& toxic : toxics)
        infos.push_back(client::codec::to_toxic(toxic));
    auto const aimed = how.aims && std::ranges::any_of(infos, [](toxic_info const& toxic) {
                           return !aim_text(toxic).empty();
                       });
    std::vector<std::string> header{"TOXIC", "TYPE", "STREAM", "TOXICITY", "ATTRIBUTES"};
    if (aimed)
        header.emplace_back("AIM");
    table rows(std::move(header));
    for (auto const& toxic : infos) {
        std::vector<cell> row{toxic.name, toxic.type, std::string(to_text(toxic.direction)),
                              aconite::to_text(toxic.toxicity),
                              aconite::to_text(toxic.attributes, rows_of(toxic.type))};
        if (aimed)
            row.emplace_back(aim_text(toxic));
        rows.add(std::move(row));
    }
    return rows.text(how.colour);
}

/// What went through a proxy, in the order of the header.
std::vector<std::string> totals_of(json const& stats, std::string const& proxy)
{
    auto const found = std::ranges::find_if(
        stats, [&](json const& each) { return text_of(each, "name") == proxy; });
    if (found == stats.end())  // it was made in between
        return {"0", "0", "0", "0", "0"};
    auto const& connections = found->at("connections");
    return {value_text(connections.at("open")), value_text(connections.at("total")),
            value_text(found->at("received_bytes").at("upstream")),
            value_text(found->at("sent_bytes").at("downstream")), value_text(found->at("hits"))};
}

/// Empty: clients were told of none.
std::string brokers_table(json const& proxy, style how)
{
    auto const seen = proxy.value("brokers", json::object()).value("seen", json::array());
    table rows({"BROKER", "LISTEN", "UPSTREAM"});
    for (auto const& each : seen)
        rows.add({value_text(each.at("id")), value_text(each.at("listen")),
                  value_text(each.at("upstream"))});
    return seen.empty() ? "" : rows.text(how.colour);
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

std::string format_proxies(json const& proxies, json const& stats, style how)
{
    std::string lines;
    std::vector<std::string> header{"NAME", "LISTEN", "UPSTREAM", "STATE", "TOXICS"};
    if (!stats.is_null())
        header.insert(header.end(), {"OPEN", "CONNECTIONS", "BYTES IN", "BYTES OUT", "HITS"});
    table rows(std::move(header));
    for (auto const& proxy : proxies) {  // an object iterates by name
        auto const enabled = proxy.at("enabled").get<bool>();
        std::vector<cell> row{text_of(proxy, "name"), text_of(proxy, "listen"),
                              text_of(proxy, "upstream"),
                              cell{state_of(proxy), enabled ? colour::green : colour::red},
                              std::to_string(proxy.at("toxics").size())};
        if (!stats.is_null())
            for (auto& total : totals_of(stats, text_of(proxy, "name")))
                row.emplace_back(std::move(total));
        for (auto const& each : row)
            lines += (&each == &row.front() ? "" : "\t") + each.text;
        lines += '\n';
        rows.add(std::move(row));
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
        out = fmt::format("{}  {} -> {}  {}\n\n", text_of(proxy, "name"), text_of(proxy, "listen"),
                          text_of(proxy, "upstream"),
                          coloured(proxy.at("enabled").get<bool>(), state_of(proxy), how));
        auto const brokers = brokers_table(proxy, how);
        if (!brokers.empty())
            out += brokers + '\n';
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

std::string text_of(json const& object, char const* member)
{
    return printable(object.at(member).get<std::string>());
}

std::string value_text(json const& value)
{
    return printable(value.is_string() ? value.get<std::string>() : client::codec::dump(value));
}

std::string for_terminals(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = static_cast<unsigned char>(text[i]);
        auto const next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
        if (c == 0x7F) {
            out += "\\u007f";
        } else if (c == 0xC2 && next >= 0x80 && next < 0xA0) {
            out += fmt::format("\\u{:04x}", next);
            ++i;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string to_text(json const& value)
{
    return for_terminals(value.dump(2, ' ', false, json::error_handler_t::replace)) + "\n";
}

}  // namespace aconite::cli
