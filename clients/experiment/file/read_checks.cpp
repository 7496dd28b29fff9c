#include "clients/experiment/file/reading.hpp"
#include "clients/experiment/values/suggestion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aconite::experiment {
namespace {

struct condition_word {
    std::string_view word;
    condition means;
    std::size_t operands;
};
constexpr condition_word condition_words[] = {
    {"gt", condition::gt, 1},
    {"lt", condition::lt, 1},
    {"ge", condition::ge, 1},
    {"le", condition::le, 1},
    {"eq", condition::eq, 1},
    {"ne", condition::ne, 1},
    {"between", condition::between, 2},
    {"increases", condition::increases, 0},
    {"increasing", condition::increases, 0},
    {"decreases", condition::decreasing, 0},
    {"decreasing", condition::decreasing, 0},
    {"stable", condition::stable, 0},
    {"rate_lt", condition::rate_lt, 1},
    {"rate_gt", condition::rate_gt, 1},
};

/// Adds a probe that a check brings with it, once.
std::string implied_probe(part_spec made, reading& to)
{
    auto name = made.name;
    if (std::ranges::find(to.into.probes, name, &part_spec::name) == to.into.probes.end())
        to.into.probes.push_back(std::move(made));
    return name;
}

std::string as_name(std::string_view text)
{
    std::string name;
    for (char const c : text) {
        bool const fits =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        name += fits ? c : '_';
    }
    return name;
}

void read_operands(node const& value, check_spec& check, reading& to)
{
    auto const one = std::vector<node>{value};
    for (auto const& each : value.is_list() ? value.items : one) {
        auto read = expression::parse(each.text);
        if (auto const* fault = std::get_if<expression_fault>(&read))
            to.found.add(each.at, fmt::format("value '{}': at its letter {}: {}", each.text,
                                              fault->offset + 1, fault->text));
        else
            check.operands.push_back(std::get<expression>(std::move(read)));
        if (!check.operands.empty())
            to.uses.push_back({named_use::as::operand, each.at, {}, check.operands.back()});
    }
}

void read_metric(node const& written, settings const& how, check_spec& check, reading& to)
{
    check.metric = how.text("metric");
    to.uses.push_back({named_use::as::metric, how.at("metric"), check.metric});
    auto const before = to.found.count();
    auto const word = how.text("condition");
    auto const known = std::ranges::find(condition_words, word, &condition_word::word);
    if (known == std::end(condition_words)) {
        if (word.empty() && written.find("condition") != nullptr)
            return;  // its fault was told
        to.found.add(word.empty() ? written.at : how.at("condition"),
                     fmt::format("the metric {} needs a condition, such as gt{}", check.metric,
                                 word.empty() ? "" : "; " + word + " is one of a container"));
        return;
    }
    check.condition = known->means;
    check.tolerance = how.number("tolerance", check.tolerance);
    if (auto const* value = written.find("value"))
        read_operands(*value, check, to);
    if (check.operands.size() != known->operands && to.found.count() == before)
        to.found.add(how.has("value") ? how.at("value") : written.at,
                     fmt::format("{} takes {}", word,
                                 known->operands == 0   ? "no value"
                                 : known->operands == 1 ? "one value"
                                                        : "two values: [least, most]"));
    if (known->means == condition::between && check.operands.size() == 2) {
        auto const least = check.operands[0].constant();
        auto const most = check.operands[1].constant();
        if (least && most && *least > *most)
            to.found.add(how.at("value"), "nothing is between them: [least, most]");
    }
    if (how.has("tolerance") && known->means != condition::stable)
        to.found.add(how.at("tolerance"), "tolerance is for stable");
}

void read_container(settings const& how, check_spec& check, reading& to)
{
    auto const container = how.text("container");
    auto const state = how.text("condition", "healthy");
    bool const health = state == "healthy";
    if (!health && state != "running" && state != "exited")
        to.found.add(how.at("condition"),
                     fmt::format("a container is healthy, running or exited, not '{}'", state));
    part_spec probe{
        .name = fmt::format("container.{}.{}", as_name(container), health ? "health" : "state"),
        .type = "container",
        .at = check.at};
    // A target's name stands for its container or, where it has none, for its process.
    auto const target = to.into.targets.find(container);
    auto name = container;
    if (target != to.into.targets.end() && !target->second.container.empty())
        name = target->second.container;
    else if (target != to.into.targets.end())
        probe.type = "target";
    bool const of_process = probe.type == "target";
    probe.how.set(probe.type, {name, check.at, {}});
    probe.how.set("of", {health ? "health" : "state", check.at, {}});
    auto const seen = implied_probe(std::move(probe), to);
    // A process has no state but that.
    auto const wanted_word = !of_process         ? state
                             : state == "exited" ? std::string("it does not run")
                                                 : std::string("healthy");
    check.expect =
        std::get<expression>(expression::parse(fmt::format("{} == '{}'", seen, wanted_word)));
}

/// `{name}` in the definition's texts is the parameter of that name.
void put_in(node& in, node const& parameters)
{
    for (auto const& each : parameters.members) {
        auto const mark = "{" + each.key + "}";
        for (auto at = in.text.find(mark); at != std::string::npos;
             at = in.text.find(mark, at + each.value.text.size()))
            in.text.replace(at, mark.size(), each.value.text);
    }
    for (auto& each : in.items)
        put_in(each, parameters);
    for (auto& each : in.members)
        put_in(each.value, parameters);
}

void read_custom(node const& written, settings const& how, check_spec& check, reading& to)
{
    auto const name = how.text("custom");
    auto const known = to.customs.find(name);
    if (known == to.customs.end()) {
        std::vector<std::string_view> names;
        for (auto const& each : to.customs)
            names.push_back(each.first);
        to.found.add(how.at("custom"),
                     fmt::format("`custom`, here or in a file given by --with, has no check '{}'{}",
                                 name, suggestion(name, names)));
        return;
    }
    auto made = *known->second;
    put_in(made, written);
    auto const what = fmt::format("the check {}", name);
    if (made.find("command") == nullptr) {
        auto const before = to.found.count();
        auto const inner = decode_all(check_fields(), made, {}, what, to.found);
        if (inner.has("expect"))
            check.expect = use_expression(inner.text("expect"), inner.at("expect"), to);
        else if (inner.has("metric"))
            read_metric(made, inner, check, to);
        else if (to.found.count() == before)
            to.found.add(made.at, what + " needs one of expect, metric and command");
        if (!check.within && inner.has("within"))
            check.within = inner.duration("within");
        check.always = check.always || inner.flag("always", inner.has("metric"));
        return;
    }
    auto part = read_part(made, to.kinds.probes, {}, what, to.found);
    if (!part)
        return;
    part->name = "custom." + as_name(name);
    if (!part->how.has("of"))
        part->how.set("of", {"status", made.at, {}});
    check.expect =
        std::get<expression>(expression::parse(implied_probe(std::move(*part), to) + " == 0"));
}

std::string shown_name(node const& written, check_spec const& check)
{
    if (auto const* custom = written.find("custom"))
        return custom->text;
    if (check.expect)
        return check.expect->text();
    auto text = check.metric;
    for (auto const* key : {"condition", "value"})
        if (auto const* part = written.find(key)) {
            text += " " + part->text;
            for (auto const& each : part->items)
                text += " " + each.text;
        }
    return text;
}

/// Faults for keys that mean nothing beside what the check is of.
void check_company(node const& written, settings const& how, faults& found)
{
    auto const no_use = [&](std::string_view key, std::string_view beside) {
        if (how.has(key) && how.has(beside))
            found.add(written.find(key)->at, fmt::format("{} is of no use with {}", key, beside));
    };
    for (auto const* key : {"value", "tolerance"})
        for (auto const* subject : {"expect", "container"})
            no_use(key, subject);
    no_use("condition", "expect");
    no_use("always", "within");
    no_use("during", "after_phase");
}

std::optional<check_spec> read_check(node const& written, std::string_view stage, reading& to)
{
    auto const what = fmt::format("a check of {}", stage);
    if (!written.is_mapping()) {
        to.found.add(written.at, what + " must be a mapping");
        return std::nullopt;
    }
    std::vector<std::string_view> parameters;
    if (written.find("custom") != nullptr)
        for (auto const& member : written.members)
            if (std::ranges::find(check_fields(), member.key, &field::name) == check_fields().end())
                parameters.push_back(member.key);
    auto const before = to.found.count();
    auto const how = decode_all(check_fields(), written, parameters, what, to.found);
    check_spec check{.at = written.at,
                     .always = how.flag("always", how.has("metric")),
                     .after_phase = how.text("after_phase"),
                     .during = how.text("during")};
    if (how.has("within"))
        check.within = how.duration("within");
    for (auto const* key : {"after_phase", "during"})
        if (how.has(key))
            to.uses.push_back({named_use::as::phase, how.at(key), how.text(key)});
    int subjects = 0;
    for (auto const* key : {"expect", "metric", "container", "custom"})
        subjects += how.has(key) ? 1 : 0;
    if (subjects != 1) {
        if (to.found.count() == before)
            to.found.add(written.at, what + " needs one of expect, metric, container and custom");
        return std::nullopt;
    }
    check_company(written, how, to.found);
    if (how.has("expect"))
        check.expect = use_expression(how.text("expect"), how.at("expect"), to);
    else if (how.has("metric"))
        read_metric(written, how, check, to);
    else if (how.has("container"))
        read_container(how, check, to);
    else
        read_custom(written, how, check, to);
    check.name = how.text("name", how.text("description"));
    if (check.name.empty())
        check.name = how.has("container") ? fmt::format("{} {}", how.text("container"),
                                                        how.text("condition", "healthy"))
                                          : shown_name(written, check);
    return check;
}

}  // namespace

expression use_expression(std::string const& text, place at, reading& to)
{
    auto read = std::get<expression>(expression::parse(text));
    if (!read.is_condition())
        to.found.add(at, fmt::format("'{}' compares nothing, and can be neither true nor false; "
                                     "such as: {} > 0",
                                     text, text));
    to.uses.push_back({named_use::as::expression, at, {}, read});
    return read;
}

std::vector<check_spec> read_checks(node const& section, std::string_view stage, reading& to)
{
    std::vector<check_spec> all;
    if (!section.is_list()) {
        to.found.add(section.at, fmt::format("{} must be a list of checks", stage));
        return all;
    }
    for (auto const& each : section.items)
        if (auto check = read_check(each, stage, to))
            all.push_back(*std::move(check));
    return all;
}

}  // namespace aconite::experiment
