// The half of a conversation that the client speaks.
#include "toxics/redis/follower.hpp"

#include <utility>

namespace aconite::redis {
namespace {

/// The first byte of what TLS begins with.
constexpr char tls_handshake = 0x16;
/// What is kept of a command that no toxic is asked about: so much the session wants to know.
constexpr std::size_t words_of_session = 8;
/// And of one that a toxic is asked about: keys behind those are matched by nothing.
constexpr std::size_t words_max = 4096;

}  // namespace

/// What goes on as it came is sent in runs as long as they can be.
void follower::take_commands(std::string_view bytes, conversation_context& link)
{
    if (waits_) {
        waits_.add(bytes);
        return;
    }
    std::size_t sent = 0;
    std::size_t at = 0;
    if (!bytes.empty() && !std::exchange(begun_, true) && bytes.front() == tls_handshake)
        gives_up_ = "encrypted";
    std::size_t from = 0;  // where the command begins that is read, as far as it is not held
    while (at < bytes.size() && state_.is_open() && !waits_ && !loses_ && gives_up_.empty()) {
        if (!command_.is_begun()) {
            begin_command(link);
            from = at;
        }
        auto const taken = command_.feed(bytes.substr(at));
        at += taken;
        command_bytes_ += taken;
        if (command_.is_bad()) {
            gives_up_ = "not Redis' protocol";
        } else if (command_fate_ == fate::drop) {
            sent = at;
        } else if (command_fate_ == fate::open &&
                   (command_.is_whole() ||
                    held_.size() + at - from + command_.to_come() >= held_bytes_max)) {
            if (!held_.empty())
                held_.append(bytes.substr(from, at - from));
            auto const whole = held_.empty() ? bytes.substr(from, at - from) : held_;
            if (rule_on_command(whole, bytes.substr(sent, from - sent), link))
                sent = at;
            held_.clear();
        }
        if (command_.is_whole())
            end_command();
    }
    if (!state_.is_open() || loses_)
        return;
    if (waits_) {
        waits_.add(bytes.substr(at));
        return;
    }
    if (!gives_up_.empty()) {
        link.send(stream::upstream, std::exchange(held_, {}));
        link.send(stream::upstream, bytes.substr(sent));
        give_up(link);
        return;
    }
    if (command_.is_begun() && command_fate_ == fate::open) {
        at = from;
        held_.append(bytes.substr(from));
    }
    if (at > sent)
        link.send(stream::upstream, bytes.substr(sent, at - sent));
}

/// Without a toxic a command goes on as it comes.
void follower::begin_command(conversation_context& link)
{
    asks_ = link.asks();
    command_.restart(asks_ ? words_max : words_of_session);
    command_fate_ = asks_ ? fate::open : fate::pass;
}

void follower::end_command()
{
    if (!asks_)
        if (auto expects = note_command(nullptr))
            unanswered_.push_back(*std::move(expects));
    offset_ += std::exchange(command_bytes_, 0);
    command_.restart(0);
}

/// Of a command that goes to the server: what is expected then, if it has an answer.
std::optional<follower::asked> follower::note_command(treatment_ptr how)
{
    auto const means = session_.note(command_.words(), command_.count());
    if (means.replicates)
        gives_up_ = "replication";
    if (!means.answered)
        return std::nullopt;
    return asked{means.changes, told_by(command_.words()), std::move(how)};
}

void follower::pass_command(passage what, conversation_context& link)
{
    link.send(stream::upstream, what.bytes);
    if (what.expects)
        unanswered_.push_back(*std::move(what.expects));
}

/// The command that waits goes on, and what came behind it.
void follower::let_go(conversation_context& link)
{
    auto waited = waits_.take(link);
    pass_command(std::move(waited.request), link);
    take_commands(waited.behind, link);
    if (waited.end)
        on_end(stream::upstream, *waited.end, link);
}

}  // namespace aconite::redis
