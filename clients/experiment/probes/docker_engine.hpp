#pragma once

#include "clients/experiment/file/settings.hpp"

#include <aconite/problem.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace aconite::experiment {

/// What the engine says of a container.
struct container_state {
    std::string id;        ///< in full; a container of the same name that is made later has another
    std::string name;      ///< without the slash
    std::string status;    ///< created, running, paused, restarting, exited, dead
    bool running = false;  ///< paused ones run too
    bool paused = false;
    std::string health;         ///< starting, healthy, unhealthy; none: it has no health check
    std::int64_t restarts = 0;  ///< by its restart policy
    std::int64_t exit_code = 0;
    json limits = json::object();  ///< the engine's HostConfig: Memory, NanoCpus and so on
};

struct docker_answer {
    unsigned status = 0;
    std::string body;
};

/// The Docker Engine, or Podman, by its API on a unix socket. Every call asks once, over a
/// connection of its own, and waits no longer than its limit. A refused call carries the engine's
/// status and text (404: no such container); status 0: there was no usable answer, and the text
/// says why. Copy it freely; one thread at a time.
class docker_engine {
public:
    /// A path, or `unix://` and a path. Asks nobody yet.
    explicit docker_engine(std::string_view socket);

    /// The body of a 2xx or 304 answer as it came. `path` is escaped, and begins behind the
    /// version: `/containers/json`. Empty `body`: none.
    result<std::string> ask_text(std::string_view method, std::string_view path,
                                 json const& body = {}, std::chrono::milliseconds limit = usual);
    /// The same as JSON; null if it is empty.
    result<json> ask(std::string_view method, std::string_view path, json const& body = {},
                     std::chrono::milliseconds limit = usual);
    /// By name or id.
    result<container_state> inspect(std::string_view container,
                                    std::chrono::milliseconds limit = usual);
    /// Bytes that it uses, without files that the kernel can drop. 409 if it does not run.
    result<double> memory(std::string_view container, std::chrono::milliseconds limit = usual);

    [[nodiscard]] std::string const& socket() const { return socket_; }

    static constexpr std::chrono::milliseconds usual{30'000};

private:
    result<docker_answer> exchange(std::string_view method, std::string_view target,
                                   std::string const& body, std::chrono::milliseconds limit) const;
    result<void> negotiate(std::chrono::milliseconds limit);

    std::string socket_;
    std::string prefix_;  ///< `/v1.41`, once it was agreed on
    bool agreed_ = false;
};

/// `/containers/NAME`, escaped.
[[nodiscard]] std::string container_path(std::string_view container);

}  // namespace aconite::experiment
