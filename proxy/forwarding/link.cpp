#include "proxy/forwarding/link.hpp"

#include "proxy/forwarding/session.hpp"
#include "proxy/forwarding/shard.hpp"
#include "proxy/forwarding/talk.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace aconite {
namespace {

std::span<char> first(std::span<char> space, std::size_t most)
{
    return space.first(std::min(space.size(), most));
}

/// A splice pays from there on, and the talk is asked again behind it.
constexpr std::uint64_t unseen_bytes_min = 64 * 1024;

/// The error is about splicing, not about the stream: a sandbox, or no memory.
bool cannot_splice(int error)
{
    return error == EINVAL || error == ENOSYS || error == EPERM || error == ENOMEM;
}

}  // namespace

bool link::pump(time_point now)
{
    turn_left_bytes_ = owner_.home().turn_budget();
    std::uint64_t const stop_at = received_bytes_ + turn_left_bytes_;
    bool stopped = false;
    pumping_ = true;
    while (!stopped && drain(now) && fill(now))
        stopped = received_bytes_ >= stop_at;
    pumping_ = false;
    stopped = stopped || turn_left_bytes_ == 0;
    // The reset of a peer need not wait for a receiver that does not read, nor for a sender that
    // has nothing to say to a peer which is gone.
    bool const reader_stalls = from_.broken && !input_ended_ && !to_.writable;
    bool const reader_gone = to_.broken && owner_.other(*this).done();
    if (!done_ && (reader_stalls || reader_gone)) {
        owner_.blame(reader_stalls ? source() : destination(), ending::reset);
        finish(ending::reset);
    }
    account();
    if (pipe_ && (done_ || pipe_->held() == 0))
        return_pipe();
    if (!done_ && (line_ || pace_))
        owner_.home().wake(*this, stopped ? never : next_due());
    return stopped && !done_;
}

/// When to pump again, if no socket asks for it before.
time_point link::next_due() const
{
    auto const by_line = line_ ? line_->next_due() : never;
    bool const waits_to_read = pace_ && from_.readable && to_.writable && !input_ended_;
    return waits_to_read ? std::min(by_line, pace_->keeper.next()) : by_line;
}

/// Keeps the shard's budget informed of what this link holds.
void link::account()
{
    auto held = (line_ ? line_->held_cost_bytes() : 0) + (queue_ ? queue_->held_cost_bytes() : 0);
    if (auto const* ahead = talk_ahead())
        held += ahead->held_bytes();
    owner_.home().adjust_held(accounted_bytes_, held);
    accounted_bytes_ = held;
}

void link::abandon()
{
    done_ = true;
    input_ended_ = true;
    if (line_)
        line_->abandon(owner_.home().now());
    line_.reset();
    queue_.reset();
    if (pipe_)
        return_pipe();
    count_drops(owner_.home().now());
    drop_received(0, nullptr);
    account();
    owner_.home().wake(*this, never);
}

/// Reads once and passes it on. False: nothing to read now, or no room for it. What goes to the
/// toxics has arrived when the read is over: `now` may be long ago, and nothing may leave early.
bool link::fill(time_point& now)
{
    if (input_ended_ || !from_.readable)
        return false;
    auto& home = owner_.home();
    auto most = home.turn_budget();
    if (pace_)
        most = std::min(most, pace_->keeper.allowance(now));
    if (most == 0)
        return false;
    auto& buffer = home.buffer();
    bool const spliced = splices();
    auto* const talking = owner_.talking();
    if (spliced && talking != nullptr)
        most = static_cast<std::size_t>(
            std::min<std::uint64_t>(most, talking->unseen_bytes(direction_)));
    auto const got = spliced ? from_.read(*pipe_, most) : from_.read(first(buffer.space(), most));
    if (line_)
        now = home.look_at_clock();
    if (pace_)
        count_paced(got.bytes, now);
    if (got.bytes > 0) {
        received_bytes_ += got.bytes;
        owner_.count_received(direction_, got.bytes);
        if (spliced) {
            meter_.spliced(got.bytes);
            if (talking != nullptr)
                talking->on_unseen(direction_, got.bytes);
        } else {
            meter_.copied(got.bytes);
            take_in(buffer, got.bytes, now);
        }
    } else if (got.eof) {
        end_input(source_failed_ ? ending::reset : ending::half_close, now);
    } else if (spliced && cannot_splice(got.error)) {
        meter_.no_pipe();
        return true;
    } else if (got.error != EAGAIN) {
        owner_.log_source_failure(direction_, received_bytes_, got.error);
        end_input(ending::reset, now);
    }
    return got.bytes > 0;
}

void link::on_act(stage_spec const& who, toxic_act const& what)
{
    owner_.record_act(direction_, who, what);
}

ended_by link::source() const
{
    return direction_ == stream::upstream ? ended_by::client : ended_by::upstream;
}

ended_by link::destination() const
{
    return direction_ == stream::upstream ? ended_by::upstream : ended_by::client;
}

/// Whether the next read goes into a pipe; then there is one.
bool link::splices()
{
    // A splice cannot step over urgent data, which stays behind.
    if (line_ || queue_ || !meter_.bulk() || from_.urgent)
        return false;
    if (auto const* talking = owner_.talking())
        if (talking->unseen_bytes(direction_) < unseen_bytes_min)
            return false;
    if (!pipe_ && !(pipe_ = owner_.home().pipes().take()))
        meter_.no_pipe();
    return pipe_ != nullptr;
}

