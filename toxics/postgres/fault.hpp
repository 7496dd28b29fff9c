#pragma once

#include "toxics/answer_fault.hpp"
#include "toxics/postgres/frames.hpp"

#include <aconite/attribute.hpp>
#include <aconite/operation.hpp>
#include <aconite/problem.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace aconite::postgres {

/// What is done to an operation.
enum class act : std::uint8_t {
    error,               ///< it fails, or is told to have failed
    lose_reply,          ///< it is executed, and nothing is told
    rollback_at_commit,  ///< in its place the transaction is rolled back
    delay,
    disconnect,
    slow_rows,
    truncate,
};

/// A fault of the toxic `postgres`, as its attributes and its preset say.
struct fault final : toxics::answer_fault {
    act does = act::error;
    error_text error;
    double rows_per_second = 0;
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;  ///< 0: no bound

    /// It is told, and the connection is closed behind it: by the server itself there is no way.
    [[nodiscard]] bool fatal() const { return error.severity != "ERROR"; }
    /// The server raises the error, in the place of what was asked.
    [[nodiscard]] bool raised() const
    {
        return (does == act::error && !after) || (does == act::rollback_at_commit && !ends());
    }
};

/// What the attributes of the toxic say, the preset's where they are not set.
std::shared_ptr<operation_fault const> make_fault(attribute_values const& values);
/// 400 that names the attribute if they do not fit each other.
result<void> check_fault(attribute_values const& values);
/// What the preset says of a field of the match row; empty: nothing.
std::string_view implied_match(attribute_values const& values, std::string_view field);

}  // namespace aconite::postgres
