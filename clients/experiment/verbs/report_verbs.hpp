#pragma once

#include <CLI/App.hpp>

#include <memory>
#include <optional>

namespace aconite::experiment {

/// `report PATH... [--format F] [--output FILE]`, `report --serve [FOLDER] [--port N]` and `diff A
/// B
/// [--json]`.
class report_verbs {
public:
    /// Adds both to `root`, which outlives this.
    explicit report_verbs(CLI::App& root);
    ~report_verbs();
    report_verbs(report_verbs const&) = delete;
    report_verbs& operator=(report_verbs const&) = delete;

    /// After `root` has parsed what was typed: does it and returns the exit status; none if another
    /// verb was typed. `diff` says by 1 that the two differ. Call it while there are no other
    /// threads.
    [[nodiscard]] std::optional<int> run() const;

private:
    struct asked;
    std::unique_ptr<asked> asked_;
};

}  // namespace aconite::experiment
