#pragma once

#include "proxy/forwarding/own_dials.hpp"
#include "proxy/loop/pump_set.hpp"
#include "proxy/loop/unique_fd.hpp"
#include "proxy/net/address.hpp"

#include <cstdint>
#include <memory>
#include <utility>

namespace aconite {

class dialer;

/// A socket that was dialled; `mark` if the dial may lead to a listener of the engine.
struct dialled_socket {
    std::unique_ptr<own_dials::mark> mark{};
    unique_fd fd{};
};

/// A socket on its way to one address of an upstream. Without a descriptor it is over; it stays in
/// memory until the turn is, because its events may have been fetched already.
class dial_attempt final : public io_handler {
public:
    dial_attempt(dialer& owner, address const& where, dialled_socket dialled)
        : socket(std::move(dialled)), to(where), owner_(owner)
    {}

    void on_io(std::uint32_t events) override;

    dialled_socket socket;
    address const to;

private:
    dialer& owner_;
};

}  // namespace aconite
