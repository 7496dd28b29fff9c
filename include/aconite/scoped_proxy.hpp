#pragma once

#include <aconite/control.hpp>
#include <aconite/scoped_toxic.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace aconite {

class scoped_outage;

/// A proxy that is there as long as this handle. The `control` must outlive it, the toxics made
/// with it need not be gone before. One handle is used by one thread at a time.
class [[nodiscard]] scoped_proxy {
public:
    /// Creates it. Throws std::runtime_error with the text of the problem.
    scoped_proxy(control& where, proxy_config config);
    /// The same, on a free port of 127.0.0.1. `upstream` is "host:port"; `protocol` as in
    /// `proxy_config`.
    scoped_proxy(control& where, std::string_view name, std::string_view upstream,
                 std::string_view protocol = {});
    /// Removes it and closes its connections. A problem is ignored.
    ~scoped_proxy();
    /// Takes it over; `other` may only be assigned to or destroyed.
    scoped_proxy(scoped_proxy&& other) noexcept;
    /// Removes the one that was held.
    scoped_proxy& operator=(scoped_proxy&& other) noexcept;

    /// As it was created.
    [[nodiscard]] std::string const& name() const { return name_; }
    /// Where it listens: "host:port", IPv6 in brackets.
    [[nodiscard]] std::string const& address() const { return address_; }
    /// The host of `address`, IPv6 without brackets.
    [[nodiscard]] std::string host() const;
    /// The port of `address`.
    [[nodiscard]] std::uint16_t port() const;

    /// Adds a toxic. Here and below: throws std::runtime_error with the text of the problem.
    scoped_toxic add(toxic_config config);
    /// Adds one that acts on what the client sends.
    scoped_toxic upstream(std::string_view type, attribute_list attributes = {},
                          toxic_aim aim = {});
    /// Adds one that acts on what the server sends.
    scoped_toxic downstream(std::string_view type, attribute_list attributes = {},
                            toxic_aim aim = {});
    /// Until the result goes, connections are refused and none is open. The proxy must outlive it.
    scoped_outage down();

    /// What went through it.
    [[nodiscard]] proxy_stats stats() const;
    /// Waits until its counters fit; false if that took longer than `timeout`. Looks every 2 ms.
    [[nodiscard]] bool wait_until(std::function<bool(proxy_stats const&)> const& fit,
                                  std::chrono::milliseconds timeout) const;

private:
    friend class scoped_outage;
    void enable(bool enabled);

    control* where_;  ///< null: moved from
    std::string name_;
    std::string address_;
};

/// A proxy is down as long as this is there. Neither copied nor moved.
class [[nodiscard]] scoped_outage {
public:
    /// Disables `proxy`, which must outlive this. Throws std::runtime_error.
    explicit scoped_outage(scoped_proxy& proxy);
    /// Enables the proxy if `end` was not called; a problem is ignored.
    ~scoped_outage();
    scoped_outage(scoped_outage const&) = delete;
    scoped_outage& operator=(scoped_outage const&) = delete;

    /// Enables the proxy now. Throws std::runtime_error, when somebody else took its port.
    void end();

private:
    scoped_proxy& proxy_;
    bool ended_ = false;
};

}  // namespace aconite
