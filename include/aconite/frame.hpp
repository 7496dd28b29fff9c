#pragma once

#include <aconite/operation_toxic.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

/// What a proxy whose protocol is `frame` can do to single frames;
/// `proxy_config::protocol_settings` say how they are told from each other. The words act on what
/// the server sends, but for `lose_reply`. docs/toxics/frame.md has all attributes, and what a
/// match can name.
namespace aconite::frame {

/// Frames go on `time` later, at least 1 ms, and what is behind them.
inline operation_toxic late(std::chrono::milliseconds time)
{
    return {"frame", "delay", std::int64_t{time.count()}};
}
/// The frame does not come.
inline operation_toxic drop()
{
    return {"frame", "fault", std::string("drop")};
}
/// The frame comes again, `copies` times: 1 to 16.
inline operation_toxic duplicate(std::int64_t copies = 1)
{
    return operation_toxic{"frame", "fault", std::string("duplicate")}.set("copies", copies);
}
/// The frame is `text` instead, behind what stands in front up to its length; at most 64 KiB.
inline operation_toxic replace(std::string_view text)
{
    return operation_toxic{"frame", "fault", std::string("replace")}.set("text", std::string(text));
}
/// The same with bytes in hexadecimal digits.
inline operation_toxic replace_hex(std::string_view digits)
{
    return operation_toxic{"frame", "fault", std::string("replace")}.set("hex",
                                                                         std::string(digits));
}
/// Only the first `bytes` of the frame are left, at most 64 KiB.
inline operation_toxic truncate(std::int64_t bytes)
{
    return operation_toxic{"frame", "fault", std::string("truncate")}.set("size", bytes);
}
/// So many others overtake the frame: 1 to 1000.
inline operation_toxic reorder(std::int64_t others = 1)
{
    return operation_toxic{"frame", "fault", std::string("reorder")}.set("behind", others);
}
/// The connection is reset in place of the frame.
inline operation_toxic disconnect()
{
    return {"frame", "fault", std::string("disconnect")};
}
/// The request reaches the server, nothing of its answer comes, and the connection is reset.
inline operation_toxic lose_reply()
{
    return operation_toxic{"frame", "fault", std::string("lose_reply")}.upstream();
}

}  // namespace aconite::frame
