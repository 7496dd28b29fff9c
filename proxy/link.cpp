#include "proxy/link.hpp"

#include "proxy/session.hpp"
#include "proxy/shard.hpp"

#include <cerrno>
#include <utility>

namespace aconite {
namespace {

/// How much one direction may move before the others get their turn.
constexpr std::size_t turn_budget_bytes = 256 * 1024;

}  // namespace

bool link::pump(time_point now)
{
    auto const scratch = owner_.home().scratch();
    std::uint64_t const stop_at = received_bytes_ + turn_budget_bytes;
    while (!done_) {
        if (line_)
            drain(now);
        if (done_ || !fill(scratch, now))
            break;
        if (received_bytes_ >= stop_at) {
            account();
            return true;
        }
    }
    account();
    if (line_ && !done_)
        owner_.home().wake(*this, line_->next_due());
    return false;
}

/// Keeps the shard's budget informed of what this link holds.
void link::account()
{
    auto const held = line_ ? line_->held_bytes() : 0;
    owner_.home().adjust_held(accounted_bytes_, held);
    accounted_bytes_ = held;
}

void link::abandon()
{
    done_ = true;
    input_ended_ = true;
    line_.reset();
    account();
    owner_.home().wake(*this, never);
}

/// Reads once and passes it on. False: nothing to read now, or no room for it.
bool link::fill(std::span<char> scratch, time_point now)
{
    if (input_ended_ || !from_.readable || (line_ && !line_->accepts()))
        return false;
    if (line_ && owner_.home().over_budget(line_->held_bytes()))
        return false;
    auto const got = from_.read(scratch);
    if (got.bytes > 0) {
        received_bytes_ += got.bytes;
        owner_.count_received(direction_, got.bytes);
        forward({scratch.data(), got.bytes}, now);
    } else if (got.eof) {
        end_input(source_failed_ ? ending::reset : ending::half_close, now);
    } else if (got.error != EAGAIN) {
        owner_.log_source_failure(direction_, received_bytes_, got.error);
        end_input(ending::reset, now);
    }
    return got.bytes > 0;
}

/// Without toxics and with nothing waiting the bytes are sent from where they were read.
void link::forward(std::string_view bytes, time_point now)
{
    if (!line_ || line_->idle())
        bytes.remove_prefix(send(bytes));
    if (!bytes.empty() && !done_) {
        line(received_bytes_ - bytes.size()).push(slice::copy_of(bytes), now);
    }
}

void link::end_input(ending how, time_point now)
{
    if (std::exchange(input_ended_, true))
        return;
    if (!line_ || line_->idle()) {
        finish(how);
        return;
    }
    line_->push_end(how, now);
    drain(now);
}

/// Writes what is due until the socket is full or nothing more is due.
void link::drain(time_point now)
{
    for (;;) {
        line_->advance(now);
        auto const bytes = line_->front();
        if (bytes.empty() || done_)
            break;
        auto const sent = send(bytes);
        if (sent == 0)
            break;
        line_->consume(sent);
    }
    if (done_)
        return;
    if (auto const how = line_->ended())
        finish(*how);
    else if (line_->reset_pending())
        finish(ending::reset);
    else if (line_->idle())
        line_.reset();
}

/// How much of `bytes` the socket took; 0 if it is full or broken.
std::size_t link::send(std::string_view bytes)
{
    std::size_t sent = 0;
    while (sent < bytes.size() && to_.writable) {
        auto const put = to_.write(bytes.substr(sent));
        sent += put.bytes;
        if (put.error != 0 && put.error != EAGAIN) {
            destination_failed(put.error);
            break;
        }
    }
    if (sent > 0)
        owner_.count_sent(direction_, sent);
    return sent;
}

void link::finish(ending how)
{
    done_ = true;
    input_ended_ = true;
    owner_.on_link_end(*this, how);
}

/// Nobody is left to write to. The other direction, which reads from that peer, carries the
/// news on behind what can still be read and what it holds.
void link::destination_failed(int error)
{
    owner_.log_destination_failure(direction_, received_bytes_, error);
    done_ = true;
    input_ended_ = true;
    owner_.other(*this).source_failed();
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
    if (done_)
        return;
    auto const specs = next.draw_for(direction_, owner_.ordinal());
    if (specs.empty() && !line_)
        return;
    line(received_bytes_).apply(specs, now);
}

void link::on_alarm(time_point now)
{
    owner_.pump(now);
}

/// The pipeline, made if there is none; `offset` is that of the next byte to be pushed.
pipeline& link::line(std::uint64_t offset)
{
    if (!line_)
        line_ = std::make_unique<pipeline>(offset);
    return *line_;
}

}  // namespace aconite
