#pragma once

#include "tests/integration/engine/engine_fixture.hpp"
#include "tests/support/knock.hpp"

namespace aconite::testing {

/// How long an attempt is watched that must get no answer.
inline constexpr std::chrono::milliseconds silence{500};

/// Attributes of an accept toxic.
inline attribute_list mode(char const* name, std::int64_t max_connections = 0)
{
    return {{"mode", name}, {"max_connections", max_connections}};
}

/// Takes the accept toxic of the proxy away.
inline void heal(proxied& p)
{
    p.engine.remove_toxic("p", "accept_upstream").value();
}

/// Whether a server that echoes answers.
inline bool is_served(client_socket& client)
{
    client.send("ping");
    return client.receive(4) == "ping";
}

/// The same for somebody who connects now.
inline bool is_served(proxied const& p)
{
    knock fresh(p.listen);
    if (fresh.answer() != 0)
        return false;
    auto client = fresh.enter();
    return is_served(client);
}

}  // namespace aconite::testing
