#pragma once

#include <aconite/log.hpp>

#include <initializer_list>

namespace aconite {

/// Tells the sink, if there is one.
inline void tell(log_sink const& sink, log_level level, std::string_view message,
                 std::initializer_list<log_field> fields)
{
    if (sink)
        sink(level, message, {fields.begin(), fields.size()});
}

}  // namespace aconite
