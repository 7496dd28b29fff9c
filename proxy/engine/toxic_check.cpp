#include "proxy/engine/toxic_check.hpp"

#include "proxy/forwarding/drop_filter.hpp"
#include "proxy/net/address.hpp"

#include <aconite/engine.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace aconite {
namespace {

/// The same problem with a member of `group`; without one, of the attributes.
problem in_group(problem p, std::string_view group)
{
    if (group.empty())
        return p;
    static constexpr std::string_view attribute = "attribute '";
    if (auto const at = p.text.find(attribute); at != std::string::npos)
        p.text.replace(at, attribute.size(), std::string("'").append(group).append("."));
    return p;
}

result<attribute_values> changed(attribute_values values, attribute_list const& changes,
                                 std::string_view group = {})
{
    for (auto const& [name, value] : changes)
        if (auto const set = values.set(name, value); !set)
            return in_group(set.error(), group);
    return values;
}

/// What a match sets of the protocol's row, apart from what it sets of `match_row`.
std::pair<attribute_list, attribute_list> parted(toxic_type const& type,
                                                 attribute_list const& match)
{
    std::pair<attribute_list, attribute_list> parts;
    for (auto const& each : match) {
        bool const of_protocol = type.protocol != nullptr &&
                                 std::ranges::find(type.protocol->match, each.first,
                                                   &attribute::name) != type.protocol->match.end();
        (of_protocol ? parts.second : parts.first).push_back(each);
    }
    return parts;
}

problem bad_field(std::string const& what)
{
    return {400, "bad request body: " + what};
}

result<void> check_ttl(std::optional<std::int64_t> ttl_ms)
{
    if (!ttl_ms || (*ttl_ms >= 0 && *ttl_ms <= time_ms_max))
        return {};
    return bad_field("'ttl' must be between 1 and " + std::to_string(time_ms_max) +
                     " ms, or 0 for none, not " + std::to_string(*ttl_ms));
}

/// The share of the segments that the kernel shall drop in place of the toxic, if it can.
result<std::optional<double>> check_drop(toxic_type const& type, attribute_values const& values,
                                         bool triggered)
{
    std::optional<kernel_drop> const wish = type.drop == nullptr ? std::nullopt : type.drop(values);
    if (!wish || !wish->rate)
        return std::optional<double>();
    if (triggered && wish->required)
        return bad_field("'trigger' must be empty where the kernel drops, which asks nobody");
    if (triggered)
        return std::optional<double>();
    auto const error = drop_filter::probe();
    if (error == 0)
        return wish->rate;
    if (!wish->required)
        return std::optional<double>();
    return problem{409, "the kernel drops segments only for a process with CAP_NET_ADMIN: "
                        "setsockopt SO_ATTACH_FILTER: " +
                            errno_text(error) + " (errno " + std::to_string(error) + ")"};
}

/// Attempts to connect that are not let in leave no connection to aim at, and no attempt has time
/// or bytes to wait for, nor hits of its own to count.
result<void> check_attempts(toxic_type const& type, toxic_change const& wanted)
{
    if (type.attempts == nullptr)
        return {};
    auto const mode = type.attempts(wanted.values).mode;
    bool const let_in = mode == attempt_mode::delay || mode == attempt_mode::reset;
    if (!let_in && !(wanted.match.told().empty() && wanted.trigger.told().empty()))
        return bad_field("'match' and 'trigger' must be empty where no connection is accepted");
    if (!let_in && wanted.toxicity > 0 && wanted.toxicity < 1)
        return bad_field("'toxicity' must be 0 or 1 where no connection is accepted");
    for (auto const* name : {"after_ms", "after_bytes"})
        if (wanted.trigger[name] != 0)
            return bad_field(std::string("'trigger.") + name +
                             "' must be 0 for attempts to connect");
    if (wanted.trigger.choice("scope") == "connection")
        return bad_field("'trigger.scope' must be 'toxic' for attempts to connect");
    return {};
}

/// What its parts have to do with each other. Sets what the kernel is to drop.
result<void> check_together(toxic_type const& type, toxic_change& wanted)
{
    if (auto const fits = check_attempts(type, wanted); !fits)
        return fits;
    auto const drop = check_drop(type, wanted.values, !wanted.trigger.told().empty());
    if (!drop)
        return drop.error();
    wanted.drop_rate = *drop;
    return {};
}

/// Each step is checked as if those before it had been made.
result<void> check_schedule(toxic_type const& type, toxic_change wanted,
                            std::span<schedule_step const> steps)
{
    if (steps.size() > schedule_steps_max)
        return bad_field("'schedule' must have at most " + std::to_string(schedule_steps_max) +
                         " steps, not " + std::to_string(steps.size()));
    std::int64_t earliest = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        auto const where = "'schedule/" + std::to_string(i);
        if (steps[i].at_ms < earliest || steps[i].at_ms > time_ms_max)
            return bad_field(where + "/at' must be between " + std::to_string(earliest) + " and " +
                             std::to_string(time_ms_max) + " ms, in ascending order, not " +
                             std::to_string(steps[i].at_ms));
        earliest = steps[i].at_ms;
        if (steps[i].what != schedule_step::action::update)
            continue;
        auto next = check_values(type, std::move(wanted.values), steps[i].attributes);
        if (!next)
            return problem{400, next.error().text + " in " + where + "'"};
        wanted.values = *std::move(next);
        wanted.toxicity = steps[i].toxicity.value_or(wanted.toxicity);
        if (auto const fits = check_together(type, wanted); !fits)
            return problem{fits.error().status, fits.error().text + " in " + where + "'"};
    }
    return {};
}

}  // namespace

