#pragma once

#include "proxy/pipeline/draw.hpp"
#include "proxy/pipeline/pipeline.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace aconite {

/// What the actor of one stage sees during one call, and a note of what it did in it.
class pipeline::context final : public toxic_context {
public:
    context(pipeline& line, stage& s, time_point now) : line_(line), stage_(s)
    {
        s.seen = std::max(s.seen, now);
    }
    /// The call tells of `data`.
    context(pipeline& line, stage& s, time_point now, chunk const& data) : context(line, s, now)
    {
        act_.offset = data.offset;
        act_.bytes = data.bytes.size();
    }
    /// The call tells of the end of the stream.
    context(pipeline& line, stage& s, time_point now, ending how) : context(line, s, now)
    {
        coming_ = how;
    }
    ~context() { account(); }
    context(context const&) = delete;
    context& operator=(context const&) = delete;

    [[nodiscard]] time_point now() const override { return stage_.seen; }

    void forward(chunk c, time_point due) override
    {
        if (stage_.ended || c.bytes.empty())
            return;
        delays(due, c.arrived);
        line_.queue(stage_, {std::move(c), std::nullopt, due});
    }

    void hasten(time_point due) override { let_go(stage_, std::max(due, stage_.seen)); }

    void release(std::size_t count, time_point due) override
    {
        line_.release(stage_, count, std::max(due, stage_.seen));
    }

    void end(ending how, time_point due) override
    {
        if (stage_.ended)
            return;
        delays(due, stage_.seen);
        line_.queue(stage_, {{}, how, due});
        stage_.ended = true;
        if (how == coming_)
            return;
        act_.ends = how;
        if (line_.cut_by_ == 0)
            line_.cut_by_ = stage_.spec.id;
    }

    void wake_at(time_point at) override { stage_.alarm = at; }

    bool hit() override
    {
        if (stage_.spec.trigger && !stage_.spec.trigger->hit(stage_.hits))
            return false;
        ++act_.hits;
        return acts_ = true;
    }

    bool hit_once() override
    {
        auto& granted = common_act().granted;
        if (!granted.ask(stage_.spec.trigger, stage_.hits))
            return false;
        act_.hits += granted.fresh() ? 1 : 0;
        return acts_ = true;
    }

    [[nodiscard]] double random(std::uint64_t key) const override
    {
        return draw(mix(stage_.spec.random_key, key));
    }

    [[nodiscard]] toxic_common* common() const override { return stage_.spec.common.get(); }

private:
    /// Shared by the stages of both streams, if the toxic acts on both.
    [[nodiscard]] shared_act& common_act()
    {
        bool const shared = line_.both_ != nullptr && stage_.spec.on_both;
        return shared ? line_.both_->of(stage_.spec.id) : stage_.own_act;
    }

    void delays(time_point due, time_point from)
    {
        act_.delay = due == never ? duration::max() : std::max(act_.delay, due - from);
    }

    void account()
    {
        if (auto* const meter = stage_.spec.meter.get(); meter != nullptr && acts_) {
            meter->bytes.add(act_.bytes);
            if (act_.hits > 0)
                meter->hit(stage_.seen, act_.hits, !std::exchange(common_act().affects, true));
        }
        act_.at = stage_.seen;
        if (line_.observer_ != nullptr && (act_.hits > 0 || act_.ends))
            line_.observer_->on_act(stage_.spec, act_);
    }

    pipeline& line_;
    stage& stage_;
    toxic_act act_;
    std::optional<ending> coming_;
    bool acts_ = false;
};

}  // namespace aconite
