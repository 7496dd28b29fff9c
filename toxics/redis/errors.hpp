#pragma once

#include <cstdint>
#include <string_view>

namespace aconite::redis {

/// What a server says for the first word of an error, in Redis 7's own words; a text that begins
/// with none of them, or with more behind it, is what is said. Empty: nobody knows it.
std::string_view usual_error(std::string_view word);

/// In which of a cluster's 16384 slots a key is: of what stands in the first braces, if something
/// does. https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
std::uint16_t slot_of(std::string_view key);

}  // namespace aconite::redis
