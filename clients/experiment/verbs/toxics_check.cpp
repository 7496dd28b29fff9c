#include "clients/experiment/verbs/toxics_check.hpp"

#include "api/json/codec.hpp"
#include "clients/experiment/actions/toxics.hpp"
#include "clients/experiment/values/suggestion.hpp"
#include "clients/experiment/values/units.hpp"

#include <aconite/engine.hpp>
#include <aconite/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace aconite::experiment {
namespace {

constexpr std::array<std::string_view, 6> members = {"attributes", "match",  "trigger",
                                                     "schedule",   "stream", "toxicity"};

/// Where the member of a toxic stands that a pointer or a problem's text names.
place place_in_toxic(action_spec const& of, std::string_view text)
{
    for (auto const member : members)
        if (text.find(member) != text.npos && of.how.has(member))
            return of.how.at(member);
    // Texts about an attribute name it alone.
    return of.how.has("attributes") ? of.how.at("attributes") : of.at;
}

std::string told(problem const& why)
{
    constexpr std::string_view prefix = "bad request body: ";
    auto const text = why.text.starts_with(prefix) ? why.text.substr(prefix.size()) : why.text;
    return printable(text);
}

/// The protocol of a proxy: a name, or what there is to say of its frames.
std::string spoken_by(json const& proxy)
{
    auto const found = proxy.find("protocol");
    if (found == proxy.end())
        return "";
    return found->is_string() ? found->get<std::string>() : "frame";
}

class toxics_check {
public:
    toxics_check(experiment_spec const& of, faults& found) : of_(of), found_(found)
    {
        for (auto const* each : types_.all())
            names_.push_back(each->name);
    }

    void check_action(action_spec const& action)
    {
        auto const bodies = toxic_bodies(action.type, action.how);
        if (!bodies)
            return;  // told when its action was made
        for (auto const& body : *bodies)
            check_toxic(action, body);
    }

private:
    void check_toxic(action_spec const& action, json const& body)
    {
        auto const type_name = body.value("type", "");
        auto const* type = types_.find(type_name);
        if (type == nullptr) {
            auto const key = action.type == "preset" ? "protocol" : "type";
            found_.add(
                action.how.has(key) ? action.how.at(key) : action.at,
                fmt::format("no toxic is called '{}'{}", type_name, suggestion(type_name, names_)));
            return;
        }
        if (are_times_unread(action, *type, body["attributes"]))
            return;
        api::ignored_members ignored;
        auto draft = api::decode_toxic(body, "", ignored);
        if (!draft)
            return refuse(action, draft.error());
        auto const config = api::finish_toxic(*std::move(draft), *type, ignored);
        if (!config)
            return refuse(action, config.error());
        if (auto const taken = aconite::check(types_, *config); !taken)
            return refuse(action, taken.error());
        for (auto const& pointer : ignored)
            tell_unknown(action, *type, pointer);
        if (type->protocol != nullptr)
            check_protocol(action, type->protocol->name);
    }

    /// A text that is a time has been read as one; the server's words name no units.
    bool are_times_unread(action_spec const& action, toxic_type const& type, json const& given)
    {
        bool any = false;
        for (auto const& each : type.attributes) {
            auto const found = given.find(each.name);
            if (each.unit != "ms" || found == given.end() || !found->is_string())
                continue;
            any = true;
            found_.add(place_in_toxic(action, "attributes"),
                       fmt::format("{}: {} must be a number of ms, or a time with its unit ({}), "
                                   "not '{}'",
                                   action.name, each.name, time_unit_names,
                                   printable(found->get<std::string>())));
        }
        return any;
    }

    void refuse(action_spec const& action, problem const& why)
    {
        auto const text = told(why);
        found_.add(place_in_toxic(action, text), fmt::format("{}: {}", action.name, text));
    }

    /// What a server would overlook, as Toxiproxy does.
    void tell_unknown(action_spec const& action, toxic_type const& type, std::string_view pointer)
    {
        auto const name = pointer.substr(pointer.rfind('/') + 1);
        std::vector<std::string_view> known;
        for (auto const& each : type.attributes)
            known.push_back(each.name);
        bool const is_attribute = pointer.starts_with("/attributes/");
        found_.add(place_in_toxic(action, pointer),
                   is_attribute ? fmt::format("the toxic {} has no attribute '{}'{}", type.name,
                                              name, suggestion(name, known))
                                : fmt::format("the toxic {} has no {}", type.name, pointer));
    }

    /// Only what the file says of its proxies is known here.
    void check_protocol(action_spec const& action, std::string_view protocol)
    {
        for (auto const& name : action.targets) {
            auto const target = of_.targets.find(name);
            auto const proxy = target == of_.targets.end() ? name : target->second.proxy;
            auto const made = std::ranges::find_if(
                of_.proxies, [&](json const& each) { return each.value("name", "") == proxy; });
            if (made != of_.proxies.end() && spoken_by(*made) != protocol)
                found_.add(action.at, fmt::format("{}: the proxy {} needs 'protocol: {}' for this",
                                                  action.name, proxy, protocol));
        }
    }

    experiment_spec const& of_;
    faults& found_;
    toxic_registry types_ = toxic_registry::builtin();
    std::vector<std::string_view> names_;
};

}  // namespace

void check_toxics(experiment_spec const& of, faults& found)
{
    toxics_check check(of, found);
    for (auto const& phase : of.phases)
        for (auto const& action : phase.actions)
            check.check_action(action);
}

}  // namespace aconite::experiment
