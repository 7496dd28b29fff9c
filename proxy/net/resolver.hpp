#pragma once

#include "proxy/net/address.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace aconite {

/// Looks names up, on threads of its own because getaddrinfo(3) blocks. A few at once, so that
/// one name server that does not answer holds up neither the data nor, as a rule, other names.
class resolver {
public:
    struct answer {
        std::vector<address> addresses;
        std::string error;  ///< why there is none, as getaddrinfo words it or "no such host"
    };

    resolver();
    ~resolver() { close(); }
    resolver(resolver const&) = delete;
    resolver& operator=(resolver const&) = delete;

    /// Has `then` called with the addresses of host:port, on a thread of the resolver, once at
    /// most and not after `close`. It must not block. Any thread.
    void lookup(std::string host, std::string port, std::function<void(answer)> then);

    /// No answer is given any more. Waits for nobody: a lookup under way ends by itself.
    void close();

private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace aconite
