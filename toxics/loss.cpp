// Loses segments as a network does, one by one or in bursts.

#include "toxics/lossy_stream.hpp"

#include <aconite/toxic_type.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace aconite::toxics {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view modes[] = {"retransmit", "kernel", "auto", "reset", "discard"};
constexpr std::string_view on_give_ups[] = {"stall", "reset"};
constexpr std::string_view chain_names[] = {"p", "r", "bad_loss", "good_loss"};

constexpr attribute loss_attributes[] = {
    {.name = "rate",
     .summary = "share of the segments that is lost",
     .maximum = 1,
     .kind = attribute_kind::number},
    {.name = "burst",
     .unit = "segments",
     .summary = "how many are lost in a row, on average; 0: each for itself",
     .maximum = 1'000'000,
     .kind = attribute_kind::number},
    {.name = "gemodel",
     .summary = "instead of both, the chain itself: share lost in its bad and its good state",
     .maximum = 1,
     .kind = attribute_kind::numbers,
     .names = chain_names},
    {.name = "mode",
     .summary =
         "a lost segment is sent again, is dropped by the kernel (needs CAP_NET_ADMIN; auto: if "
         "it may), resets the connection, or leaves a hole",
     .kind = attribute_kind::choice,
     .names = modes},
    {.name = "segment",
     .unit = "bytes",
     .summary = "size of a segment",
     .fallback = usual_segment_bytes,
     .minimum = 1,
     .maximum = 1'000'000'000},
    {.name = "rtt",
     .unit = "ms",
     .summary = "round trip time of the lossy way",
     .fallback = usual_sender.rtt / 1ms,
     .maximum = 1'000'000'000},
    {.name = "rto_min",
     .unit = "ms",
     .summary = "the shortest wait for a lost segment, beside rtt",
     .fallback = usual_sender.rto_min / 1ms,
     .minimum = 1,
     .maximum = 1'000'000'000},
    {.name = "rto_max",
     .unit = "ms",
     .summary = "the longest wait",
     .fallback = usual_sender.rto_max / 1ms,
     .minimum = 1,
     .maximum = 1'000'000'000},
    {.name = "backoff",
     .summary = "each wait is so many times the one before",
     .fallback = static_cast<std::int64_t>(usual_sender.backoff),
     .minimum = 1,
     .maximum = 100,
     .kind = attribute_kind::number},
    {.name = "fast_retransmit",
     .unit = "segments",
     .summary = "so many that come behind a lost one call it back after rtt; 0: none do",
     .fallback = usual_sender.fast_retransmit,
     .maximum = 1'000'000'000},
    {.name = "max_retries",
     .unit = "times",
     .summary = "how often a segment is sent again before the sender gives up",
     .fallback = usual_sender.max_retries,
     .maximum = 1'000},
    {.name = "on_give_up",
     .summary = "what the sender does then",
     .kind = attribute_kind::choice,
     .names = on_give_ups},
};

loss_chain::parameters chain_of(attribute_values const& values)
{
    auto const& model = values.numbers("gemodel");
    if (model.empty()) {
        auto const rate = values.number("rate");
        auto const burst = values.number("burst");
        return burst == 0 ? loss_chain::independent(rate) : loss_chain::bursts(rate, burst);
    }
    loss_chain::parameters chain;
    std::array<double*, 4> const members{&chain.p, &chain.r, &chain.bad_loss, &chain.good_loss};
    for (auto const& [name, value] : model)
        *members.at(static_cast<std::size_t>(std::ranges::find(chain_names, name) -
                                             std::begin(chain_names))) = value;
    return chain;
}

std::unique_ptr<toxic> make_loss(attribute_values const& values)
{
    auto const mode = values.choice("mode") == "reset"     ? loss_mode::reset
                      : values.choice("mode") == "discard" ? loss_mode::discard
                                                           : loss_mode::retransmit;
    return make_lossy_stream(chain_of(values), mode, static_cast<std::size_t>(values["segment"]),
                             {values.ms("rtt"), values.ms("rto_min"), values.ms("rto_max"),
                              values.number("backoff"), values["fast_retransmit"],
                              static_cast<std::uint64_t>(values["max_retries"]),
                              values.choice("on_give_up") == "reset"});
}

std::optional<kernel_drop> drop(attribute_values const& values)
{
    auto const& mode = values.choice("mode");
    if (mode != "kernel" && mode != "auto")
        return std::nullopt;
    kernel_drop wish{{}, mode == "kernel", "retransmit"};
    // The kernel's filter keeps no state, so each segment is lost for itself.
    if (values.number("burst") == 0 && values.numbers("gemodel").empty())
        wish.rate = values.number("rate");
    return wish;
}

std::string text_of(double value)
{
    char digits[32];
    return {digits, std::to_chars(std::begin(digits), std::end(digits), value).ptr};
}

result<void> check_loss(attribute_values const& values)
{
    auto const refused = [](std::string const& why) -> result<void> {
        return problem{400, "bad request body: attribute " + why};
    };
    auto const rate = values.number("rate");
    auto const burst = values.number("burst");
    bool const kernel = values.choice("mode") == "kernel";
    if (kernel && burst != 0)
        return refused("'burst' must be 0 in mode kernel, which loses each segment for itself");
    if (kernel && !values.numbers("gemodel").empty())
        return refused("'gemodel' must be empty in mode kernel, which keeps no state");
    if (!values.numbers("gemodel").empty() && (rate != 0 || burst != 0))
        return refused("'gemodel' takes the place of 'rate' and 'burst'");
    if (burst != 0 && burst < 1)
        return refused("'burst' must be 0 or at least 1 segments");
    if (burst != 0 && rate < 1 && rate > burst / (burst + 1))
        return refused("'rate' must be at most " + text_of(burst / (burst + 1)) +
                       " (burst / (burst + 1)) or 1: in between there would be too few segments "
                       "that are not lost");
    if (values["rto_max"] < values["rto_min"])
        return refused("'rto_max' must be at least 'rto_min'");
    return {};
}

}  // namespace

extern constinit toxic_type const loss_type{
    .name = "loss",
    .summary = "loses segments, which TCP sends again: data stops for a while, but stays whole",
    .attributes = loss_attributes,
    .make = &make_loss,
    .check = &check_loss,
    .drop = &drop,
};

}  // namespace aconite::toxics
