#pragma once

#include <aconite/log.hpp>

#include <boost/assert/source_location.hpp>

#include <atomic>
#include <ctime>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace aconite::daemon {

/// A level as LOG_LEVEL names it: a word in any case, or a number from -1 to 7.
std::optional<log_level> level_from(std::string_view text);

/// One line of the log, with its newline: JSON, level first. `caller` is `file:line`. Fields
/// that count something (bytes, size, status...) are numbers.
std::string log_line(log_level level, std::string_view message, std::span<log_field const> fields,
                     std::string_view caller, std::time_t time);

/// `text` with `?` for each control character.
std::string one_line(std::string text);

/// The same for people: time in UTC, level, message, then each field as `name=value`. Control
/// characters become `?`.
std::string plain_line(log_level level, std::string_view message, std::span<log_field const> fields,
                       std::time_t time);

/// Writes lines to a file descriptor: plain ones to a terminal, else JSON, each with one write.
/// What cannot be written, because the reader is gone or does not read, is lost: the log never
/// stops the server. Any thread.
class json_log {
public:
    json_log(int fd, log_level least);
    json_log(json_log const& other) : fd_(other.fd_), least_(other.least_), plain_(other.plain_) {}

    void write(log_level level, std::string_view message, std::span<log_field const> fields,
               boost::source_location where = BOOST_CURRENT_LOCATION) const;

    /// A sink for a part of the program that has no line numbers to tell. This object must
    /// outlive it. Empty if no line of it could ever be written.
    [[nodiscard]] log_sink sink(std::string caller) const;
    /// What matters less is not written.
    [[nodiscard]] log_level least() const { return least_; }

private:
    void put(log_level level, std::string_view message, std::span<log_field const> fields,
             std::string_view caller) const;

    int fd_;
    log_level least_;
    bool plain_;
    mutable std::atomic<bool> behind_{false};  ///< the reader did not take the last line
};

}  // namespace aconite::daemon
