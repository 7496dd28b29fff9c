#pragma once

#include "proxy/loop/pump_set.hpp"
#include "proxy/loop/unique_fd.hpp"
#include "proxy/net/address.hpp"

#include <cstdint>
#include <utility>

namespace aconite {

class dialer;

/// A socket on its way to one address of an upstream. Without a descriptor it is over; it stays in
/// memory until the turn is, because its events may have been fetched already.
class dial_attempt final : public io_handler {
public:
    dial_attempt(dialer& owner, address const& where, unique_fd socket)
        : fd(std::move(socket)), to(where), owner_(owner)
    {}

    void on_io(std::uint32_t events) override;

    unique_fd fd;
    address const to;

private:
    dialer& owner_;
};

}  // namespace aconite
