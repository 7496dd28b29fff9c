// What toxics say of a command, and what is done with it then.
#include "toxics/redis/errors.hpp"
#include "toxics/redis/follower.hpp"
#include "toxics/redis/question.hpp"

#include <utility>

namespace aconite::redis {
namespace {

/// Servers refuse it, and a transaction in which it stands is not executed.
constexpr std::string_view refused = "*1\r\n$4\r\nECHO\r\n";
/// In place of an EXEC: with that the transaction is over.
constexpr std::string_view discard = "*1\r\n$7\r\nDISCARD\r\n";

}  // namespace

/// A command with a key is for a node, so a toxic may tell that it is for another one: unless the
/// client has asked for it all the same, or was told so before and has come again.
void follower::ask_of_key(conversation_context& link)
{
    if (!asking_.has_key() || session_.is_asking())
        return;
    auto& moved = common_->moved;
    bool knows = false;
    if (!told_slots_.empty() || !moved.empty()) {
        auto const slot = slot_of(asking_.key());
        if (moved.take(slot, link.now()))
            told_slots_.insert(slot);
        knows = told_slots_.contains(slot);
    }
    asking_.set_kinds(knows ? kinds_with_key : kinds_with_new_key);
}

/// A command is there, or as much of it as is looked at: `bytes`, behind others that are to go on
/// `before` it. False: it may go on as it came, and has not gone yet.
bool follower::rule_on_command(std::string_view bytes, std::string_view before,
                               conversation_context& link)
{
    command_fate_ = fate::pass;
    bool const is_held = !held_.empty();
    operation_ruling ruling;
    std::optional<passage> next;
    if (command_.count() > 0 && !doom_.is_set()) {  // else it says nothing
        asking_.is_about(session_, command_);
        ask_of_key(link);
        auto const about = asking_.about(ordinal_++, offset_);
        ruling = link.ask(about);
        if (ruling.fault) {
            link.send(stream::upstream, before);
            next = carry_out(ruling, about, bytes, link);
            if (!next)
                return true;
        }
    }
    if (!next) {
        auto expects = command_.count() > 0 ? note_command(nullptr) : std::nullopt;
        if (ruling.delay <= duration::zero() && !is_held) {
            if (expects)
                unanswered_.push_back(*std::move(expects));
            return false;
        }
        link.send(stream::upstream, before);
        next = passage{std::string(bytes), std::move(expects)};
    }
    if (ruling.delay > duration::zero()) {
        auto const size = next->bytes.size();
        waits_.begin(*std::move(next), size, ruling, link);
    } else {
        pass_command(*std::move(next), link);
    }
    return true;
}

/// Does a fault to a command, and notes what is to be done to its answer. None: it goes no further.
std::optional<follower::passage> follower::carry_out(operation_ruling const& ruling,
                                                     operation const& about, std::string_view bytes,
                                                     conversation_context& link)
{
    auto how = std::make_shared<treatment>();
    how->what = std::static_pointer_cast<fault const>(ruling.fault);
    how->toxic = ruling.toxic.id;
    how->about = {about.ordinal, about.offset, {}};
    how->slot = slot_of(asking_.key());
    auto const& what = *how->what;
    if (what.does == act::lose_request) {
        loses_ = true;
        return std::nullopt;
    }
    if (what.does == act::disconnect && !what.after) {
        state_.end(what.cut, how->toxic, link);
        return std::nullopt;
    }
    if (what.does == act::error)
        how->error =
            what.error_line(asking_.key(), what.asks_own_node() ? own_node(link) : std::string());
    if (what.does == act::error && !what.after) {
        command_fate_ = fate::drop;
        how->instead = true;
        bool const ends = asking_.name() == "EXEC" || asking_.name() == "DISCARD";
        std::optional<asked> expects;
        if (what.ends())
            doom_.set(how);
        auto const means = session_.note_refused(asking_.name());
        if (means.answered)
            expects = asked{means.changes, telling::nothing, std::move(how)};
        return passage{std::string(ends ? discard : refused), std::move(expects)};
    }
    if (what.does == act::nil) {
        how->misses = miss_of(asking_.whole_name(), asking_.is_known());
        if (how->misses == miss::line)
            how->error = miss_line(asking_.whole_name(), command_.words());
        if (how->misses == miss::none)
            link.tell(how->toxic, about, "passed: it looks nothing up");
    }
    if (what.does == act::stale) {
        if (asking_.reads_only() && command_.is_whole())
            how->command = std::to_string(session_.database()) + " " + std::string(bytes);
        else
            link.tell(how->toxic, about, "passed: it does more than to read");
    }
    if (what.ends())
        doom_.set(how);
    auto const toxic = how->toxic;
    auto expects = note_command(std::move(how));
    if (!expects)
        link.tell(toxic, about, "passed: it has no answer");
    return passage{std::string(bytes), std::move(expects)};
}

}  // namespace aconite::redis
