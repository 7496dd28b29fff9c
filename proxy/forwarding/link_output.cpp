// A link's way out: what waits is written, as far as the turn and the socket allow.
#include "proxy/forwarding/link.hpp"
#include "proxy/forwarding/session.hpp"
#include "proxy/forwarding/shard.hpp"
#include "proxy/forwarding/talk.hpp"

#include <cerrno>
#include <string_view>
#include <utility>

namespace aconite {
namespace {

/// What a write costs beside its bytes and a piece that moves from toxic to toxic, as so many
/// bytes.
constexpr std::size_t write_cost_bytes = 4096;
constexpr std::size_t move_cost_bytes = 64;

}  // namespace

/// Writes what may leave now. Whether there is reason to read: room for it and, on the direct
/// path, a receiver that takes it.
bool link::drain(time_point now)
{
    if (pipe_ && pipe_->held() > 0 && !drain_pipe())
        return false;
    if (queue_)  // first: the toxics let go what there is room for behind them
        drain_to_socket(queue_, now);
    if (line_ && !done_)
        drain_line(now);
    if (done_)
        return false;
    if (auto const* const talking = owner_.talking(); talking && !talking->accepts(direction_))
        return false;
    if (!line_)
        return queue_ ? queue_->accepts() : to_.writable;
    return line_->accepts() && !owner_.home().over_budget(line_->held_cost_bytes());
}

/// Whether the pipe is empty now.
bool link::drain_pipe()
{
    if (!to_.writable)
        return false;
    auto const put = to_.write(*pipe_);
    if (put.bytes > 0)
        owner_.count_sent(direction_, put.bytes);
    if (put.error != 0 && put.error != EAGAIN) {
        destination_failed(put.error);  // may end the session, and with it the pipe
        return false;
    }
    return pipe_->held() == 0;
}

/// Or as much of it as the turn has left.
void link::drain_line(time_point now)
{
    if (auto* const behind = talk_behind())
        drain_to_talk(*behind, now);
    else
        drain_to_socket(line_, now);
}

void link::drain_to_socket(std::unique_ptr<pipeline>& from, time_point now)
{
    while (turn_left_bytes_ > 0) {
        spend(from->advance(now) * move_cost_bytes);
        auto const bytes = from->front();
        if (bytes.empty() || done_)
            break;
        auto const sent = send(bytes);
        if (sent == 0)
            break;
        from->consume(sent);
        spend(sent + write_cost_bytes);
    }
    if (done_)
        return;
    if (auto const how = from->ended())
        finish(*how);
    else if (from->reset_pending())
        finish(ending::reset);
    else if (from->idle())
        from.reset();
}

/// The talk may end the session, and with it the pipeline. Where it takes nothing, the toxics still
/// let go what they have room for behind them: else their time would come again and again.
void link::drain_to_talk(talk& to, time_point now)
{
    while (turn_left_bytes_ > 0) {
        spend(line_->advance(now) * move_cost_bytes);
        bool const takes = to.accepts(direction_) && (!queue_ || queue_->accepts());
        if (!takes || line_->front().empty())
            break;
        auto const piece = line_->take();
        spend(piece.size() + write_cost_bytes);
        to.on_data(direction_, piece.view(), now);
        if (done_)
            return;
    }
    auto const how = line_->reset_pending() ? std::optional(ending::reset) : line_->ended();
    if (how && !std::exchange(toxics_ended_, true))
        to.on_end(direction_, *how, now);
    else if (!how && line_->idle())
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

/// Nobody is left to write to. The other direction, which reads from that peer, carries the
/// news on behind what can still be read and what it holds.
void link::destination_failed(int error)
{
    owner_.log_destination_failure(direction_, received_bytes_, error);
    owner_.blame(destination(), ending::reset);
    done_ = true;
    input_ended_ = true;
    owner_.other(*this).source_failed();
}

}  // namespace aconite
