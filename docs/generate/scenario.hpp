#pragma once

#include "proxy/pipeline/pipeline.hpp"
#include "proxy/pipeline/plan.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aconite::docs {

/// A message of the sender. Times here and below are counted from the start of the picture.
struct message {
    double at_ms = 0;
    std::size_t bytes = 0;
};

struct stream_end {
    double at_ms = 0;
    ending how = ending::half_close;
};

/// What happens in a picture: one toxic, and what is sent through it.
struct scenario {
    enum class view {
        lines,  ///< each message from when it was sent to when it arrived
        curve,  ///< how many bytes were sent, and how many arrived
    };

    stage_spec toxic;
    std::string toxic_text;  ///< the toxic and its attributes for people
    std::string sender;
    std::string receiver;
    std::vector<message> sent;
    std::optional<stream_end> sent_end;
    double added_ms = 0;
    std::optional<double> removed_ms;
    double until_ms = 0;
    view drawn_as = view::lines;
};

/// Bytes that arrived together; a part of one message.
struct arrival {
    double at_ms = 0;
    std::size_t from_message = 0;
    std::size_t bytes = 0;
    std::size_t wrong_bytes = 0;
};

struct recording {
    std::vector<arrival> arrivals;
    std::optional<stream_end> end;
    bool holds = false;  ///< bytes were still held when the picture ended
};

/// Who connects at a proxy, each time to the same one of its toxics.
struct attempt_row {
    planned_toxic toxic;
    std::string toxic_text;
    /// When they connect, ascending, and how long each stays once it was accepted.
    struct client {
        double at_ms = 0;
        double stays_ms = 0;
    };
    std::vector<client> clients;
};

/// What happens in a picture of a toxic that acts on attempts to connect.
struct attempt_scenario {
    scenario frame;  ///< when the toxic is there, and when the picture ends
    std::vector<attempt_row> rows;
    /// When a client's kernel sends a SYN that was not answered again, counted from the first one.
    std::vector<double> syn_again_ms;
};

/// Runs the toxic itself, in the proxy's pipeline and on a clock of its own: always the same
/// result. The receiver takes everything at once. Throws std::runtime_error if the scenario cannot
/// be drawn: more is sent than the toxic takes, or the stream has a hole.
recording play(scenario const& s);

}  // namespace aconite::docs
