#pragma once

#include "clients/experiment/values/place.hpp"

#include <string>
#include <utility>
#include <vector>

namespace aconite::experiment {

/// What is wrong with a file, in the order it was found: reading goes on behind a fault, so that
/// all of them are told at once, up to 20.
class faults {
public:
    void add(place at, std::string text)
    {
        if (found_.size() < faults_max)
            found_.push_back({at, std::move(text)});
    }
    [[nodiscard]] bool any() const { return !found_.empty(); }
    [[nodiscard]] std::vector<file_fault> const& all() const { return found_; }

private:
    static constexpr std::size_t faults_max = 20;

    std::vector<file_fault> found_;
};

}  // namespace aconite::experiment
