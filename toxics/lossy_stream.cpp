// Shows what TCP makes of lost segments: never a hole in the stream, but a wait until the lost one
// was sent again, and everything behind it waits too.
#include "toxics/lossy_stream.hpp"

#include <algorithm>

namespace aconite::toxics {
namespace {

class lossy_stream final : public toxic {
public:
    lossy_stream(loss_chain::parameters const& chain, loss_mode mode, std::size_t segment_bytes,
                 retransmission const& sender)
        : chain_(chain), mode_(mode), segment_bytes_(segment_bytes), sender_(sender)
    {}

    void on_start(toxic const* previous, toxic_context&) override
    {
        if (previous != nullptr)
            chain_.resume(static_cast<lossy_stream const*>(previous)->chain_);
    }

    void on_data(chunk c, toxic_context& link) override
    {
        std::size_t whole_bytes = 0;  // of segments at the front that are not lost
        while (whole_bytes < c.bytes.size()) {
            auto const offset = c.offset + whole_bytes;
            if (!loses(link, offset, 0) || !link.hit()) {
                whole_bytes += std::min(segment_bytes_, c.bytes.size() - whole_bytes);
                arrived_behind_a_lost_one(offset, c.arrived, link);
                continue;
            }
            forward_front(c, whole_bytes, c.arrived, link);
            whole_bytes = 0;
            lose_front(c, link);
        }
        forward_front(c, whole_bytes, c.arrived, link);
    }

    /// What a sender has under way while it waits.
    [[nodiscard]] std::size_t queue_limit_bytes() const override { return 4U << 20U; }

    void on_remove(toxic_context& link) override
    {
        if (left_a_hole_)
            link.end(ending::reset, link.now());
    }

private:
    /// One of the three draws of attempt `number` to bring the segment at `offset` over.
    static double draw(toxic_context const& link, std::uint64_t offset, std::uint64_t number,
                       std::uint64_t which)
    {
        constexpr std::uint64_t beyond_offsets = 40;
        return link.random(offset + ((3 * number + which) << beyond_offsets));
    }

    bool loses(toxic_context const& link, std::uint64_t offset, std::uint64_t number)
    {
        return chain_.loses({draw(link, offset, number, 0), draw(link, offset, number, 1)});
    }

    static void forward_front(chunk& c, std::size_t bytes, time_point due, toxic_context& link)
    {
        if (bytes == 0)
            return;
        chunk front{c.bytes.take_front(bytes), c.arrived, c.offset};
        c.offset += bytes;
        link.forward(std::move(front), due);
    }

    void lose_front(chunk& c, toxic_context& link)
    {
        auto const bytes = std::min(segment_bytes_, c.bytes.size());
        if (mode_ == loss_mode::discard) {
            left_a_hole_ = true;
            c.bytes.remove_prefix(bytes);
            c.offset += bytes;
        } else if (mode_ == loss_mode::reset) {
            link.end(ending::reset, c.arrived);
            c.bytes.remove_prefix(c.bytes.size());
        } else {
            auto const due = sent_again_until(c.offset, c.arrived, link);
            recovered_ = std::max(recovered_, due);
            behind_ = 0;
            forward_front(c, bytes, due, link);
        }
    }

    /// When the segment gets through at last.
    time_point sent_again_until(std::uint64_t offset, time_point lost, toxic_context& link)
    {
        auto wait = std::min(sender_.rto_max, sender_.rtt + sender_.rto_min);
        auto at = lost;
        for (std::uint64_t retry = 1; retry <= sender_.max_retries; ++retry) {
            at = later(at, wait);
            pass(wait, draw(link, offset, retry, 2));
            if (!loses(link, offset, retry))
                return at;
            // The first was but a probe for the tail, which does not double the timeout.
            if (retry > 1)
                wait = longer(wait);
        }
        if (sender_.gives_up_with_reset)
            link.end(ending::reset, at);
        return never;
    }

    [[nodiscard]] duration longer(duration wait) const
    {
        auto const next = static_cast<double>(wait.count()) * sender_.backoff;
        auto const most = static_cast<double>(sender_.rto_max.count());
        return duration(static_cast<duration::rep>(std::min(next, most)));
    }

    /// The line changes while nothing is sent, or a burst would last until it is sent again.
    void pass(duration time, double drawn)
    {
        auto const step = std::max<duration>(sender_.rtt, std::chrono::milliseconds(1));
        auto const steps = static_cast<double>(time.count()) / static_cast<double>(step.count());
        chain_.pass(steps, drawn);
    }

    void arrived_behind_a_lost_one(std::uint64_t offset, time_point at, toxic_context& link)
    {
        auto const back_at = later(at, sender_.rtt);
        if (recovered_ <= back_at || ++behind_ != sender_.fast_retransmit)
            return;
        constexpr std::uint64_t called_back = 1 << 20;  // no retry has this number
        if (loses(link, offset, called_back))
            return;
        recovered_ = back_at;
        link.hasten(back_at);
    }

    loss_chain chain_;
    loss_mode mode_;
    std::size_t segment_bytes_;
    retransmission sender_;
    time_point recovered_ = time_point::min();  ///< the last lost segment gets through
    std::int64_t behind_ = 0;                   ///< segments that came after it
    bool left_a_hole_ = false;
};

}  // namespace

std::unique_ptr<toxic> make_lossy_stream(loss_chain::parameters const& chain, loss_mode mode,
                                         std::size_t segment_bytes, retransmission const& sender)
{
    return std::make_unique<lossy_stream>(chain, mode, segment_bytes, sender);
}

}  // namespace aconite::toxics
