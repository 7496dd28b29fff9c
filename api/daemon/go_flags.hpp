#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace aconite::daemon {

/// What the command line asks of the server.
struct settings {
    std::string host = "localhost";
    std::string port = "8474";
    /// Empty: none.
    std::string config;
    /// None: drawn from the system's entropy.
    std::optional<std::int64_t> seed;
    /// Threads that move data; 0: one for each processor that the process may use, at most 8.
    std::int64_t threads = 0;
    /// How many records of what happened are kept, 160 bytes each; 0: none.
    std::int64_t journal_records = 65'536;
    /// Seconds of silence before the kernel asks a peer whether it is there; 0: never.
    std::int64_t keep_alive = 15;
    /// Seconds that a half-closed connection may be idle; 0: any number.
    std::int64_t half_closed_limit = 300;
    bool proxy_metrics = false;
    bool runtime_metrics = false;
    bool version = false;
    bool no_extras = false;
    bool ignore_body_toxics = false;
    /// What `packet_loss` does: "retransmit", or "discard" as the reference.
    std::string packet_loss = "retransmit";
};

/// Why there are no settings: `-h` (status 0) or a mistake (status 2), with the line that
/// names it.
struct flag_stop {
    int status = 2;
    std::string error;
};

/// Reads flags as Go programs do: one dash or two, `-x v` or `-x=v`, a boolean without a
/// value of its own, up to the first argument without a dash or `--`; the last one counts.
/// `arguments` are those behind the program's name.
std::variant<settings, flag_stop> parse_flags(std::span<char const* const> arguments);

/// A flag as people are told of it.
struct flag_help {
    std::string_view name;   ///< without a dash
    std::string_view value;  ///< "string" or "int"; empty: it takes none
    std::string_view summary;
};

/// All flags, by name.
std::vector<flag_help> flag_helps();

/// The flags, their meaning and defaults, a line or two for each.
std::string usage(std::string const& program);

}  // namespace aconite::daemon
