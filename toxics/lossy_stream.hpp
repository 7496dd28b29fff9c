#pragma once

#include "toxics/loss_chain.hpp"

#include <aconite/time.hpp>
#include <aconite/toxic.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace aconite::toxics {

enum class loss_mode {
    retransmit,  ///< a lost segment is sent again, and what is behind it waits
    reset,       ///< it resets the connection
    discard,     ///< it leaves a hole, which no TCP connection can have
};

/// How a sender behind the lossy way goes about it: RFC 6298, and RFC 8985 for the probe.
struct retransmission {
    duration rtt;
    duration rto_min;  ///< the first timeout is rtt more than this
    duration rto_max;
    double backoff;                ///< each timeout is so many times the one before
    std::int64_t fast_retransmit;  ///< segments behind a lost one that call it back; 0: none do
    std::uint64_t max_retries;
    bool gives_up_with_reset;
};

/// A sender as Linux has it, near by.
inline constexpr retransmission usual_sender{.rtt = std::chrono::milliseconds(1),
                                             .rto_min = std::chrono::milliseconds(200),
                                             .rto_max = std::chrono::seconds(120),
                                             .backoff = 2,
                                             .fast_retransmit = 3,
                                             .max_retries = 15,
                                             .gives_up_with_reset = false};
/// What Ethernet leaves of 1500 bytes behind the headers of IP and TCP, with timestamps.
inline constexpr std::size_t usual_segment_bytes = 1448;

/// A stream over a way that loses segments of `segment_bytes`.
std::unique_ptr<toxic> make_lossy_stream(loss_chain::parameters const& chain, loss_mode mode,
                                         std::size_t segment_bytes, retransmission const& sender);

}  // namespace aconite::toxics
