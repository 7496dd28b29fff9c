#pragma once

#include "proxy/pipeline/ordinal_ranges.hpp"

#include <aconite/attribute.hpp>
#include <aconite/operation.hpp>
#include <aconite/toxic_type.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace aconite {

/// Which operations a toxic acts on. An immutable value, shared by threads.
class operation_match final : public operation_filter {
public:
    /// By what the toxic's match sets of its protocol's row and, where it does not, by what
    /// its values imply. Both were checked.
    operation_match(toxic_type const& type, attribute_values const& match,
                    attribute_values const& values);
    ~operation_match() override;
    operation_match(operation_match const&) = delete;
    operation_match& operator=(operation_match const&) = delete;

    [[nodiscard]] bool admits(std::span<std::string_view const> facts) const override;
    /// Whether it admits the operation, or one of its parts.
    [[nodiscard]] bool admits(operation const& what) const;

private:
    struct wish {
        std::size_t field = 0;              ///< of the row
        std::unique_ptr<re2::RE2> pattern;  ///< null: the names
        bool whole = false;                 ///< the pattern has to fit all of the fact
        std::vector<std::string> names;     ///< one of them
        ordinal_ranges numbers;             ///< not empty: the fact is a number in them
    };
    void add(std::size_t field, attribute const& row, std::string const& value);

    std::vector<wish> wishes_;
};

/// What a toxic of a protocol does, and to which operations.
struct operation_rule {
    operation_match match;
    std::shared_ptr<operation_fault const> fault;
};

}  // namespace aconite
