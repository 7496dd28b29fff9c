#pragma once

#include <CLI/App.hpp>

#include <cstdint>

namespace aconite::cli {

/// What `aconite demo` was given.
struct demo_settings {
    bool once = false;
    std::uint16_t port = 0;  ///< 0: not given
};

/// What may be given to the demo; `into` must outlive `verb`.
void add_demo_options(CLI::App& verb, demo_settings& into);

}  // namespace aconite::cli
