#pragma once

#include "clients/experiment/values/place.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace aconite::experiment {

/// What is wrong with a file, each fault once: reading goes on behind a fault, so that
/// all of them are told at once, up to 20.
class faults {
public:
    void add(place at, std::string text)
    {
        auto const is_same = [&](file_fault const& each) {
            return each.at == at && each.text == text;
        };
        if (found_.size() < faults_max && std::ranges::none_of(found_, is_same))
            found_.push_back({at, std::move(text)});
    }
    /// To tell whether something was found since.
    [[nodiscard]] std::size_t count() const { return found_.size(); }
    [[nodiscard]] bool any() const { return !found_.empty(); }
    [[nodiscard]] std::vector<file_fault> const& all() const { return found_; }

private:
    static constexpr std::size_t faults_max = 20;

    std::vector<file_fault> found_;
};

}  // namespace aconite::experiment
