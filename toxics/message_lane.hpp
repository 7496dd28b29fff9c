#pragma once

#include <aconite/conversation.hpp>
#include <aconite/stream.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace aconite {

/// One stream of a connection whose messages say at their beginning how long they are: what becomes
/// of the bytes that come next. With none of the counts set a message begins there.
struct message_lane {
    std::string head;            ///< of a message: not enough to say what becomes of it
    std::string held;            ///< of one that is held until enough of it has come
    std::uint64_t wanted = 0;    ///< of that, what has not come
    std::uint64_t dropping = 0;  ///< bytes that go no further
    std::uint64_t passing = 0;   ///< that go on as they come

    /// From here on all that comes passes.
    void pass_all() { passing = std::numeric_limits<std::uint64_t>::max(); }
    /// All that is kept goes on as it came.
    void let_go(stream on, conversation_context& link)
    {
        link.send(on, std::exchange(held, {}));
        link.send(on, std::exchange(head, {}));
    }
};

/// Bytes on their way through a lane. What goes on as it came is sent in runs as long as they can
/// be.
class message_run {
public:
    message_run(message_lane& lane, stream on, std::string_view bytes, conversation_context& link)
        : lane_(lane), on_(on), link_(link), joined_(std::exchange(lane.head, {})), bytes_(bytes)
    {
        if (!joined_.empty())
            bytes_ = joined_.append(bytes);
    }
    message_run(message_run const&) = delete;
    message_run& operator=(message_run const&) = delete;
    ~message_run() = default;

    /// What was not looked at.
    [[nodiscard]] std::string_view rest() const { return bytes_.substr(at_); }
    [[nodiscard]] bool is_over() const { return at_ == bytes_.size(); }
    /// Whether `rest` is the beginning of a message.
    [[nodiscard]] bool at_beginning() const
    {
        return lane_.wanted == 0 && lane_.dropping == 0 && lane_.passing == 0;
    }

    /// Does with the next bytes what the lane says. True: all that was wanted is held now.
    bool go_on()
    {
        if (lane_.wanted > 0) {
            lane_.held.append(take());
            return lane_.wanted == 0;
        }
        if (lane_.dropping > 0)
            skip(count_down(lane_.dropping));
        else
            at_ += count_down(lane_.passing);
        return false;
    }
    /// What has come of what is wanted, which is not held then.
    std::string_view take()
    {
        auto const from = at_;
        skip(count_down(lane_.wanted));
        return bytes_.substr(from, at_ - from);
    }
    /// So many bytes go no further.
    void skip(std::size_t count)
    {
        send();
        sent_ = at_ += count;
    }
    /// All the rest passes.
    void pass_rest() { at_ = bytes_.size(); }

    /// Sends what has passed so far.
    void send()
    {
        if (at_ > sent_)
            link_.send(on_, bytes_.substr(sent_, at_ - sent_));
        sent_ = at_;
    }
    /// The same, and what was not looked at waits for more.
    void finish()
    {
        send();
        lane_.head.assign(rest());
    }

private:
    /// As many of the bytes as there are.
    std::size_t count_down(std::uint64_t& left) const
    {
        auto const count = std::min<std::uint64_t>(left, bytes_.size() - at_);
        left -= count;
        return static_cast<std::size_t>(count);
    }

    message_lane& lane_;
    stream on_;
    conversation_context& link_;
    std::string joined_;
    std::string_view bytes_;
    std::size_t sent_ = 0;  ///< or dropped, or held
    std::size_t at_ = 0;
};

}  // namespace aconite
