#include "toxics/shared_bandwidth.hpp"

#include <algorithm>
#include <utility>

namespace aconite::toxics {
namespace {

/// Has one piece on the line at a time and asks for the next one's turn when that is through. So
/// connections take turns, and one that goes away gives its piece back.
class shared_bandwidth final : public toxic {
public:
    explicit shared_bandwidth(line_rate rate)
        : rate_(rate), piece_bytes_(std::max(rate.piece_bytes(), piece_bytes_min))
    {}

    void on_data(chunk c, toxic_context& link) override
    {
        if (!link.hit_once()) {
            link.pass(std::move(c));
            return;
        }
        waiting_bytes_ += c.bytes.size();
        link.forward(std::move(c), never);
        take_turns(link);
    }

    void on_alarm(toxic_context& link) override { take_turns(link); }

    void on_abandon(toxic_context& link) override
    {
        if (through_ > link.now())
            line_of(link).give_back(std::min(takes_, through_ - link.now()));
    }

    [[nodiscard]] std::size_t queue_limit_bytes() const override { return rate_.reserve_bytes(); }

private:
    /// At low rates, 2 ms worth would be many wake-ups and small segments.
    static constexpr std::size_t piece_bytes_min = 1448;

    /// By the time at which a piece is through, not by when the thread got to it: then being late
    /// leaves no gap on the line.
    void take_turns(toxic_context& link)
    {
        while (waiting_bytes_ > 0 && through_ <= link.now()) {
            auto const bytes = std::min(waiting_bytes_, piece_bytes_);
            waiting_bytes_ -= bytes;
            takes_ = time_of(bytes);
            through_ = line_of(link).reserve(link.now(), takes_);
            link.release(bytes, through_);
        }
        link.wake_at(waiting_bytes_ > 0 ? through_ : never);
    }

    static shared_line& line_of(toxic_context& link)
    {
        return static_cast<shared_line&>(*link.common());
    }

    /// What rounding leaves out is added to the next piece.
    duration time_of(std::size_t bytes)
    {
        auto const scaled = static_cast<std::int64_t>(bytes) * 1'000'000 + rest_;
        rest_ = scaled % rate_.kb;
        return std::chrono::nanoseconds(scaled / rate_.kb);
    }

    line_rate rate_;
    std::size_t piece_bytes_;
    std::size_t waiting_bytes_ = 0;  ///< forwarded, but not yet on the line
    duration takes_{};               ///< the piece that is on the line
    time_point through_ = time_point::min();
    std::int64_t rest_ = 0;  ///< in ns / (rate in KB/s)
};

}  // namespace

std::unique_ptr<toxic> make_shared_bandwidth(line_rate rate)
{
    return std::make_unique<shared_bandwidth>(rate);
}

}  // namespace aconite::toxics
