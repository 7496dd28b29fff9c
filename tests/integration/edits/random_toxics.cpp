#include "tests/integration/edits/random_toxics.hpp"

#include <aconite/engine.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace aconite::testing {
namespace {

/// Kinds whose business it is to end or to change a stream. Every other kind keeps all bytes.
constexpr std::string_view rough[] = {"corrupt", "limit_data", "limit_time", "reset_peer",
                                      "timeout"};

bool is_gentle(toxic_type const& type)
{
    return std::ranges::find(rough, type.name) == std::end(rough);
}

/// Values of `loss` with which it does not stay gentle.
bool is_gentle(toxic_type const& type, attribute_list const& values)
{
    static std::pair<std::string, attribute_value> const ends[] = {
        {"mode", "reset"}, {"mode", "discard"}, {"on_give_up", "reset"}};
    return type.name != "loss" || std::ranges::none_of(values, [](auto const& value) {
               return std::ranges::find(ends, value) != std::end(ends);
           });
}

/// Most values lie below, so that something moves: a toxic lives for some 50 ms.
std::int64_t usual_maximum(attribute const& a)
{
    if (a.unit == "ms")
        return 50;
    if (a.unit == "us")
        return 5'000;
    return 1'000'000;
}

}  // namespace

std::string random_toxics::label()
{
    static std::string const labels[] = {"", "blue", "green"};
    return one_of<std::string>(labels);
}

float random_toxics::toxicity()
{
    return chance(50) ? 1.0F : static_cast<float>(pick(0, 100)) / 100;
}

named_numbers random_toxics::some_numbers(attribute const& a)
{
    constexpr std::array<std::string_view, 3> percentiles{"p50", "p99", "p999"};
    auto const names = a.names.empty() ? std::span<std::string_view const>(percentiles) : a.names;
    auto const most = std::min<double>(static_cast<double>(a.maximum), 50);
    named_numbers made;
    for (std::size_t i = 0; i < names.size(); ++i)  // rising, as percentiles have to
        made.emplace_back(names[i], most * static_cast<double>(i + 1) / 4);
    return made;
}

attribute_value random_toxics::value(attribute const& a)
{
    static std::string const clients[] = {"127.0.0.0/8", "::1", "10.0.0.0/8, 127.0.0.1"};
    switch (a.kind) {
    case attribute_kind::choice:
        return std::string(one_of(a.names));
    case attribute_kind::text:
        if (a.name == "ordinals")
            return std::to_string(pick(0, 9)) + ",3,7-" + std::to_string(pick(7, 1000));
        return a.name == "client" ? one_of<std::string>(clients) : label();
    case attribute_kind::numbers:
        return some_numbers(a);
    case attribute_kind::flag:
        return chance(50);
    case attribute_kind::number: {
        auto const most = std::min<double>(static_cast<double>(a.maximum), 10);
        auto const least = static_cast<double>(a.minimum);
        return least + (most - least) * static_cast<double>(pick(0, 100)) / 100;
    }
    default:
        break;
    }
    if (chance(10))
        return chance(50) ? a.minimum : a.maximum;
    // Each order of magnitude is as likely, but streams cut to single bytes would be all there is
    // to do for the threads.
    auto const least = std::log2(a.unit == "bytes" ? 100 : 1);
    auto const most = std::log2(static_cast<double>(std::min(a.maximum, usual_maximum(a))) + 1);
    auto const drawn =
        std::exp2(least + (most - least) * static_cast<double>(pick(0, 1000)) / 1000);
    return std::clamp(static_cast<std::int64_t>(drawn) - 1, a.minimum, a.maximum);
}

attribute_list random_toxics::some_of(std::span<attribute const> row, int percent)
{
    attribute_list list;
    for (auto const& a : row)
        if (chance(percent))
            list.emplace_back(a.name, value(a));
    return list;
}

attribute_list random_toxics::attributes(toxic_type const& type, manners how)
{
    for (;;) {
        auto list = some_of(type.attributes, 60);
        if (how == manners::any || is_gentle(type, list))
            return list;
    }
}

std::vector<schedule_step> random_toxics::schedule(toxic_type const& type, manners how)
{
    using action = schedule_step::action;
    static constexpr action actions[] = {action::add, action::update, action::remove};
    std::vector<schedule_step> steps;
    std::int64_t at_ms = 0;
    for (auto count = pick(1, 4); count > 0; --count) {
        at_ms += pick(0, 20);
        auto& step = steps.emplace_back(schedule_step{at_ms, one_of<action>(actions)});
        if (step.what == action::update) {
            step.toxicity = toxicity();
            step.attributes = attributes(type, how);
        }
    }
    return steps;
}

toxic_aim random_toxics::aim(toxic_type const& type, manners how)
{
    toxic_aim made;
    if (chance(20))
        made.match = some_of(match_row(), 30);
    if (chance(20))
        made.trigger = some_of(trigger_row(), 30);
    if (chance(20))
        made.ttl_ms = pick(1, 100);
    if (chance(10))
        made.schedule = schedule(type, how);
    return made;
}

toxic_config random_toxics::toxic(std::string name, manners how)
{
    for (;;) {
        auto const& type = *one_of(known_.all());
        if (how == manners::gentle && !is_gentle(type))
            continue;
        toxic_config made{name, std::string(type.name)};
        made.direction = chance(50) ? stream::upstream : stream::downstream;
        made.toxicity = toxicity();
        made.attributes = attributes(type, how);
        made.aim = aim(type, how);
        if (chance(20))
            made.aim.seed = static_cast<std::uint64_t>(pick(0, 1000));
        if (check(known_, made))
            return made;
    }
}

toxic_patch random_toxics::change(toxic_info const& of, manners how)
{
    auto const& type = *known_.find(of.type);
    toxic_patch made;
    if (chance(50))
        made.toxicity = toxicity();
    if (chance(80))
        made.attributes = attributes(type, how);
    made.aim = aim(type, how);
    return made;
}

}  // namespace aconite::testing
