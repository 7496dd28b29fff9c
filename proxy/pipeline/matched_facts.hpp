#pragma once

#include "proxy/pipeline/operation_match.hpp"

#include <aconite/operation.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aconite {

/// What is told of an operation that a match admits: of its parts those that it is about. Refers to
/// the operation.
class matched_facts {
public:
    matched_facts(operation const& what, operation_match const& match);
    matched_facts(matched_facts const&) = delete;
    matched_facts& operator=(matched_facts const&) = delete;
    ~matched_facts() = default;

    /// Valid as long as this is.
    [[nodiscard]] operation about() const
    {
        return {what_->ordinal, what_->offset, facts_, {}, what_->on};
    }

private:
    operation const* what_;
    std::vector<std::string> lists_;
    std::vector<std::string_view> facts_;
};

}  // namespace aconite
