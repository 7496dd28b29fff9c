#pragma once

#include <aconite/problem.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace aconite::experiment {

/// Shows past runs to browsers of this machine: HTTP on 127.0.0.1 and nowhere else, on a thread of
/// its own. Reads only; nothing outside of the folder. Clients that say nothing or read nothing are
/// closed after 15 s, and at most 64 are served at once.
class report_server {
public:
    /// Listens at once; port 0: any that is free. A problem names the folder, or the port and who
    /// cannot have it.
    static result<std::unique_ptr<report_server>> start(std::filesystem::path const& folder,
                                                        std::uint16_t port);
    /// Closes every connection and joins the thread.
    ~report_server();
    report_server(report_server const&) = delete;
    report_server& operator=(report_server const&) = delete;

    /// `http://127.0.0.1:8476/`.
    [[nodiscard]] std::string address() const;

private:
    class impl;
    explicit report_server(std::unique_ptr<impl> made);
    std::unique_ptr<impl> impl_;
};

/// The port of `aconite report --serve` where none is given.
inline constexpr std::uint16_t report_port = 8476;

/// The same until SIGINT or SIGTERM comes: what `aconite report --serve FOLDER` does. `ready` is
/// called with the address once it listens. Call it while there are no other threads.
result<void> serve_reports(std::filesystem::path const& folder, std::uint16_t port,
                           std::function<void(std::string const&)> const& ready);

}  // namespace aconite::experiment