/// What a pipe holds goes ahead of everything that is read from now on.
void link::unsplice(time_point now)
{
    auto& buffer = owner_.home().buffer();
    while (pipe_->held() > 0) {
        auto const offset = received_bytes_ - pipe_->held();
        auto const bytes = pipe_->read(buffer.space());
        // The talk has let them pass.
        (talk_behind() != nullptr ? line_in(queue_, offset) : line(offset))
            .push(buffer.take(bytes), now);
    }
    return_pipe();
}

void link::return_pipe()
{
    owner_.home().pipes().give_back(std::move(pipe_));
}

/// What was read goes to whoever stands first.
void link::take_in(read_buffer& buffer, std::size_t count, time_point now)
{
    if (auto* const ahead = talk_ahead())
        ahead->on_data(direction_, {buffer.space().data(), count}, now);
    else
        forward(buffer, count, now);
}

/// Without toxics and with nothing waiting the bytes are sent from where they were read.
void link::forward(read_buffer& buffer, std::size_t count, time_point now)
{
    bool const direct = !line_ || line_->idle();
    if (auto* const behind = talk_behind(); behind != nullptr && direct) {
        behind->on_data(direction_, {buffer.space().data(), count}, now);
        return;
    }
    std::size_t const sent = direct ? send({buffer.space().data(), count}) : std::size_t{0};
    if (sent == count || done_)
        return;
    auto rest = buffer.take(count);
    rest.remove_prefix(sent);
    auto& queue = line(received_bytes_ - rest.size());
    queue.push(std::move(rest), now);
}

void link::end_input(ending how, time_point now)
{
    if (std::exchange(input_ended_, true))
        return;
    owner_.blame(source(), how);
    if (auto* const ahead = talk_ahead())
        ahead->on_end(direction_, how, now);
    else
        end_toxics(how, now);
}

/// Nothing comes to the toxics any more.
void link::end_toxics(ending how, time_point now)
{
    if (line_ && !line_->idle()) {
        line_->push_end(how, now);
        drain_line(now);
    } else if (auto* const behind = talk_behind()) {
        toxics_ended_ = true;
        behind->on_end(direction_, how, now);
    } else {
        finish(how);
    }
}

/// As soon as a read, without a copy, unless toxics or a full socket are in the way.
void link::leave_talk(std::string_view bytes)
{
    if (done_)
        return;
    if (pipe_ && pipe_->held() > 0)
        unsplice(owner_.home().now());
    auto& next = talk_ahead() != nullptr ? line_ : queue_;
    auto const sent = !next || next->idle() ? send(bytes) : std::size_t{0};
    if (sent == bytes.size() || done_)
        return;
    line_in(next, received_bytes_).push(slice::copy_of(bytes.substr(sent)), owner_.home().now());
    if (!pumping_)
        owner_.pump_later();
}

void link::end_talk(ending how)
{
    if (done_)
        return;
    input_ended_ = true;
    if (pipe_ && pipe_->held() > 0)
        unsplice(owner_.home().now());
    auto& next = talk_ahead() != nullptr ? line_ : queue_;
    if (!next || next->idle()) {
        finish(how);
        return;
    }
    next->push_end(how, owner_.home().now());
    if (!pumping_)
        owner_.pump_later();
}

talk* link::talk_ahead() const
{
    return direction_ == stream::downstream ? owner_.talking() : nullptr;
}

talk* link::talk_behind() const
{
    return direction_ == stream::upstream ? owner_.talking() : nullptr;
}

void link::finish(ending how)
{
    if (line_ && line_->cut_by() != 0)
        owner_.blame(ended_by::toxic, how, line_->cut_by());
    done_ = true;
    input_ended_ = true;
    owner_.on_link_end(*this, source_failed_ ? ending::reset : how);
}

void link::source_failed()
{
    if (done_) {
        owner_.on_link_end(*this, ending::reset);
        return;
    }
    source_failed_ = true;
    from_.readable = true;
    owner_.pump_later();
}

void link::apply(plan const& next, time_point now)
{
    auto specs = next.draw_for(direction_, owner_.facts(), owner_.home().index());
    leave_to_kernel(specs);  // also when done: the peer still acknowledges what it is sent
    if (done_)
        return;
    if (pace_by(specs))
        specs.clear();
    if (specs.empty() && !line_)
        return;
    if (pipe_)
        unsplice(now);
    line(received_bytes_).apply(specs, now);
}

duration link::idle_time() const
{
    auto const* const talking = owner_.talking();
    if ((line_ && line_->busy()) || (talking != nullptr && talking->held_bytes() > 0))
        return duration::zero();
    return std::min(from_.since_received(), to_.since_sent());
}

void link::on_alarm(time_point now)
{
    owner_.pump(now);
    owner_.home().look_at_mail();
}

/// The pipeline, made if there is none; `offset` is that of the next byte to be pushed.
pipeline& link::line(std::uint64_t offset)
{
    return line_in(line_, offset);
}

pipeline& link::line_in(std::unique_ptr<pipeline>& which, std::uint64_t offset)
{
    if (!which)
        which = std::make_unique<pipeline>(offset, &owner_.grants(), this);
    return *which;
}

}  // namespace aconite
