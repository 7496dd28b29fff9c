#pragma once

#include "bench/macro/toxics/net.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <memory>

namespace aconite::bench {

/// What a subcommand measured: one flat object of numbers.
using report = nlohmann::json;

/// What every subcommand over a connection is told.
struct common_options {
    route way;
    double skip_s = 0;     ///< left out at the beginning
    double seconds = 5.0;  ///< measured after that

    [[nodiscard]] std::int64_t skip_ns() const { return static_cast<std::int64_t>(skip_s * 1e9); }
    [[nodiscard]] std::int64_t total_ns() const
    {
        return static_cast<std::int64_t>((skip_s + seconds) * 1e9);
    }
};

/// Adds the options of `common_options` to a subcommand.
void add_common(CLI::App& command, common_options& options);

/// Each adds its subcommand to `app`; the one that is chosen runs and fills `out`.
/// @{
void add_pingpong(CLI::App& app, report& out);
void add_bulk(CLI::App& app, report& out);
void add_rate(CLI::App& app, report& out);
void add_messages(CLI::App& app, report& out);
void add_slices(CLI::App& app, report& out);
void add_api(CLI::App& app, report& out);
/// @}

}  // namespace aconite::bench
