#pragma once

#include "tests/support/hostile_session.hpp"
#include "tests/support/kafka_rewriting.hpp"
#include "toxics/kafka/frame_head.hpp"
#include "toxics/kafka/outline.hpp"
#include "toxics/kafka/protocol.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace aconite::test {

/// Plays one frame that a script describes, whatever that is. Its first byte says whose it is, by
/// the lowest bit (0 a request), whether as little is held as if it were very large, by the next,
/// and how many bytes come at once, by the others: 0, the whole frame. For a response two numbers
/// of two bytes follow, the kind and the version of its request. The rest is the frame, behind its
/// length. Throws where a frame is not passed on as it has to be.
class hostile_frame {
public:
    explicit hostile_frame(std::span<std::uint8_t const> script)
    {
        for (auto const each : script)
            bytes_.push_back(static_cast<char>(each));
    }

    void play()
    {
        if (bytes_.empty())
            return;
        auto const first = static_cast<unsigned char>(bytes_.front());
        hold_bytes_max_ = (first & 2U) == 0 ? UINT32_MAX : 16;
        step_ = first < 4 ? SIZE_MAX : first >> 2;
        rest_ = std::string_view(bytes_).substr(1);
        (first & 1U) == 0 ? play_request() : play_response();
    }

private:
    void play_request()
    {
        if (rest_.size() < 4)
            return;
        auto const key = static_cast<std::int16_t>(kafka::number_at_offset(rest_, 0, 2));
        auto const version = static_cast<std::int16_t>(kafka::number_at_offset(rest_, 2, 2));
        auto const size = static_cast<std::uint32_t>(rest_.size());
        auto const read = kafka::read_outline(kafka::direction::request, key, version, size, rest_);
        if (!read)
            return;
        check(read->topics.size() + read->partitions.size() <= kafka::outline::mentions_max,
              "bounded");
        auto frame = with_length(rest_);
        for (auto const& each : read->numbers)
            kafka::set_number(frame, each, each.value);
        check(frame == with_length(rest_), "numbers stand where they are said to");
    }

    void play_response()
    {
        auto const key = static_cast<std::int16_t>(number());
        auto const version = static_cast<std::int16_t>(number());
        if (rest_.empty())
            return;
        test_book book([](std::string_view host, std::int32_t) {
            return kafka::broker_address{std::string(host).append("-inside"), 1};
        });
        test_book none([](auto, auto) { return std::nullopt; });
        auto const whole = with_length(rest_);
        auto const at_once = pass_frame(rest_, key, version, book, SIZE_MAX, hold_bytes_max_);
        auto const made = pass_frame(rest_, key, version, book, step_, hold_bytes_max_);
        check(made.bytes == at_once.bytes && made.error == at_once.error,
              "pieces make no difference");
        check(made.finished, "a response is over when all of it came");
        check(made.error.empty() || made.bytes == whole, "what is wrong passes");
        auto const grown = made.counts.rewritten > 0 || made.counts.hidden > 0;
        check(grown || made.bytes == whole, "it is changed for addresses only");
        check(made.counts.rewritten > 0 || made.bytes.size() == whole.size(), "or not in length");
        check(made.held_max <= hold_bytes_max_, "no more is held than may be");
        auto const left = pass_frame(rest_, key, version, none, step_, hold_bytes_max_);
        check(left.counts.rewritten == 0, "nothing is rewritten without an address");
        if (made.counts.hidden == 0)
            check(left.bytes == whole, "and then it passes as it is");
    }

    std::uint16_t number()
    {
        std::uint16_t made = 0;
        for (int i = 0; i < 2 && !rest_.empty(); ++i, rest_.remove_prefix(1))
            made = static_cast<std::uint16_t>(made << 8 | static_cast<unsigned char>(rest_[0]));
        return made;
    }

    static void check(bool holds, char const* what)
    {
        if (!holds)
            throw std::logic_error(what);
    }

    std::string bytes_;
    std::string_view rest_;
    std::size_t step_ = 0;
    std::uint32_t hold_bytes_max_ = 0;
};

/// A script that begins so is a whole session, for a hostile_session.
inline constexpr std::uint8_t hostile_kafka_session = 0xFF;

/// A frame of Kafka's protocol, or a session with some of all kinds of faults, as `script` has it.
inline void play_hostile_kafka(std::span<std::uint8_t const> script)
{
    static hostile_session::choice const choices[] = {
        {{{"preset", "leader_election"}, {"rate", 0.5}}, {{"partition", 0}}},
        {{{"preset", "lost_event"}}, {{"topic", "t.*"}}},
        {{{"fault", "stale_metadata"}, {"age", 50}}},
        {{{"fault", "delay"}, {"delay", 70}}, {{"api", "Produce,Metadata,Heartbeat,17"}}},
        {{{"fault", "error"}, {"error", "NOT_COORDINATOR"}, {"rate", 0.7}}},
        {{{"fault", "hide_broker"}, {"hides", 1}}},
        {{{"fault", "empty_fetch"}}},
        {{{"fault", "lose_request"}, {"rate", 0.1}}, {{"client_id", ".+"}}},
    };
    if (!script.empty() && script.front() == hostile_kafka_session)
        // The endpoints in one answer that says that it is large are hidden.
        hostile_session(kafka::protocol, choices, script.subspan(1), 5).play();
    else
        hostile_frame(script).play();
}

}  // namespace aconite::test
