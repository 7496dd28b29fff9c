#pragma once

#include "toxics/answer_fault.hpp"
#include "toxics/mongodb/errors.hpp"

#include <aconite/attribute.hpp>
#include <aconite/operation.hpp>
#include <aconite/problem.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::mongodb {

/// What is done to a command or its answer.
enum class act : std::uint8_t {
    error,       ///< the answer is an error
    lose_reply,  ///< it is executed, and nothing is told
    disconnect,
    delay,
};

using toxics::outcome;

/// A fault of the toxic `mongodb`, as its attributes and its preset say.
struct fault final : toxics::answer_fault {
    act does = act::delay;
    server_error error{};             ///< of error
    std::string text;                 ///< in place of its own; empty: none
    std::vector<std::string> labels;  ///< in place of its own; empty: none

    /// The document that a server answers to that request with.
    [[nodiscard]] std::string error_document(request const& of) const;
};

/// What the attributes of the toxic say, the preset's where they are not set.
std::shared_ptr<operation_fault const> make_fault(attribute_values const& values);
/// 400 that names the attribute if they do not fit each other.
result<void> check_fault(attribute_values const& values);
/// What the preset says of a field of the match row; empty: nothing.
std::string_view implied_match(attribute_values const& values, std::string_view field);

}  // namespace aconite::mongodb
