#pragma once

#include <string>
#include <string_view>

namespace aconite::api {

/// `text` as a gzip file (RFC 1952). Throws std::runtime_error if memory is short.
std::string gzipped(std::string_view text);

}  // namespace aconite::api
