#pragma once

#include "clients/experiment/file/field.hpp"
#include "clients/experiment/file/settings.hpp"
#include "clients/experiment/plan/surroundings.hpp"
#include "clients/experiment/values/value.hpp"

#include <aconite/problem.hpp>

#include <chrono>
#include <memory>
#include <span>

namespace aconite::experiment {

/// One look at the outside: a query, a request, a counter. Made on one thread and then asked by one
/// other, one call at a time; what it keeps between calls, as a connection, is its own.
class probe {
public:
    virtual ~probe() = default;
    probe(probe const&) = delete;
    probe& operator=(probe const&) = delete;

    /// What is there now. Comes back within `limit`, and some 100 ms, whatever the other side
    /// does; the problem says who did not answer, and how. May be called again after a problem:
    /// connections that broke are made anew.
    virtual result<value> look(std::chrono::milliseconds limit) = 0;

protected:
    probe() = default;
};

/// A row: what a probe is called in a file, and how it is made.
struct probe_kind {
    kind row;
    /// Connects to nobody yet. A problem for settings that make no sense together.
    result<std::unique_ptr<probe>> (*make)(settings const& how, surroundings const& where);
};

/// All there are: sql, kafka, redis, http, tcp, prometheus, command, container, proxy.
[[nodiscard]] std::span<probe_kind const> probe_kinds();

}  // namespace aconite::experiment
