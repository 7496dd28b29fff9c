#pragma once

#include "clients/experiment/file/settings.hpp"

#include <aconite/problem.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace aconite::experiment {

/// One process of this machine and no other: a number alone may be given to a second one once the
/// first has ended, but not with the same start, and not by the same boot.
struct process_id {
    std::int64_t pid = 0;
    std::uint64_t start_time = 0;  ///< clock ticks since the machine's start
    std::string boot{};            ///< which start that was

    friend bool operator==(process_id const&, process_id const&) = default;
};

[[nodiscard]] json to_json(process_id const& of);
/// None if the record has no such members.
[[nodiscard]] std::optional<process_id> process_id_of(json const& record);

/// The process that has this number now; none if there is none, or it has ended and is only kept
/// for its parent.
[[nodiscard]] std::optional<process_id> process_with(std::int64_t pid);
[[nodiscard]] bool lives(process_id const& process);
/// Stopped by a signal, as by SIGSTOP.
[[nodiscard]] bool is_stopped(process_id const& process);

/// The live process whose number is the file's first word. A problem if there is none; or if it
/// began after the file was written, so that it is another one.
[[nodiscard]] result<process_id> process_by_file(std::filesystem::path const& file);
/// Who listens on the TCP port, on any address, in this network; of several the oldest. A problem
/// if nobody does, or it cannot be seen who.
[[nodiscard]] result<process_id> process_by_port(std::uint16_t port);

/// Sends it to the process, or to its whole group. 404 if it has ended: no other one gets it.
result<void> send_signal(process_id const& process, int signal, bool to_group);
/// Whether it has ended by then.
[[nodiscard]] bool is_over_within(process_id const& process, std::chrono::milliseconds limit);
/// What a child of ours that has ended, and was not taken leave of, ended with: 128 and the signal,
/// if one ended it.
[[nodiscard]] std::optional<int> exit_status_of(process_id const& process);
/// Whether it has ended by then. Takes leave of it if it is a child of ours.
[[nodiscard]] bool ends_within(process_id const& process, std::chrono::milliseconds limit);

/// Whether it is stopped by then.
[[nodiscard]] bool stops_within(process_id const& process, std::chrono::milliseconds limit);

/// `SIGTERM`, `TERM` or `15`.
[[nodiscard]] std::optional<int> read_signal(std::string_view text);
/// `SIGTERM`
[[nodiscard]] std::string signal_name(int signal);

}  // namespace aconite::experiment
