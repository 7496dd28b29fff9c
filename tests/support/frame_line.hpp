#pragma once

#include "tests/support/conversation_line.hpp"
#include "toxics/frame/framing.hpp"
#include "toxics/frame/protocol.hpp"
#include "toxics/frame/settings.hpp"

#include <aconite/attribute.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace aconite::test {

/// Settings of the protocol. Throws if they are refused.
inline std::shared_ptr<protocol_common> framed(attribute_list const& settings)
{
    attribute_values values(frame::settings_attributes);
    for (auto const& [name, value] : settings)
        values.set(name, value).value();
    frame::check_settings(values).value();
    return frame::protocol.common(values);
}

inline attribute_list const of_lines = {{"frame", "delimiter"}, {"text", "\r\n"}};
/// A byte that says how many follow.
inline attribute_list const of_short_frames = {{"frame", "length"}, {"bytes", 1}};

/// A connection whose frames are told from each other like this.
class frame_line : public conversation_line {
public:
    explicit frame_line(attribute_list const& settings)
        : conversation_line(frame::protocol, framed(settings))
    {}
};

}  // namespace aconite::test
