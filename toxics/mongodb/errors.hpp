#pragma once

#include "toxics/mongodb/request.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace aconite::mongodb {

/// An error that a server tells of a whole command.
struct server_error {
    std::int32_t code = 0;
    std::string_view name;  ///< empty: the server has none for the code
    std::string_view text{};
    bool can_be_retried = false;  ///< another try of the same write may do it
    bool is_transient = false;    ///< another try of the same transaction may do it
};

/// The one with this name, as WriteConflict, or code. None: no such name, or no positive number.
std::optional<server_error> find_error(std::string_view name_or_code);

/// What a server adds to it for drivers that try again: RetryableWriteError to a write that it
/// would know again, or the end of a transaction; TransientTransactionError in a transaction.
std::vector<std::string_view> labels_of(server_error const& error, request const& of);

}  // namespace aconite::mongodb
