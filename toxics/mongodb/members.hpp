#pragma once

#include <aconite/conversation.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace aconite::mongodb {

/// The members of a set that the clients of one proxy were told of, each with a number, from 1 on
/// in the order in which they are seen. Any thread.
class members final : public protocol_common {
public:
    /// Of a set that tells of more the rest has none.
    static constexpr std::size_t members_max = 1000;

    /// None: there are too many.
    std::optional<std::int64_t> number_of(std::string_view member)
    {
        std::lock_guard const hold(lock_);
        auto const found = numbers_.find(member);
        if (found != numbers_.end())
            return found->second;
        if (numbers_.size() >= members_max)
            return std::nullopt;
        auto const next = static_cast<std::int64_t>(numbers_.size()) + 1;
        numbers_.emplace(member, next);
        return next;
    }

private:
    std::mutex lock_;
    std::map<std::string, std::int64_t, std::less<>> numbers_;
};

/// Where a member is that a set calls "host:port". None: that is no place in a network.
std::optional<server_place> place_in(std::string_view member);
/// As a set would call it.
std::string member_at(server_place const& place);

}  // namespace aconite::mongodb
