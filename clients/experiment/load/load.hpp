#pragma once

#include "clients/experiment/file/field.hpp"
#include "clients/experiment/file/settings.hpp"
#include "clients/experiment/load/recorder.hpp"
#include "clients/experiment/plan/surroundings.hpp"

#include <aconite/problem.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>

namespace aconite::experiment {

/// What a load says of itself when it is over.
struct load_end {
    std::optional<int> exit_status{};  ///< of a command
    std::string output{};              ///< the end of what it printed; of a generator, how late
                                       ///< it was itself
    std::string fault{};               ///< why it could not go on; empty if it could
};

/// What puts the system under load: generators of requests at a fixed rate, whatever the answers
/// take (an open loop), or a command. Used by one thread; its own threads are its business.
class load {
public:
    virtual ~load() = default;
    load(load const&) = delete;
    load& operator=(load const&) = delete;

    /// Begins; returns at once. A problem if it cannot: nobody there is none, that is recorded.
    virtual result<void> start() = 0;
    /// Whether it goes on: a command may end, or a generator have sent all it was to.
    [[nodiscard]] virtual bool running() const = 0;
    /// Ends it: no more requests begin, those that wait for an answer have `grace`.
    virtual load_end stop(std::chrono::milliseconds grace) = 0;

protected:
    load() = default;
};

/// A row: what a load is called in a file, and how it is made.
struct load_kind {
    kind row;
    /// `into` outlives the load.
    result<std::unique_ptr<load>> (*make)(settings const& how, surroundings const& where,
                                          recorder& into);
};

/// All there are: command, http, tcp, postgres, redis, kafka.
[[nodiscard]] std::span<load_kind const> load_kinds();

}  // namespace aconite::experiment