std::string_view to_text(stream s)
{
    switch (s) {
    case stream::upstream:
        return "upstream";
    case stream::downstream:
        return "downstream";
    default:
        return "both";
    }
}

result<toxic_type const*> find_type(toxic_registry const& known, toxic_config const& config)
{
    auto const* found = known.find(config.type);
    if (found == nullptr)
        return problem{400, "invalid toxic type"};
    if (config.direction == stream::both && found->acts_on.value_or(stream::both) != stream::both)
        return problem{400, "stream was invalid, toxic type '" + std::string(found->name) +
                                "' acts on " + std::string(to_text(*found->acts_on)) + " only"};
    return found;
}

std::string name_of(toxic_config const& config, toxic_type const& type)
{
    if (!config.name.empty())
        return config.name;
    return config.type + "_" + std::string(to_text(type.acts_on.value_or(config.direction)));
}

result<attribute_values> check_values(toxic_type const& type, attribute_values values,
                                      attribute_list const& changes)
{
    auto made = changed(std::move(values), changes);
    if (made && type.check != nullptr)
        if (auto const fits = type.check(*made); !fits)
            return fits.error();
    return made;
}

result<toxic_change> check_change(toxic_entry const& before, toxic_patch const& patch)
{
    auto const& type = *before.planned.type;
    // Clients send back what they were given.
    bool const other_seed = patch.aim.seed && patch.aim.seed != before.seed;
    if (other_seed || (!patch.aim.lease.empty() && patch.aim.lease != before.lease))
        return bad_field(std::string(other_seed ? "'seed'" : "'lease'") +
                         " cannot be changed; remove the toxic and add it again");
    auto values = check_values(type, before.planned.values, patch.attributes);
    if (!values)
        return values.error();
    auto const [of_connection, of_operation] = parted(type, patch.aim.match);
    auto match = changed(before.match, of_connection, "match");
    if (!match)
        return match.error();
    auto operations = changed(before.operations, of_operation, "match");
    if (!operations)
        return operations.error();
    if (type.protocol != nullptr && type.protocol->check_match != nullptr)
        if (auto const fits = type.protocol->check_match(*operations); !fits)
            return in_group(fits.error(), "match");
    auto admits = connection_match::from(*match);
    if (!admits)
        return in_group(admits.error(), "match");
    auto trigger = changed(before.trigger, patch.aim.trigger, "trigger");
    if (!trigger)
        return trigger.error();
    if (auto const fits = check_ttl(patch.aim.ttl_ms); !fits)
        return fits.error();
    toxic_change wanted{*std::move(values),
                        patch.toxicity.value_or(before.planned.toxicity),
                        *std::move(match),
                        *std::move(admits),
                        *std::move(operations),
                        *std::move(trigger),
                        {}};
    if (auto const fits = check_together(type, wanted); !fits)
        return fits.error();
    auto const to_come = std::span(before.schedule).subspan(before.next_step);
    auto const steps = patch.aim.schedule ? std::span<schedule_step const>(*patch.aim.schedule)
                                          : std::span<schedule_step const>(to_come);
    if (auto const fits = check_schedule(type, wanted, steps); !fits)
        return fits.error();
    return wanted;
}

