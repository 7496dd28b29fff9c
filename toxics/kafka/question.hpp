#pragma once

#include "toxics/kafka/outline.hpp"
#include "toxics/kafka/protocol.hpp"
#include "toxics/kafka/treatment.hpp"

#include <aconite/operation.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::kafka {

/// A request in the form in which toxics are asked about it. Refers to the facts it was made of.
class question {
public:
    /// It is about the partitions of the request or, where that has none, about topics of `names`.
    question(request_facts const& facts, outline const& request, std::vector<std::string> names);
    question(question const&) = delete;
    question& operator=(question const&) = delete;
    ~question() = default;

    /// Valid as long as this is.
    [[nodiscard]] operation about(std::uint64_t ordinal, std::uint64_t offset) const
    {
        return {ordinal, offset, whole_, spans_};
    }

private:
    std::vector<std::string> names_;
    std::vector<std::string> numbers_;
    std::vector<std::array<std::string_view, fact_count>> parts_;
    std::vector<std::span<std::string_view const>> spans_;
    std::string topics_;
    std::string partitions_;
    std::array<std::string_view, fact_count> whole_;
};

}  // namespace aconite::kafka
