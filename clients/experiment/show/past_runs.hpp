#pragma once

#include "clients/experiment/report/reading.hpp"

#include <aconite/problem.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// A folder with a report in it, or of a run that goes on.
struct past_run {
    std::string folder;  ///< its name within the folder of all
    std::string name{};
    std::string verdict{};
    std::string started{};
    std::optional<double> duration_s{};
    std::string fault{};        ///< why its report cannot be read; then only `folder` is known
    std::string live{};         ///< it has no report yet: the lines of its live view, as they were
    std::int64_t silent_s = 0;  ///< so long ago
};

/// The runs below one folder. Nothing outside of it is ever read, whatever names are asked for and
/// whatever links stand in it. One thread at a time.
class past_runs {
public:
    /// As many are listed, the newest of them.
    static constexpr std::size_t listed_max = 1000;

    /// A problem if it is no folder that can be read.
    static result<past_runs> in(std::filesystem::path const& folder);
    ~past_runs();
    past_runs(past_runs&& from) noexcept;
    past_runs& operator=(past_runs&&) = delete;

    /// Those that go on, then the newest first. Reports that did not change are not read again.
    [[nodiscard]] result<std::vector<past_run>> list();
    /// A file of a run; 404 if there is none of that name, or it is not one of a report.
    [[nodiscard]] result<std::string> file(std::string_view run, std::string_view name) const;

    [[nodiscard]] std::filesystem::path const& folder() const { return folder_; }

private:
    struct known_run {
        std::int64_t changed_ns = 0;
        std::int64_t bytes = 0;
        past_run run;
    };

    past_runs(std::filesystem::path folder, int descriptor)
        : folder_(std::move(folder)), descriptor_(descriptor)
    {}
    [[nodiscard]] std::optional<past_run> look_at(std::string const& name);
    [[nodiscard]] std::optional<past_run> look_at_live(std::string const& name) const;

    std::filesystem::path folder_;
    int descriptor_ = -1;
    std::map<std::string, known_run> known_;
};

/// What a report's folder has to show, and its media type.
struct report_file {
    std::string_view name;
    std::string_view type;
};
[[nodiscard]] std::span<report_file const> report_files();

}  // namespace aconite::experiment
