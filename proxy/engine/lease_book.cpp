#include "proxy/engine/lease_book.hpp"

#include <chrono>
#include <random>

namespace aconite {
namespace {

using std::chrono::milliseconds;

/// Not to be guessed or met by chance: 128 bits.
std::string new_id()
{
    static constexpr char digits[] = "0123456789abcdef";
    std::random_device entropy;
    std::string id;
    for (int word = 0; word < 4; ++word) {
        auto bits = entropy();
        for (int digit = 0; digit < 8; ++digit, bits >>= 4)
            id += digits[bits & 15];
    }
    return id;
}

problem no_lease()
{
    return {404, "lease not found"};
}

lease_info describe(std::string const& id, std::int64_t ttl_ms, duration left)
{
    return {id, ttl_ms, std::chrono::ceil<milliseconds>(left).count()};
}

}  // namespace

result<lease_info> lease_book::open(std::int64_t ttl_ms, time_point now)
{
    if (ttl_ms < 1 || ttl_ms > time_ms_max)
        return problem{400, "bad request body: 'ttl' must be between 1 and " +
                                std::to_string(time_ms_max) + " ms, not " + std::to_string(ttl_ms)};
    auto const id = new_id();
    auto& made = leases_[id];
    made.ttl_ms = ttl_ms;
    return start(id, made, now);
}

result<lease_info> lease_book::renew(std::string_view id, time_point now)
{
    auto const found = leases_.find(id);
    if (found == leases_.end())
        return no_lease();
    return start(found->first, found->second, now);
}

lease_info lease_book::start(std::string const& id, lease& which, time_point now)
{
    which.until = later(now, milliseconds(which.ttl_ms));
    which.expiry = timetable_.at(which.until, [this, id] { static_cast<void>(end(id)); });
    return describe(id, which.ttl_ms, which.until - now);
}

result<void> lease_book::end(std::string_view id)
{
    auto const found = leases_.find(id);
    if (found == leases_.end())
        return no_lease();
    auto const ended = leases_.extract(found);
    on_end_(ended.key());
    return {};
}

std::vector<lease_info> lease_book::list(time_point now) const
{
    std::vector<lease_info> all;
    for (auto const& [id, each] : leases_)
        all.push_back(describe(id, each.ttl_ms, each.until - now));
    return all;
}

}  // namespace aconite
