#include "api/daemon/json_log.hpp"

#include "api/json/json_text.hpp"

#include <fmt/format.h>

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <utility>

namespace aconite::daemon {
namespace {

/// How long a reader may hold up the first line that it does not take; the next ones not at all.
constexpr int write_patience_ms = 100;

constexpr std::array<std::string_view, 8> level_names{"trace", "debug", "info",  "warn",
                                                      "error", "fatal", "panic", "disabled"};

std::string_view name_of(log_level level)
{
    auto const index = static_cast<int>(level) - static_cast<int>(log_level::trace);
    return level_names.at(static_cast<std::size_t>(index));
}

std::tm utc(std::time_t time)
{
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    return parts;
}

void put_text(std::string& line, std::string_view text)
{
    auto const plain = [](unsigned char c) {
        return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
    };
    if (std::ranges::all_of(text, plain))
        line.append("\"").append(text).append("\"");
    else
        line.append(api::json(text).dump(-1, ' ', false, api::json::error_handler_t::replace));
}

/// Whole or with a fraction, as whoever counts writes it.
bool is_number(std::string_view text)
{
    auto const digits = [](std::string_view part) {
        return !part.empty() &&
               std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
    };
    auto const whole = text.substr(0, text.find('.'));
    bool const padded = whole.size() > 1 && whole.front() == '0';
    return digits(whole) && !padded &&
           (whole.size() == text.size() || digits(text.substr(whole.size() + 1)));
}

/// A number where the field counts and the text is one, else the text.
void put_field(std::string& line, log_field const& field)
{
    static constexpr std::string_view counts[] = {"bytes",     "created", "duration", "failed",
                                                  "proxies",   "removed", "size",     "status",
                                                  "unchanged", "updated"};
    line.append(",\"").append(field.name).append("\":");
    if (std::ranges::find(counts, field.name) != std::end(counts) && is_number(field.value))
        line.append(field.value);
    else
        put_text(line, field.value);
}

}  // namespace

std::optional<log_level> level_from(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    if (lower == "warning")
        lower = "warn";
    for (std::size_t i = 0; i < level_names.size(); ++i)
        if (lower == level_names[i] || lower == std::to_string(static_cast<int>(i) - 1))
            return static_cast<log_level>(static_cast<int>(i) - 1);
    // The reference's number for "no level", above all of ours.
    return lower == "7" ? std::optional(log_level::disabled) : std::nullopt;
}

std::string log_line(log_level level, std::string_view message, std::span<log_field const> fields,
                     std::string_view caller, std::time_t time)
{
    auto const parts = utc(time);
    std::string line = R"({"level":")";
    line.append(name_of(level)).append("\"");
    for (auto const& field : fields)
        put_field(line, field);
    put_field(line, {"caller", caller});
    fmt::format_to(std::back_inserter(line), R"(,"time":"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z")",
                   parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                   parts.tm_min, parts.tm_sec);
    if (!message.empty())
        put_field(line, {"message", message});
    return line + "}\n";
}

std::string one_line(std::string text)
{
    std::ranges::replace_if(
        text, [](unsigned char c) { return c < ' ' || c == 0x7f; }, '?');
    return text;
}

std::string plain_line(log_level level, std::string_view message, std::span<log_field const> fields,
                       std::time_t time)
{
    auto const parts = utc(time);
    auto line = fmt::format("{:02}:{:02}:{:02} {:5} {}", parts.tm_hour, parts.tm_min, parts.tm_sec,
                            name_of(level), message);
    for (auto const& field : fields)
        line.append(line.ends_with(' ') ? "" : " ")
            .append(field.name)
            .append("=")
            .append(field.value);
    return one_line(std::move(line)) + "\n";
}

json_log::json_log(int fd, log_level least) : fd_(fd), least_(least), plain_(::isatty(fd) != 0) {}

void json_log::write(log_level level, std::string_view message, std::span<log_field const> fields,
                     boost::source_location where) const
{
    std::string_view file = where.file_name();
    file.remove_prefix(file.rfind('/') + 1);
    put(level, message, fields, fmt::format("{}:{}", file, where.line()));
}

log_sink json_log::sink(std::string caller) const
{
    if (least_ == log_level::disabled)
        return {};
    return [this, caller = std::move(caller)](log_level level, std::string_view message,
                                              std::span<log_field const> fields) {
        put(level, message, fields, caller);
    };
}

void json_log::put(log_level level, std::string_view message, std::span<log_field const> fields,
                   std::string_view caller) const
{
    if (level < least_)
        return;
    auto const now = std::time(nullptr);
    auto const line = plain_ ? plain_line(level, message, fields, now)
                             : log_line(level, message, fields, caller, now);
    std::string_view rest = line;
    while (!rest.empty()) {
        // A pipe that is ready takes so much without blocking, whatever its flags.
        auto const piece = rest.substr(0, PIPE_BUF);
        pollfd writable{fd_, POLLOUT, 0};
        if (::poll(&writable, 1, behind_ ? 0 : write_patience_ms) <= 0) {
            behind_ = true;
            return;
        }
        auto const count = ::write(fd_, piece.data(), piece.size());
        if (count >= 0)
            rest.remove_prefix(static_cast<std::size_t>(count));
        else if (errno != EINTR && errno != EAGAIN)
            return;
    }
    behind_ = false;
}

}  // namespace aconite::daemon
