#pragma once

#include "clients/experiment/load/arrivals.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace aconite::experiment {

/// One connection of a generator, which it makes anew where it broke. Lives on the generator's
/// thread.
class channel {
public:
    /// A request is over; `error` is empty if it went well, else short and the same for the same
    /// fault. Valid during the call.
    using done_function = std::function<void(std::string_view error)>;

    virtual ~channel() = default;
    channel(channel const&) = delete;
    channel& operator=(channel const&) = delete;

    /// Begins a request; there is none under way. Calls `done` once, later: not before it returns.
    virtual void begin(ticket const& what) = 0;
    /// Gives up the request under way, and the connection: `done` is not called.
    virtual void abandon() = 0;

protected:
    channel() = default;
};

/// Makes connection `number`, from 0.
using channel_maker = std::function<std::unique_ptr<channel>(
    boost::asio::io_context& on, std::size_t number, channel::done_function done)>;

}  // namespace aconite::experiment
