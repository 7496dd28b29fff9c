#include "docs/generate/source.hpp"

#include "api/json/codec.hpp"
#include "proxy/engine/toxic_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace aconite::docs {
namespace {

/// What the server would make of such a toxic.
planned_toxic planned_of(toxic_type const& type, json const& toxic)
{
    api::ignored_members ignored;
    auto draft = api::decode_toxic(toxic, "", ignored).value();
    if (draft.config.type != type.name)
        throw std::runtime_error("a toxic of another type: " + draft.config.type);
    auto const config = api::finish_toxic(std::move(draft), type, ignored).value();
    if (!ignored.empty())
        throw std::runtime_error("unknown member " + ignored.front());
    return check_toxic(type, config).value().planned;
}

ending ending_of(std::string const& name)
{
    if (name == "FIN")
        return ending::half_close;
    if (name == "RST")
        return ending::reset;
    throw std::runtime_error("an end is FIN or RST, not " + name);
}

std::string unit_of(toxic_type const& type, std::string const& name)
{
    auto const row = std::ranges::find(type.attributes, name, &attribute::name);
    return row->unit.empty() || name.ends_with(row->unit) ? "" : fmt::format(" {}", row->unit);
}

/// Like `latency: latency 100 ms, jitter 20 ms`.
std::string text_of(toxic_type const& type, json const& toxic)
{
    std::string text(type.name);
    auto const attributes = toxic.value("attributes", json::object());
    for (auto const& [name, value] : attributes.items()) {
        text += text.size() == type.name.size() ? ": " : ", ";
        text += fmt::format("{} {}{}", name,
                            value.is_string() ? value.get<std::string>() : value.dump(),
                            unit_of(type, name));
    }
    return text;
}

/// When the toxic is there, and when the picture ends.
scenario frame_of(json const& told)
{
    scenario s;
    s.added_ms = told.value("add", 0.0);
    if (told.contains("remove"))
        s.removed_ms = told["remove"];
    s.until_ms = told.at("until");
    return s;
}

scenario scene_of(toxic_type const& type, json const& toxic, json const& told)
{
    auto s = frame_of(told);
    s.toxic.type = &type;
    auto const planned = planned_of(type, toxic);
    s.toxic.values = planned.values;
    s.toxic.trigger = planned.trigger;
    s.toxic.common = type.common_for(planned.values);
    s.toxic.random_key = told.value("key", std::uint64_t{0});
    s.toxic_text = text_of(type, toxic);
    auto const up = toxic.value("stream", "downstream") == "upstream";
    s.sender = up ? "client sends" : "server sends";
    s.receiver = up ? "server receives" : "client receives";
    for (auto const& m : told.at("send"))
        s.sent.push_back({m.at(0), m.at(1)});
    if (told.contains("end"))
        s.sent_end = {told["end"].at(0), ending_of(told["end"].at(1))};
    s.drawn_as =
        told.value("draw", "lines") == "curve" ? scenario::view::curve : scenario::view::lines;
    return s;
}

attempt_scenario attempts_of(toxic_type const& type, json const& told)
{
    attempt_scenario s{frame_of(told), {}, told.at("syn_again")};
    s.frame.toxic_text = type.name;
    for (auto const& row : told.at("rows")) {
        auto const& toxic = row.at("toxic");
        attempt_row made{planned_of(type, toxic), text_of(type, toxic), {}};
        made.toxic.key = row.value("key", std::uint64_t{0});
        for (auto const& c : row.at("clients"))
            made.clients.push_back({c.at(0), c.at(1)});
        s.rows.push_back(std::move(made));
    }
    return s;
}

fault fault_of(toxic_type const& type, json const& told)
{
    fault made{told.at("group"), told.at("symptom"),  told.at("toxic"),
               told.at("tc"),    told.at("iptables"), told.at("pumba")};
    planned_of(type, made.toxic);
    if (std::ranges::find(fault_groups, made.group) == std::end(fault_groups))
        throw std::runtime_error("no such group of faults: " + made.group);
    return made;
}

}  // namespace

std::string read_text(std::filesystem::path const& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw std::runtime_error(file.string() + " is missing; see docs/writing-a-toxic.md");
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

toxic_source read_source(toxic_type const& type, std::filesystem::path const& folder)
{
    toxic_source made{.type = &type};
    auto const file = folder / (std::string(type.name) + ".json");
    made.words = read_text(folder / (std::string(type.name) + ".md"));
    auto const text = read_text(file);
    try {
        auto const told = json::parse(text);
        made.example = told.at("example");
        planned_of(type, made.example);
        for (auto const& one : told.at("faults"))
            made.faults.push_back(fault_of(type, one));
        if (told.contains("timeline")) {
            auto const& timeline = told["timeline"];
            made.caption = timeline.at("caption");
            if (type.attempts != nullptr)
                made.scene = attempts_of(type, timeline);
            else
                made.scene = scene_of(type, timeline.value("toxic", made.example), timeline);
        }
    } catch (std::exception const& why) {
        throw std::runtime_error(file.string() + ": " + why.what());
    }
    return made;
}

}  // namespace aconite::docs
