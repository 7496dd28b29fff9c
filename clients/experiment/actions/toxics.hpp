#pragma once

#include "clients/experiment/actions/action.hpp"

#include <aconite/client.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::experiment {

/// A proxy that is aimed at, and its server.
struct aimed_proxy {
    std::string proxy;
    client::server_config server;
    surroundings const* where = nullptr;  ///< they outlive it
    std::string lease{};                  ///< of the server; empty: none

    [[nodiscard]] client::server ask() const { return where->ask(server); }
};

/// A problem if the target has no proxy, or its server is unknown. Asks nobody.
[[nodiscard]] result<aimed_proxy> aimed_proxy_of(target const& aimed, surroundings const& where);
/// The server of an undo record: the one that the experiment knows by that URL, or another.
[[nodiscard]] client::server server_of_record(json const& record, surroundings const& where);

/// A toxic to be added, as the REST API takes it. Without a name it gets one.
struct planned_toxic {
    aimed_proxy at;
    json body;
};

/// What a kind of action adds to each proxy that it is aimed at, as the REST API takes it, but
/// without names that it would give. None if that kind adds no toxics, or not by a proxy. Asks
/// nobody. A problem for settings that make no sense together.
[[nodiscard]] result<std::vector<json>> toxic_bodies(std::string_view kind, settings const& how);

/// The same for one kind each; of a netem those of netem.hpp.
[[nodiscard]] result<json> toxic_body_of(settings const& how);
[[nodiscard]] result<json> preset_body_of(settings const& how);
[[nodiscard]] json partition_body();

/// An action that adds these toxics, ties them to the servers' leases and counts their hits.
/// Names that it gives are the same in each run on aconite, whose random decisions depend on them;
/// on a server without leases they are unique, so that no other one's toxic is ever taken for ours.
[[nodiscard]] std::unique_ptr<action> make_toxics(std::vector<planned_toxic> toxics,
                                                  std::uint64_t seed);

}  // namespace aconite::experiment
