#include "toxics/mongodb/fault.hpp"

#include "proxy/net/split.hpp"
#include "toxics/mongodb/bson.hpp"
#include "toxics/mongodb/presets.hpp"
#include "toxics/mongodb/protocol.hpp"
#include "toxics/protocol_toxic.hpp"

#include <aconite/toxic_type.hpp>

#include <algorithm>
#include <chrono>

namespace aconite::mongodb {
namespace {

/// In the order of `act`, behind the one for what the preset says.
constexpr std::string_view fault_names[] = {"", "error", "lose_reply", "disconnect", "delay"};
constexpr std::size_t text_bytes_max = 1000;
constexpr std::size_t labels_max = 8;
/// A label that is none: so that there are no others.
constexpr std::string_view no_label = "none";

using settings = toxics::preset_values<preset>;
constexpr auto preset_names = toxics::names_of(all_presets);

constexpr attribute fault_attributes[] = {
    toxics::preset_row(preset_names),
    toxics::fault_row("what is done to a command or its answer", fault_names),
    toxics::text_row("error", "of error: its name, as WriteConflict, or any code"),
    toxics::text_row("message", "of error: what it says; by default what is usual"),
    toxics::text_row(
        "labels",
        "of error: its labels, with commas, or none; by default those that a server adds"),
    toxics::apply_row("of error, disconnect: before the server executes it, or after"),
    toxics::choice_row("then",
                       "of error, lose_reply: what becomes of the connection; an error goes on, a "
                       "lost answer resets",
                       toxics::outcome_names),
    toxics::cut_row("of disconnect: how the connection ends"),
    toxics::rate_row("share of the commands, drawn for each"),
    toxics::delay_row("before it goes on to the server"),
};

/// The names between the commas.
std::vector<std::string> labels_in(std::string_view text)
{
    std::vector<std::string> made;
    while (!text.empty())
        if (auto const each = take_item(text); !each.empty())
            made.emplace_back(each);
    return made;
}

}  // namespace

std::string fault::error_document(request const& of) const
{
    bson_writer made;
    std::vector<std::string_view> told(labels.begin(), labels.end());
    if (told.empty())
        told = labels_of(error, of);
    std::erase(told, no_label);
    if (!told.empty()) {
        bson_writer list;
        for (std::size_t i = 0; i < told.size(); ++i)
            list.put(std::to_string(i), told[i]);
        made.put("errorLabels", bson_type::list, list.take());
    }
    auto const name =
        error.name.empty() ? "Location" + std::to_string(error.code) : std::string(error.name);
    made.put("ok", 0.0);
    made.put("errmsg", !text.empty() ? text : error.text.empty() ? name : error.text);
    made.put("code", error.code);
    made.put("codeName", name);
    return made.take();
}

std::shared_ptr<operation_fault const> make_fault(attribute_values const& values)
{
    settings const set(values, all_presets);
    auto made = toxics::begin_fault<fault>(values, set, fault_names);
    if (made->does == act::error || made->does == act::lose_reply)
        made->then = toxics::outcome_of(set.text("then", &preset::then),
                                        made->does == act::error ? toxics::outcome::goes_on
                                                                 : toxics::outcome::reset);
    made->error = find_error(set.text("error", &preset::error)).value_or(server_error{});
    made->text = values.text("message");
    made->labels = labels_in(values.text("labels"));
    return made;
}

result<void> check_fault(attribute_values const& values)
{
    settings const set(values, all_presets);
    auto const kind = set.text("fault", &preset::fault);
    auto const error = set.text("error", &preset::error);
    auto const checked = toxics::check_kind(kind, set.integer("delay", &preset::delay_ms));
    if (!checked)
        return checked;
    if (kind == "error" && !find_error(error))
        return toxics::bad_attribute("error",
                                     "the name of an error that is known, as WriteConflict, or a "
                                     "code from 1 to 2147483647");
    std::string_view const text = values.text("message");
    if (text.size() > text_bytes_max || text.find('\0') != std::string_view::npos)
        return toxics::bad_attribute("message", "a text of at most 1000 bytes");
    std::string_view const labels = values.text("labels");
    if (labels.size() > text_bytes_max || labels.find('\0') != std::string_view::npos ||
        labels_in(labels).size() > labels_max)
        return toxics::bad_attribute("labels", "at most 8 names, and 1000 bytes");
    return {};
}

std::string_view implied_match(attribute_values const& values, std::string_view field)
{
    settings const set(values, all_presets);
    auto const* known = set.preset();
    return field == "command" && known != nullptr ? known->command : "";
}

}  // namespace aconite::mongodb

namespace aconite::toxics {

extern constinit toxic_type const mongodb_type{
    .name = "mongodb",
    .summary = "errors with codes and labels, lost answers by command and collection",
    .attributes = mongodb::fault_attributes,
    .acts_on = stream::both,
    .check = &mongodb::check_fault,
    .protocol = &mongodb::protocol,
    .fault = &mongodb::make_fault,
    .implied_match = &mongodb::implied_match,
    .implied_schedule = &implied_schedule<mongodb::all_presets>,
};

}  // namespace aconite::toxics
