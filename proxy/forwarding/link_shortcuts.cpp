// Toxics that need no look at the bytes: the kernel drops segments, or the link reads at a pace.
#include "proxy/forwarding/drop_filter.hpp"
#include "proxy/forwarding/link.hpp"
#include "proxy/forwarding/session.hpp"
#include "proxy/forwarding/shard.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace aconite {

/// Takes the toxics out of `specs` in whose place the kernel drops segments.
void link::leave_to_kernel(std::vector<stage_spec>& specs)
{
    double passing = 1;
    stage_spec const* by = nullptr;
    for (auto const& spec : specs) {
        if (!spec.drop_rate)
            continue;
        passing *= 1 - *spec.drop_rate;
        by = by == nullptr ? &spec : by;
    }
    if (auto const error = drop_received(1 - passing, by)) {
        owner_.log_filter_failure(direction_, received_bytes_, error);
        return;
    }
    std::erase_if(specs, [](stage_spec const& spec) { return spec.drop_rate.has_value(); });
}

/// Returns 0 or errno; then nothing is dropped any more. What is dropped is counted for `by`.
int link::drop_received(double rate, stage_spec const* by)
{
    bool const same_toxic = drops_ && by != nullptr && drops_->by.id == by->id;
    if (drops_ ? rate == drops_->rate && same_toxic : rate == 0)
        return 0;
    count_drops(owner_.home().now());
    auto const error = rate > 0 ? drop_filter::attach(from_.fd.get(), rate) : 0;
    if (rate == 0 || error != 0) {
        drop_filter::detach(from_.fd.get());
        drops_.reset();
    } else {
        drops_ = std::make_unique<drops>(
            drops{rate, drop_filter::dropped(from_.fd.get()), *by, same_toxic && drops_->affects});
    }
    return error;
}

void link::count_drops(time_point now)
{
    if (!drops_)
        return;
    auto const dropped = drop_filter::dropped(from_.fd.get());
    auto const more = dropped - std::exchange(drops_->counted, dropped);
    if (more == 0)
        return;
    if (auto* const meter = drops_->by.meter.get())
        meter->hit(now, more, !std::exchange(drops_->affects, true));
    on_act(drops_->by, {now, more, received_bytes_, 0, {}, std::nullopt});
}

/// Whether the toxics only limit the rate; then that is seen to without them.
bool link::pace_by(std::vector<stage_spec> const& specs)
{
    bool const alone = specs.size() == 1 && specs[0].type->rate != nullptr && !specs[0].trigger;
    auto const rate = alone ? specs[0].type->rate(specs[0].values) : 0;
    if (!pacer::keeps(rate)) {
        pace_.reset();
        return false;
    }
    bool const same_toxic = pace_ && pace_->by.id == specs[0].id;
    if (!same_toxic || pace_->by.version != specs[0].version)
        pace_ = std::make_unique<pace>(pace{pacer(rate), specs[0], same_toxic && pace_->counted});
    return true;
}

void link::count_paced(std::size_t bytes, time_point now)
{
    pace_->keeper.spend(bytes);
    if (!from_.readable)
        pace_->keeper.pause();
    if (bytes == 0)
        return;
    auto const& by = pace_->by;
    if (by.meter)
        by.meter->bytes.add(bytes);
    if (std::exchange(pace_->counted, true))
        return;
    if (by.meter)
        by.meter->hit(now, 1, true);
    on_act(by, {now, 1, received_bytes_, bytes, {}, std::nullopt});
}

}  // namespace aconite
