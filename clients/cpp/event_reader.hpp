#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace aconite::client {

/// Takes Server-Sent Events, which come in parts of any size, out of their stream.
class event_reader {
public:
    using listener = std::function<void(std::string_view event, std::string_view data)>;

    /// `on_event` is told of each one that is complete.
    explicit event_reader(listener on_event) : on_event_(std::move(on_event)) {}

    /// What came next of the stream.
    void read(std::string_view part);

private:
    void read_line(std::string_view line);

    listener on_event_;
    std::string rest_;  ///< of a line that is not whole yet
    std::string event_;
    std::string data_;
};

}  // namespace aconite::client
