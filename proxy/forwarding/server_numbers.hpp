#pragma once

#include <aconite/conversation.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace aconite {

/// Numbers, from 1 on, for servers that are known by their addresses only: in the order in which
/// they are seen, and the same as long as this exists. Any thread.
class server_numbers {
public:
    /// So many are numbered.
    explicit server_numbers(std::size_t most) : most_(most) {}

    /// The number of the server at `there`; none: there are too many.
    [[nodiscard]] std::optional<std::int64_t> of(server_place const& there)
    {
        std::lock_guard const hold(lock_);
        std::pair const key{there.host, there.port};
        auto const found = numbers_.find(key);
        if (found != numbers_.end())
            return found->second;
        if (numbers_.size() >= most_)
            return std::nullopt;
        auto const next = static_cast<std::int64_t>(numbers_.size()) + 1;
        numbers_.emplace(key, next);
        return next;
    }

private:
    std::size_t const most_;
    std::mutex lock_;
    std::map<std::pair<std::string, std::uint16_t>, std::int64_t> numbers_;
};

}  // namespace aconite
