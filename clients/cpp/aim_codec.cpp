#include "clients/cpp/aim_codec.hpp"

#include "clients/cpp/codec.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace aconite::client::codec {
namespace {

using nlohmann::json;
using action = schedule_step::action;

struct encoder {
    json operator()(named_numbers const& numbers) const
    {
        auto out = json::object();
        for (auto const& [name, number] : numbers)
            out[name] = number;
        return out;
    }
    json operator()(auto const& one) const { return one; }
};

/// None if no attribute can hold it.
std::optional<attribute_value> to_attribute(json const& value)
{
    if (value.is_boolean())
        return value.get<bool>();
    if (value.is_number_integer())
        return value.get<std::int64_t>();
    if (value.is_number())
        return value.get<double>();
    if (value.is_string())
        return value.get<std::string>();
    if (!value.is_object())
        return std::nullopt;
    named_numbers numbers;
    for (auto const& [name, number] : value.items())
        if (number.is_number())
            numbers.emplace_back(name, number.get<double>());
    return numbers;
}

json step_json(schedule_step const& step)
{
    auto out = json{{"at", step.at_ms}};
    switch (step.what) {
    case action::add:
        out["add"] = true;
        return out;
    case action::remove:
        out["remove"] = true;
        return out;
    default:
        break;
    }
    auto& update = out["update"] = json{{"attributes", to_json(step.attributes)}};
    if (step.toxicity)
        update["toxicity"] = shortest(*step.toxicity);
    return out;
}

/// None if it is an action that this client does not know.
std::optional<schedule_step> to_step(json const& object)
{
    schedule_step step;
    step.at_ms = object.at("at").get<std::int64_t>();
    if (object.contains("add"))
        return step;
    if (object.contains("remove")) {
        step.what = action::remove;
        return step;
    }
    auto const update = object.find("update");
    if (update == object.end())
        return std::nullopt;
    step.what = action::update;
    if (auto const share = update->find("toxicity"); share != update->end())
        step.toxicity = share->get<float>();
    step.attributes = to_attributes(update->value("attributes", json::object()));
    return step;
}

std::vector<schedule_step> to_schedule(json const& list)
{
    std::vector<schedule_step> steps;
    for (auto const& object : list)
        if (auto step = to_step(object))
            steps.push_back(*std::move(step));
    return steps;
}

}  // namespace

void append_aim(json& toxic, toxic_aim const& aim)
{
    if (!aim.match.empty())
        toxic["match"] = to_json(aim.match);
    if (!aim.trigger.empty())
        toxic["trigger"] = to_json(aim.trigger);
    if (aim.ttl_ms)
        toxic["ttl"] = *aim.ttl_ms;
    if (aim.schedule) {
        auto& list = toxic["schedule"] = json::array();
        for (auto const& step : *aim.schedule)
            list.push_back(step_json(step));
    }
    if (aim.seed)
        toxic["seed"] = *aim.seed;
    if (!aim.lease.empty())
        toxic["lease"] = aim.lease;
}

toxic_aim to_aim(json const& toxic)
{
    toxic_aim aim;
    aim.match = to_attributes(toxic.value("match", json::object()));
    aim.trigger = to_attributes(toxic.value("trigger", json::object()));
    if (auto const ttl = toxic.find("ttl"); ttl != toxic.end())
        aim.ttl_ms = ttl->get<std::int64_t>();
    if (auto const schedule = toxic.find("schedule"); schedule != toxic.end())
        aim.schedule = to_schedule(*schedule);
    if (auto const seed = toxic.find("seed"); seed != toxic.end())
        aim.seed = seed->get<std::uint64_t>();
    aim.lease = toxic.value("lease", "");
    return aim;
}

json to_json(attribute_list const& attributes)
{
    auto out = json::object();
    for (auto const& [name, value] : attributes)
        out[name] = std::visit(encoder{}, value);
    return out;
}

attribute_list to_attributes(json const& object)
{
    attribute_list list;
    for (auto const& [name, value] : object.items())
        if (auto held = to_attribute(value))
            list.emplace_back(name, *std::move(held));
    return list;
}

}  // namespace aconite::client::codec
