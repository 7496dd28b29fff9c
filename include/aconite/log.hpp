#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace aconite {

/// How much it matters, in rising order; Toxiproxy's levels.
enum class log_level { trace = -1, debug, info, warn, error, fatal, panic, disabled };

/// One named value of a log line.
struct log_field {
    std::string_view name;   ///< as in the log's JSON
    std::string_view value;  ///< as text
};

/// Where the library tells what happened; it prints nothing itself. Called from any of the
/// engine's threads, several at once; must not throw and must not call the engine. The views
/// are valid during the call only. An empty sink costs nothing.
using log_sink =
    std::function<void(log_level, std::string_view message, std::span<log_field const>)>;

}  // namespace aconite
