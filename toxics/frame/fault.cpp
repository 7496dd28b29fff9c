#include "toxics/frame/fault.hpp"

#include "toxics/frame/protocol.hpp"
#include "toxics/protocol_toxic.hpp"

#include <aconite/toxic_type.hpp>

#include <algorithm>

namespace aconite::frame {
namespace {

/// In the order of `act`, behind an empty one for a delay alone.
constexpr std::string_view fault_names[] = {
    "", "disconnect", "drop", "duplicate", "replace", "reorder", "truncate", "lose_reply", "delay"};
constexpr std::string_view cut_names[] = {"rst", "fin", "none"};
constexpr std::string_view reply_names[] = {"next", "same"};
constexpr std::string_view length_names[] = {"right", "as_was"};
constexpr std::size_t content_max = 65'536;

constexpr attribute fault_attributes[] = {
    toxics::fault_row("what is done to a frame", fault_names),
    toxics::text_row("text", "of replace: what the frame is instead, behind what is kept of it"),
    toxics::text_row("hex", "of replace: the same in hexadecimal digits"),
    {.name = "keep",
     .unit = "bytes",
     .summary = "of replace: so many bytes of the frame stay in front; at least up to its length",
     .maximum = 65'536,
     .extra = true},
    toxics::choice_row("length",
                       "of replace, truncate: whether the frame's length is put right, or its "
                       "delimiter set, or it is filled with zeros to the fixed size",
                       length_names),
    {.name = "size",
     .unit = "bytes",
     .summary = "of truncate: so many of the frame's first bytes are left",
     .maximum = 65'536,
     .extra = true},
    {.name = "copies",
     .unit = "frames",
     .summary = "of duplicate: how many more of it come",
     .fallback = 1,
     .minimum = 1,
     .maximum = 16,
     .extra = true},
    {.name = "behind",
     .unit = "frames",
     .summary = "of reorder: so many others overtake it",
     .fallback = 1,
     .minimum = 1,
     .maximum = 1000,
     .extra = true},
    {.name = "wait",
     .unit = "ms",
     .summary = "of reorder: it waits no longer for them",
     .fallback = 1000,
     .minimum = 1,
     .maximum = 3'600'000,
     .extra = true},
    toxics::choice_row("reply",
                       "of lose_reply: which frame of the server is the answer, the next one or "
                       "the one of the same number",
                       reply_names),
    toxics::apply_row("of disconnect: in place of the frame, or behind it"),
    toxics::choice_row(
        "cut", "of disconnect, lose_reply: how the connection ends; none: only the answer is lost",
        cut_names),
    toxics::rate_row("share of the frames, drawn for each"),
    toxics::delay_row("before it goes on, and what is behind it"),
};

std::string content_of(attribute_values const& values)
{
    auto const& hex = values.text("hex");
    return hex.empty() ? values.text("text") : bytes_of_hex(hex).value_or("");
}

}  // namespace

std::string fault::changed(std::string_view frame, framing const& how) const
{
    std::string made;
    if (does == act::truncate) {
        made = frame.substr(0, right ? std::max(size, how.header_bytes()) : size);
    } else {
        made = frame.substr(0, std::max(keep, how.header_bytes()));
        made.append(content);
    }
    return !right || how.put_right(made) ? made : std::string();
}

std::shared_ptr<operation_fault const> make_fault(attribute_values const& values)
{
    auto made = std::make_shared<fault>();
    auto const kind = toxics::position_of(fault_names, values.choice("fault"));
    made->does = kind == 0 ? act::delay : static_cast<act>(kind - 1);
    made->rate = values.number("rate");
    made->delay = values.ms("delay");
    made->only_delays = made->does == act::delay;
    made->after = values.choice("apply") == "after";
    auto const& cut = values.choice("cut");
    made->cut = cut == "fin" ? ending::close : ending::reset;
    bool const may_end = made->does == act::disconnect || made->does == act::lose_reply;
    if (may_end && cut != "none")
        made->then = toxics::outcome_of(made->cut);
    made->same = values.choice("reply") == "same";
    made->right = values.choice("length") == "right";
    made->content = content_of(values);
    made->keep = static_cast<std::size_t>(values["keep"]);
    made->size = static_cast<std::size_t>(values["size"]);
    made->copies = static_cast<std::size_t>(values["copies"]);
    made->behind = static_cast<std::uint64_t>(values["behind"]);
    made->wait = values.ms("wait");
    return made;
}

result<void> check_fault(attribute_values const& values)
{
    auto const& kind = values.choice("fault");
    auto const delay = values["delay"];
    if (kind.empty() && delay == 0)
        return toxics::bad_attribute("fault", "set, or 'delay'");
    if (kind == "delay" && delay == 0)
        return toxics::bad_attribute("delay", "at least 1 ms for the fault delay");
    if (!bytes_of_hex(values.text("hex")))
        return toxics::bad_attribute("hex", "pairs of hexadecimal digits");
    if (!values.text("hex").empty() && !values.text("text").empty())
        return toxics::bad_attribute("hex", "empty beside 'text'");
    if (content_of(values).size() > content_max)
        return toxics::bad_attribute("text", "at most 65536 bytes, as 'hex'");
    if (kind == "disconnect" && values.choice("cut") == "none")
        return toxics::bad_attribute("cut", "rst or fin for the fault disconnect");
    return {};
}

}  // namespace aconite::frame

namespace aconite::toxics {

extern constinit toxic_type const frame_type{
    .name = "frame",
    .summary = "faults of single frames of any protocol: lost, late, twice, others, cut short",
    .attributes = frame::fault_attributes,
    .check = &frame::check_fault,
    .protocol = &frame::protocol,
    .fault = &frame::make_fault,
};

}  // namespace aconite::toxics
