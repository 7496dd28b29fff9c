#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace aconite {

enum class log_level { trace = -1, debug, info, warn, error, fatal, panic, disabled };

/// One named value of a log line.
struct log_field {
    std::string_view name;
    std::string_view value;
};

/// Where the library tells what happened; it prints nothing itself. Called from any of the
/// engine's threads, several at once; must not throw and must not call the engine. The views
/// are valid during the call only. An empty sink costs nothing.
using log_sink =
    std::function<void(log_level, std::string_view message, std::span<log_field const>)>;

}  // namespace aconite
