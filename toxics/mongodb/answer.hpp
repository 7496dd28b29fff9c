#pragma once

#include "toxics/mongodb/wire.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace aconite::mongodb {

/// What a client is to be told in place of a member, which is "host:port".
using member_namer = std::function<std::string(std::string_view member)>;

/// The answer to a hello, in which each member of the set has another name: `hosts`, `passives`,
/// `arbiters`, `me` and `primary`. And without `compression`: a client that is told of no
/// compressor uses none. All else stays as it is; of lengths and a checksum, what they have to be.
/// None: the message is not as its kind is.
std::optional<std::string> rewrite_hello(std::string_view message, member_namer const& name_of);

/// Whether the answer in a whole message says that all went well.
bool is_good_answer(std::string_view message);

/// An answer with this document, to a request, or in the place of an answer, of that kind.
std::string answer_with(std::string_view document, op_code kind, std::int32_t id,
                        std::int32_t answers);

}  // namespace aconite::mongodb