result<toxic_entry> check_toxic(toxic_type const& type, toxic_config const& config)
{
    toxic_entry made;
    made.name = name_of(config, type);
    made.planned.direction = type.acts_on.value_or(config.direction);
    made.planned.type = &type;
    made.planned.values = attribute_values(type.attributes);
    if (type.protocol != nullptr)
        made.operations = attribute_values(type.protocol->match);
    made.seed = config.aim.seed;
    made.lease = config.aim.lease;
    auto aim = config.aim;
    auto change = check_change(made, {config.toxicity, config.attributes, aim});
    if (change && !aim.schedule && type.implied_schedule != nullptr) {
        aim.schedule = type.implied_schedule(change->values);
        change = check_change(made, {config.toxicity, config.attributes, aim});
    }
    if (!change)
        return change.error();
    made.define(*std::move(change));
    made.planned.renew_common();
    made.ttl_ms = config.aim.ttl_ms.value_or(0);
    made.follow(std::move(aim.schedule).value_or(std::vector<schedule_step>{}));
    return made;
}

result<void> check(toxic_registry const& types, toxic_config const& config)
{
    auto const type = find_type(types, config);
    if (!type)
        return type.error();
    auto const made = check_toxic(**type, config);
    return made ? result<void>() : made.error();
}

result<void> check_protocol(toxic_type const& type, protocol_type const* spoken)
{
    if (type.protocol == nullptr || type.protocol == spoken)
        return {};
    auto const name = std::string(type.protocol->name);
    auto const what = std::string("toxic type '")
                          .append(type.name)
                          .append("' acts on operations of a protocol that the proxy does not "
                                  "follow: give the proxy ");
    if (!type.protocol->settings.empty())
        return problem{409, what + "\"protocol\": {\"" +
                                std::string(type.protocol->settings.front().name) + "\": ...}"};
    return problem{409, what + "\"protocol\": \"" + name + "\" (--protocol " + name + ")"};
}

result<spoken_protocol> find_protocol(toxic_registry const& known, std::string_view name,
                                      attribute_list const& settings)
{
    auto const* const found = name.empty() ? nullptr : known.find_protocol(name);
    bool const named = found == nullptr || found->settings.empty();
    if (found != nullptr && named == settings.empty()) {
        spoken_protocol made{found, attribute_values(found->settings)};
        auto values = changed(std::move(made.settings), settings, "protocol");
        if (!values)
            return values.error();
        made.settings = *std::move(values);
        if (found->check_settings != nullptr)
            if (auto const fits = found->check_settings(made.settings); !fits)
                return in_group(fits.error(), "protocol");
        return made;
    }
    if (name.empty() && settings.empty())
        return spoken_protocol{};
    std::string all;
    for (auto const* each : known.protocols())
        if (each->settings.empty())
            all.append(all.empty() ? "" : ", ").append(each->name);
    return bad_field("'protocol' must be one of " + all + ", or empty, not '" +
                     std::string(name.substr(0, 60)) + "'");
}

result<std::vector<toxic_entry>> check_toxics(toxic_registry const& known,
                                              std::vector<toxic_config> const& configs,
                                              protocol_type const* spoken)
{
    std::vector<toxic_entry> all;
    for (auto const& config : configs) {
        auto const type = find_type(known, config);
        if (!type)
            return type.error();
        if (std::ranges::find(all, name_of(config, **type), &toxic_entry::name) != all.end())
            return problem{409, "toxic already exists"};
        if (auto const fits = check_protocol(**type, spoken); !fits)
            return fits.error();
        auto made = check_toxic(**type, config);
        if (!made)
            return made.error();
        all.push_back(*std::move(made));
    }
    return all;
}

}  // namespace aconite
