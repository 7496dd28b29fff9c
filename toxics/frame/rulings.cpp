// What toxics do to frames.
#include "toxics/frame/follower.hpp"

#include "toxics/frame/protocol.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace aconite::frame {
namespace {

std::string digits_of(std::string_view bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string made;
    made.reserve(2 * bytes.size());
    for (auto const c : bytes) {
        auto const byte = static_cast<unsigned char>(c);
        made.push_back(digits[byte >> 4U]);
        made.push_back(digits[byte & 15U]);
    }
    return made;
}

}  // namespace

/// Asks what is to be done to the frame of which `bytes` are all, or enough to judge it by. Whether
/// it goes on as it came, behind `before`; if not, both are dealt with.
bool follower::rule(stream on, std::string_view bytes, std::string_view before,
                    conversation_context& link)
{
    auto& s = of(on);
    auto const ordinal = std::to_string(s.ordinal);
    // However it was cut: of a large one with a delimiter the size is told of none.
    bool const is_sized = how_->kind != framing_kind::delimiter || bytes.size() <= held_bytes_max;
    auto const size = is_sized && s.reader.size() ? std::to_string(*s.reader.size()) : "";
    auto const hex = digits_of(bytes.substr(0, hex_matched));
    std::array<std::string_view, fact_count> const facts{ordinal, size, hex,
                                                         bytes.substr(0, bytes_matched)};
    operation const about{s.ordinal, s.offset, facts, {}, on};
    // What is asked for before an answer with which the connection ends is nobody's business.
    bool const is_doomed = on == stream::upstream && doom_.is_set();
    auto const ruling = is_doomed ? operation_ruling{} : link.ask(about);
    s.becomes = fate::pass;
    if (!ruling.fault && ruling.delay == duration::zero())
        return true;
    put(on, before, link);
    if (ruling.fault)
        carry_out(on, bytes, about, ruling, link);
    else
        s.out.put(bytes, later(link.now(), ruling.delay), ruling.delayed_by);
    return false;
}

void follower::carry_out(stream on, std::string_view bytes, operation const& about,
                         operation_ruling const& ruling, conversation_context& link)
{
    auto& s = of(on);
    auto what = std::static_pointer_cast<fault const>(ruling.fault);
    auto const due = later(link.now(), ruling.delay);
    bool const whole = s.reader.is_whole() && bytes.size() <= held_bytes_max;
    auto const pass = [&](std::string_view why) {
        s.out.put(bytes, due, ruling.delayed_by);
        if (!why.empty())
            link.tell(ruling.toxic.id, about, why);
    };
    switch (what->does) {
    case act::disconnect:
        if (what->after) {
            pass({});
            s.end = end_behind{what->cut, ruling.toxic.id, due};
        } else {
            disconnect(on, what->cut, due, ruling.toxic.id);
        }
        return;
    case act::drop:
        s.becomes = fate::drop;
        return;
    case act::truncate:
        if (auto const made = what->changed(bytes, *how_); bytes.size() <= what->size) {
            pass("passed: it is not longer");
        } else if (what->right && made.empty()) {
            pass("passed: its length cannot be put right");
        } else {
            s.out.put(made, due, ruling.delayed_by);
            s.becomes = fate::drop;
        }
        return;
    case act::lose_reply:
        if (on == stream::downstream) {
            s.becomes = fate::drop;
            if (what->ends())
                disconnect(on, what->cut, due, ruling.toxic.id);
        } else if (what->same && same_lost_.size() >= losses_max) {
            pass("passed: too many answers are due to be lost");
        } else {
            pass({});
            auto const loss =
                std::make_shared<lost_reply const>(lost_reply{what, ruling.toxic, about.ordinal});
            if (what->ends())
                doom_.set(loss);
            what->same ? same_lost_.push_back(loss) : s.out.put_loss(loss, due);
        }
        return;
    default:
        break;
    }
    if (!whole) {
        pass("passed: it is larger than 65536 bytes");
        return;
    }
    switch (what->does) {
    case act::duplicate:
        for (std::size_t i = 0; i <= what->copies; ++i)
            s.out.put(bytes, due, ruling.delayed_by);
        return;
    case act::replace:
        if (auto const made = what->changed(bytes, *how_); !made.empty() || !what->right)
            s.out.put(made, due, ruling.delayed_by);
        else
            pass("passed: its length cannot be put right");
        return;
    case act::reorder:
        if (s.late) {
            pass("passed: another one waits");
            return;
        }
        s.late = late_frame{std::string(bytes), what->behind, later(due, what->wait), ruling.toxic};
        s.becomes = fate::drop;  // it is none of those that overtake it
        return;
    default:
        pass({});
    }
}

/// Why the frame of the server that begins is an answer that is lost; null: it is not.
lost_reply_ptr follower::take_loss()
{
    if (next_lost_)
        return std::exchange(next_lost_, nullptr);
    auto const ordinal = of(stream::downstream).ordinal;
    auto const same =
        std::ranges::find(same_lost_, ordinal, [](auto const& each) { return each->ordinal; });
    if (same == same_lost_.end())
        return nullptr;
    auto const lost = *same;
    same_lost_.erase(same);
    return lost;
}

/// Those by toxics that are gone or changed.
void follower::forget_losses(conversation_context const& link)
{
    if (next_lost_ && !next_lost_->is_due(link))
        next_lost_ = nullptr;
    std::erase_if(same_lost_, [&](auto const& each) { return !each->is_due(link); });
    for (auto& each : sides_)
        each.out.forget_losses(link);
}

void follower::disconnect(stream on, ending how, time_point due, std::uint64_t toxic)
{
    auto& s = of(on);
    s.out.put_end(how, due, toxic);
    s.over = true;
}

}  // namespace aconite::frame
