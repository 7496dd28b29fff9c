#pragma once

#include "clients/experiment/report/verdict.hpp"

#include <string>
#include <vector>

namespace aconite::experiment {

struct cell {
    std::string text;
    tone how = tone::plain;
};

struct column {
    std::string name;
    bool number = false;
};

struct table {
    std::vector<column> columns{};
    std::vector<std::vector<cell>> rows{};  ///< as many cells each as there are columns
};

/// A part of a report: what of it is there is shown in this order.
struct section {
    std::string id;  ///< letters and dashes
    std::string title;
    std::string text{};   ///< in paragraphs
    table rows{};         ///< empty: none
    std::string block{};  ///< as it was printed or is to be typed
    bool folded = false;  ///< for who wants to know it all
};

/// A report as people read it, whatever it is shown as. Nothing in it is escaped.
struct document {
    std::string title;
    verdict_words verdict;
    std::vector<section> sections;  ///< `about` first; none is empty
};

/// Of any JSON.
[[nodiscard]] document document_of(json const& report);

}  // namespace aconite::experiment
