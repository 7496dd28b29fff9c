#pragma once

#include "proxy/engine/agenda.hpp"

#include <aconite/config.hpp>
#include <aconite/problem.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace aconite {

/// The leases of an engine. Under the agenda's lock.
class lease_book {
public:
    /// `on_end` is called with the id of each lease that ends. The agenda outlives the book.
    lease_book(agenda& timetable, std::function<void(std::string_view)> on_end)
        : timetable_(timetable), on_end_(std::move(on_end))
    {}

    /// 400 for a ttl out of bounds.
    result<lease_info> open(std::int64_t ttl_ms, time_point now);
    /// 404.
    result<lease_info> renew(std::string_view id, time_point now);
    /// 404.
    result<void> end(std::string_view id);
    /// Forgets all of them, without a call: their toxics are gone.
    void clear() { leases_.clear(); }

    [[nodiscard]] bool has(std::string_view id) const { return leases_.contains(id); }
    [[nodiscard]] std::vector<lease_info> list(time_point now) const;

private:
    struct lease {
        std::int64_t ttl_ms = 0;
        time_point until{};
        appointment expiry;
    };
    lease_info start(std::string const& id, lease& which, time_point now);

    agenda& timetable_;
    std::function<void(std::string_view)> on_end_;
    std::map<std::string, lease, std::less<>> leases_;
};

}  // namespace aconite
