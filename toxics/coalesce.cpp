// Merges small pieces, as Nagle's algorithm does: the opposite of slicer.

#include <aconite/toxic_type.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace aconite::toxics {
namespace {

constexpr attribute coalesce_attributes[] = {
    {.name = "size",
     .unit = "bytes",
     .summary = "pieces are merged until they are so much together",
     .fallback = 1460,
     .minimum = 1,
     .maximum = 65'536},
    {.name = "delay",
     .unit = "ms",
     .summary = "the longest that a piece waits for others; 0 merges nothing",
     .maximum = 3'600'000},
};

class coalesce final : public toxic {
public:
    coalesce(std::size_t size, duration delay) : size_(size), delay_(delay) {}

    void on_start(toxic const* previous, toxic_context& link) override
    {
        if (previous == nullptr)
            return;
        held_ = static_cast<coalesce const*>(previous)->held_;
        since_ = static_cast<coalesce const*>(previous)->since_;
        offset_ = static_cast<coalesce const*>(previous)->offset_;
        let_go(link);
    }

    void on_data(chunk c, toxic_context& link) override
    {
        if (held_.empty()) {
            if (delay_ == duration::zero() || c.bytes.size() >= size_ || !link.hit()) {
                link.pass(std::move(c));
                return;
            }
            since_ = c.arrived;
            offset_ = c.offset;
            link.wake_at(later(since_, delay_));
        }
        held_.append(c.bytes.view());
        if (held_.size() >= size_)
            let_go(link);
    }

    void on_end(ending how, toxic_context& link) override
    {
        let_go(link);
        link.end(how, link.now());
    }

    void on_alarm(toxic_context& link) override { let_go(link); }
    void on_remove(toxic_context& link) override { let_go(link); }

private:
    void let_go(toxic_context& link)
    {
        link.wake_at(never);
        if (held_.empty())
            return;
        link.forward({slice::copy_of(held_), since_, offset_}, link.now());
        held_.clear();
    }

    std::size_t size_;
    duration delay_;
    std::string held_;        ///< pieces that wait for others, as one
    time_point since_{};      ///< when the first of them came
    std::uint64_t offset_{};  ///< of it
};

std::unique_ptr<toxic> make_coalesce(attribute_values const& values)
{
    return std::make_unique<coalesce>(static_cast<std::size_t>(values["size"]), values.ms("delay"));
}

}  // namespace

extern constinit toxic_type const coalesce_type{
    .name = "coalesce",
    .summary = "merges small pieces of data into larger ones",
    .attributes = coalesce_attributes,
    .make = &make_coalesce,
};

}  // namespace aconite::toxics
