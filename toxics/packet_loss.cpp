// The reference's name for loss. There it throws away what was read together and so leaves a hole
// in the stream, which no TCP network can do; here it is sent again.

#include "toxics/lossy_stream.hpp"

#include <aconite/toxic_type.hpp>

#include <algorithm>

namespace aconite::toxics {
namespace {

constexpr attribute attributes[] = {
    {.name = "loss_rate",
     .summary = "share of the segments that is lost",
     .maximum = 1,
     .kind = attribute_kind::number},
    {.name = "correlation",
     .summary = "so much more likely is a loss behind a loss",
     .maximum = 1,
     .kind = attribute_kind::number},
};

std::unique_ptr<toxic> make(attribute_values const& values)
{
    auto const rate = values.number("loss_rate");
    auto const again = std::min(1.0, rate + values.number("correlation"));
    return make_lossy_stream({.p = rate, .r = 1 - again}, loss_mode::retransmit,
                             usual_segment_bytes, usual_sender);
}

}  // namespace

extern constinit toxic_type const packet_loss_type{
    .name = "packet_loss",
    .summary = "loses segments, which TCP sends again; see loss, which can do more",
    .attributes = attributes,
    .make = &make,
    .lenient = true,
};

}  // namespace aconite::toxics
