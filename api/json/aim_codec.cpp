#include "api/json/aim_codec.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace aconite::api {
namespace {

std::optional<attribute_value> read_value(object_reader& in, attribute const& row)
{
    switch (row.kind) {
    case attribute_kind::number:
        return in.real(row.name);
    case attribute_kind::choice:
    case attribute_kind::text:
    case attribute_kind::pattern:
    case attribute_kind::list:
        return in.text(row.name);
    case attribute_kind::numbers:
        return in.numbers(row.name);
    case attribute_kind::flag:
        return in.flag(row.name);
    default:
        return in.integer(row.name);
    }
}

result<attribute_list> read_group(json const* group, std::string const& pointer,
                                  std::string_view name, std::span<attribute const> row)
{
    if (group == nullptr)
        return attribute_list{};
    object_reader in(*group, pointer_to(pointer, name));
    auto list = read_values(in, row);
    if (auto const fault = in.finish_strictly())
        return *fault;
    return list;
}

using action = schedule_step::action;
constexpr std::pair<std::string_view, action> plain_actions[] = {{"add", action::add},
                                                                 {"remove", action::remove}};

result<schedule_step> read_step(json const& value, std::string const& pointer,
                                toxic_type const& type)
{
    object_reader in(value, pointer);
    schedule_step step;
    auto const at = in.integer("at");
    int actions = 0;
    for (auto const& [name, what] : plain_actions) {
        if (in.flag(name).value_or(false)) {
            step.what = what;
            ++actions;
        }
    }
    auto const* update = in.object("update");
    if (auto const fault = in.finish_strictly())
        return *fault;
    if (actions + (update != nullptr ? 1 : 0) != 1 || !at)
        return bad_body(fmt::format(
            "{} must have at and one of add (true), update (an object) and remove (true)",
            pointer));
    step.at_ms = *at;
    if (update == nullptr)
        return step;
    step.what = action::update;
    object_reader change(*update, pointer_to(pointer, "update"));
    step.toxicity = change.number("toxicity");
    auto attributes =
        read_group(change.object("attributes"), change.pointer(), "attributes", type.attributes);
    if (auto const fault = change.finish_strictly())
        return *fault;
    if (!attributes)
        return attributes.error();
    step.attributes = *std::move(attributes);
    return step;
}

result<std::vector<schedule_step>> read_schedule(json const& list, std::string const& pointer,
                                                 toxic_type const& type)
{
    std::vector<schedule_step> steps;
    for (auto const& entry : list) {
        auto step = read_step(entry, pointer_to(pointer, std::to_string(steps.size())), type);
        if (!step)
            return step.error();
        steps.push_back(*std::move(step));
    }
    return steps;
}

json step_json(schedule_step const& step)
{
    json object{{"at", step.at_ms}};
    for (auto const& [name, what] : plain_actions)
        if (step.what == what)
            object[std::string(name)] = true;
    if (step.what != action::update)
        return object;
    auto& update = object["update"] = json::object();
    if (step.toxicity)
        update["toxicity"] = shortest(*step.toxicity);
    if (!step.attributes.empty())
        update["attributes"] = to_json(step.attributes);
    return object;
}

}  // namespace

json value_json(attribute_value const& value)
{
    struct encoder {
        json operator()(std::int64_t whole) const { return whole; }
        json operator()(double number) const { return shortest(number); }
        json operator()(std::string const& text) const { return text; }
        json operator()(bool flag) const { return flag; }
        json operator()(named_numbers const& numbers) const
        {
            json object = json::object();
            for (auto const& [name, number] : numbers)
                object[name] = shortest(number);
            return object;
        }
    };
    return std::visit(encoder{}, value);
}

attribute_list read_values(object_reader& in, std::span<attribute const> row)
{
    attribute_list list;
    for (auto const& each : row)
        if (auto value = read_value(in, each))
            list.emplace_back(each.name, *std::move(value));
    return list;
}

json to_json(attribute_list const& attributes)
{
    json object = json::object();
    for (auto const& [name, value] : attributes)
        append_member(object, name, value_json(value));
    return object;
}

aim_draft read_aim(object_reader& in)
{
    aim_draft draft;
    draft.match = in.object("match");
    draft.trigger = in.object("trigger");
    draft.schedule = in.array("schedule");
    draft.ttl_ms = in.integer("ttl");
    draft.seed = in.integer("seed");
    draft.lease = in.text("lease").value_or("");
    draft.pointer = in.pointer();
    in.skip("active");  // clients send back what they were given
    return draft;
}

result<toxic_aim> decode_aim(aim_draft const& draft, toxic_type const& type)
{
    toxic_aim aim;
    auto match = read_group(draft.match, draft.pointer, "match", type.match_attributes());
    if (!match)
        return match.error();
    auto trigger = read_group(draft.trigger, draft.pointer, "trigger", trigger_row());
    if (!trigger)
        return trigger.error();
    if (draft.schedule != nullptr) {
        auto steps = read_schedule(*draft.schedule, pointer_to(draft.pointer, "schedule"), type);
        if (!steps)
            return steps.error();
        aim.schedule = *std::move(steps);
    }
    auto const seed = decode_seed(draft.seed, draft.pointer);
    if (!seed)
        return seed.error();
    aim.match = *std::move(match);
    aim.trigger = *std::move(trigger);
    aim.ttl_ms = draft.ttl_ms;
    aim.seed = *seed;
    aim.lease = draft.lease;
    return aim;
}

result<std::optional<std::uint64_t>> decode_seed(std::optional<std::int64_t> given,
                                                 std::string_view pointer)
{
    if (!given)
        return std::optional<std::uint64_t>{};
    if (*given < 0)
        return bad_body(fmt::format("{} must be between 0 and {}, not {}",
                                    pointer_to(pointer, "seed"),
                                    std::numeric_limits<std::int64_t>::max(), *given));
    return std::optional(static_cast<std::uint64_t>(*given));
}

void append_aim(json& toxic, toxic_aim const& aim)
{
    if (!aim.match.empty())
        append_member(toxic, "match", to_json(aim.match));
    if (!aim.trigger.empty())
        append_member(toxic, "trigger", to_json(aim.trigger));
    if (aim.ttl_ms)
        append_member(toxic, "ttl", *aim.ttl_ms);
    if (aim.schedule) {
        auto& list = append_member(toxic, "schedule", json::array());
        for (auto const& step : *aim.schedule)
            list.push_back(step_json(step));
    }
    if (aim.seed)
        append_member(toxic, "seed", *aim.seed);
    if (!aim.lease.empty())
        append_member(toxic, "lease", aim.lease);
}

}  // namespace aconite::api
