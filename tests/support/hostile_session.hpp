#pragma once

#include "tests/support/conversation_line.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace aconite::test {

/// Plays a session that `script` describes, whatever that is: its first byte chooses the toxics,
/// and then each byte what happens next, to whom, and with how many of the bytes behind it. Throws
/// where a conversation does what none may do.
class hostile_session {
public:
    /// A toxic to choose from.
    struct choice {
        attribute_list attributes;
        attribute_list match{};
    };

    /// For a conversation that also changes what passes in its length.
    static constexpr std::size_t any_changes = SIZE_MAX;

    /// Of what passes so many bytes may be others than came.
    hostile_session(protocol_type const& protocol, std::span<choice const> choices,
                    std::span<std::uint8_t const> script, std::size_t changes_max = 0,
                    std::shared_ptr<protocol_common> const& common = nullptr)
        : line_(protocol, common ? common : protocol.common()),
          script_(script),
          changes_max_(changes_max)
    {
        auto const chosen = take();
        for (std::size_t i = 0; i < choices.size() && i < 8; ++i)
            if ((chosen >> i & 1) != 0)
                ids_.push_back(line_.add(choices[i].attributes, choices[i].match));
        plain_ = ids_.empty() && changes_max != any_changes;
    }

    void play()
    {
        while (!script_.empty())
            step(take());
        finish();
    }

private:
    /// Its two lowest bits say what, the others how much.
    void step(std::uint8_t what)
    {
        auto const size = std::size_t{what} >> 2;
        switch (what & 3) {
        case 0:
            give(stream::upstream, bytes(size + 1));
            break;
        case 1:
            give(stream::downstream, bytes(size + 1));
            break;
        case 2:
            line_.pass(std::chrono::milliseconds(size * 50));
            break;
        default:
            disturb(size);
        }
        check();
    }

    void disturb(std::size_t what)
    {
        if (what % 8 == 0)
            line_.client_ends();
        else if (what % 8 == 1)
            line_.server_ends();
        else if (what % 8 == 2 && !ids_.empty())
            line_.remove(ids_.back()), ids_.pop_back();
        else  // the same bytes many times: what is small grows
            for (auto const some = bytes(what); grown_ < 64; ++grown_)
                give(what % 2 == 0 ? stream::upstream : stream::downstream, some);
    }

    void give(stream on, std::string_view some)
    {
        auto const i = static_cast<std::size_t>(on);
        // As the reader does, which stops there.
        if (line_.mind().held_bytes(on) >= reader_stops || ended(on))
            return;
        came_[i].append(some);
        if (some.size() % 2 == 1)  // as bytes that are spliced
            some.remove_prefix(line_.unseen(on, some));
        if (!some.empty())
            on == stream::upstream ? line_.client(some) : line_.server(some);
    }

    /// Both sides end, and without toxics all that came has gone on.
    void finish()
    {
        if (!plain_ || ended(stream::upstream) || ended(stream::downstream))
            return;
        line_.client_ends();
        line_.server_ends();
        for (auto const on : {stream::upstream, stream::downstream})
            if (auto const i = static_cast<std::size_t>(on);
                line_.out[i].size() != came_[i].size() || !came_as_it_goes(i))
                throw std::runtime_error("not all that came went on");
    }

    [[nodiscard]] bool ended(stream on) const
    {
        return line_.ended[static_cast<std::size_t>(on)].has_value();
    }

    /// Without toxics what went on is what came, in its order, and nothing of it is lost.
    void check()
    {
        for (auto const on : {stream::upstream, stream::downstream}) {
            auto const i = static_cast<std::size_t>(on);
            if (line_.mind().held_bytes(on) > reader_stops + 64 * 1024)
                throw std::runtime_error("it keeps too much");
            if (plain_ && !came_as_it_goes(i))
                throw std::runtime_error("other bytes went on than came");
        }
    }

    /// Looks at what went on since it was asked last.
    [[nodiscard]] bool came_as_it_goes(std::size_t i)
    {
        auto const& out = line_.out[i];
        if (out.size() > came_[i].size())
            return false;
        for (auto& at = looked_at_[i]; at < out.size(); ++at)
            changes_ += out[at] != came_[i][at] ? 1 : 0;
        return changes_ <= changes_max_;
    }

    static constexpr std::size_t reader_stops = 256 * 1024;

    std::uint8_t take()
    {
        if (script_.empty())
            return 0;
        auto const first = script_.front();
        script_ = script_.subspan(1);
        return first;
    }

    std::string bytes(std::size_t count)
    {
        auto const part = script_.first(std::min(count, script_.size()));
        script_ = script_.subspan(part.size());
        return {part.begin(), part.end()};
    }

    conversation_line line_;
    std::span<std::uint8_t const> script_;
    std::vector<std::uint64_t> ids_;
    std::array<std::string, stream_count> came_;
    std::size_t grown_ = 0;
    std::array<std::size_t, stream_count> looked_at_{};
    std::size_t changes_ = 0;
    std::size_t changes_max_;
    bool plain_ = true;
};

}  // namespace aconite::test
