#pragma once

#include "clients/experiment/actions/action.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// `1mbit`, `100kbit`, `2gbit`, `8000bit` or `8000`, as bits per second; `12kbps` is bytes, as tc
/// has it. None for anything else.
[[nodiscard]] std::optional<double> read_bit_rate(std::string_view text);

/// The settings with `rate` as a number of bits per second. A problem if it is none.
[[nodiscard]] result<settings> netem_in_bits(settings const& given);

/// What netem's settings are as toxics of a proxy, in the words of the REST API. A network card
/// delays and loses what its container sends, so the toxics act downstream, on what the target's
/// clients are sent, unless `stream` says otherwise. All lost is a partition: then nothing comes
/// through in either direction. `rate` is in bits per second already. A problem for settings that
/// make no sense together.
[[nodiscard]] result<std::vector<json>> netem_toxics(settings const& how);

/// What stands behind `tc qdisc add dev X root handle Y netem`, as words.
[[nodiscard]] result<std::vector<std::string>> netem_words(settings const& how);

/// netem by tc in the network of the target's container: a helper container of `image`, which
/// needs tc in it, with NET_ADMIN.
[[nodiscard]] result<std::unique_ptr<action>>
make_container_netem(settings const& how, target const& aimed, surroundings const& where);

}  // namespace aconite::experiment
