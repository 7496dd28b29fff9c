// The reference's name for loss. There it throws away what was read together and so leaves a hole
// in the stream, which no TCP network can do; here it is sent again, unless that is asked for.

#include "toxics/packet_loss.hpp"

#include "toxics/lossy_stream.hpp"

#include <aconite/toxic_type.hpp>

#include <algorithm>
#include <cstdint>

namespace aconite::toxics {
namespace {

constexpr attribute packet_loss_attributes[] = {
    {.name = "loss_rate",
     .summary = "share of the segments that is lost",
     .maximum = 1,
     .kind = attribute_kind::number},
    {.name = "correlation",
     .summary = "so much more likely is a loss behind a loss",
     .maximum = 1,
     .kind = attribute_kind::number},
};

loss_chain::parameters packet_chain_of(attribute_values const& values)
{
    auto const rate = values.number("loss_rate");
    auto const again = std::min(1.0, rate + values.number("correlation"));
    return {.p = rate, .r = 1 - again};
}

std::unique_ptr<toxic> make_packet_loss(attribute_values const& values)
{
    return make_lossy_stream(packet_chain_of(values), loss_mode::retransmit, usual_segment_bytes,
                             usual_sender);
}

std::unique_ptr<toxic> make_discarding(attribute_values const& values)
{
    constexpr std::size_t whole_chunks = SIZE_MAX;
    return make_lossy_stream(packet_chain_of(values), loss_mode::discard, whole_chunks,
                             usual_sender);
}

}  // namespace

extern constinit toxic_type const packet_loss_type{
    .name = "packet_loss",
    .summary = "loses segments, which TCP sends again; see loss, which can do more",
    .attributes = packet_loss_attributes,
    .make = &make_packet_loss,
    .lenient = true,
};

extern constinit toxic_type const discarding_packet_loss_type{
    .name = "packet_loss",
    .summary = "throws away what was read together, which leaves a hole in the stream",
    .attributes = packet_loss_attributes,
    .make = &make_discarding,
    .lenient = true,
};

}  // namespace aconite::toxics
