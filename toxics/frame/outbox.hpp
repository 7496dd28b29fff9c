#pragma once

#include "toxics/frame/fault.hpp"

#include <aconite/conversation.hpp>
#include <aconite/stream.hpp>
#include <aconite/time.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aconite::frame {

/// An answer that will be lost. Who waits for it keeps it.
struct lost_reply {
    std::shared_ptr<fault const> what;
    toxic_version toxic{};
    std::uint64_t ordinal = 0;  ///< of the request

    /// By a toxic that is as it was.
    [[nodiscard]] bool is_due(conversation_context const& link) const { return link.lives(toxic); }
};
using lost_reply_ptr = std::shared_ptr<lost_reply const>;

/// What waits on one stream, in its order: nothing overtakes. What is due behind something that
/// waits, waits too.
class outbox {
public:
    /// The bytes go on at `due`, or when the toxic is gone or changed; none: no toxic's doing.
    void put(std::string_view bytes, time_point due, toxic_version const& toxic)
    {
        if (!entries_.empty() && due <= entries_.back().due && entries_.back().is_bytes())
            entries_.back().bytes.append(bytes);
        else
            entries_.push_back({std::string(bytes), due, toxic, {}, {}});
        bytes_ += bytes.size();
    }
    /// The stream ends there; by the toxic, or by its source: 0.
    void put_end(ending how, time_point due, std::uint64_t toxic)
    {
        entries_.push_back({{}, due, {toxic}, how, {}});
    }
    /// The answer to what stands before it is lost, from there on.
    void put_loss(lost_reply_ptr loss, time_point due)
    {
        auto const toxic = loss->toxic;
        entries_.push_back({{}, due, toxic, {}, std::move(loss)});
    }
    /// Losses by toxics that are gone or changed are none.
    void forget_losses(conversation_context const& link)
    {
        std::erase_if(entries_, [&](auto const& each) {
            return each.loss != nullptr && !each.loss->is_due(link);
        });
    }

    /// Sends on `on` what is due, and hands over each loss that comes by. What waits for a toxic
    /// that is gone or changed is due.
    template <class OnLoss>
    void let_go(stream on, conversation_context& link, OnLoss const& on_loss)
    {
        while (!entries_.empty() && (entries_.front().due <= link.now() ||
                                     (entries_.front().toxic.id != 0 && !entries_.front().end &&
                                      !link.lives(entries_.front().toxic)))) {
            auto const next = std::move(entries_.front());
            entries_.pop_front();
            bytes_ -= next.bytes.size();
            if (next.loss)
                on_loss(next.loss);
            else if (next.end)
                link.end(on, *next.end, next.toxic.id);
            else
                link.send(on, next.bytes);
        }
    }
    /// Sends all of it.
    void let_all_go(stream on, conversation_context& link)
    {
        for (; !entries_.empty(); entries_.pop_front()) {
            auto const& next = entries_.front();
            if (next.end)
                link.end(on, *next.end, next.toxic.id);
            else
                link.send(on, next.bytes);
        }
        bytes_ = 0;
    }

    [[nodiscard]] bool empty() const { return entries_.empty(); }
    /// When `let_go` is needed next.
    [[nodiscard]] time_point next() const
    {
        return entries_.empty() ? never : entries_.front().due;
    }
    /// What it costs in memory.
    [[nodiscard]] std::size_t held_bytes() const { return bytes_ + entries_.size() * entry_bytes; }

private:
    struct entry {
        std::string bytes;
        time_point due{};
        toxic_version toxic{};
        std::optional<ending> end;
        lost_reply_ptr loss{};  ///< null: none

        [[nodiscard]] bool is_bytes() const { return !end && !loss; }
    };
    static constexpr std::size_t entry_bytes = sizeof(entry);

    std::deque<entry> entries_;
    std::size_t bytes_ = 0;
};

}  // namespace aconite::frame
