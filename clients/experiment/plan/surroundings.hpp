#pragma once

#include "clients/experiment/file/target.hpp"

#include <aconite/client.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

namespace aconite::experiment {

/// What actions and probes find the outside by. Fixed before the first of them is made, then read
/// by any thread.
struct surroundings {
    std::filesystem::path folder;  ///< of the file: relative paths and commands begin there
    /// aconite or Toxiproxy servers by name; the first one has the name "".
    std::map<std::string, client::server_config> servers{};
    std::map<std::string, target> targets{};
    /// Of the Docker Engine or Podman: a unix socket. DOCKER_HOST or /var/run/docker.sock.
    std::string docker_socket{};
    /// What proxies' toxics are tied to, by server's name.
    std::map<std::string, std::string> leases{};
    std::uint64_t seed = 0;
    /// Where output of processes and commands goes.
    std::filesystem::path output{};
    /// Whether the run is to end: what lasts gives up then. Any thread; empty: never.
    std::function<bool()> stopped{};
    /// Whether whoever ended the run has no patience: nothing is waited for that can be killed. Any
    /// thread; empty: never.
    std::function<bool()> hurried{};
    /// Tells the user what is waited for. Any thread; empty: nobody.
    std::function<void(std::string const&)> say{};
    /// Asks a server with the time that there is for it now. Any thread; empty: what it has itself.
    std::function<client::server_config(client::server_config)> patience{};

    [[nodiscard]] client::server ask(client::server_config const& config) const
    {
        return client::server(patience ? patience(config) : config);
    }
};

}  // namespace aconite::experiment
