#pragma once

#include <aconite/conversation.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aconite::postgres {

/// Who a session belongs to.
struct session_owner {
    std::string user;
    std::string database;
    std::string application_name;
};

/// The open sessions of one proxy by the key that the server gave them (BackendKeyData). A request
/// to cancel comes on a connection of its own and says nothing but that key. Any thread.
class session_keys final : public protocol_common {
public:
    /// The server takes and gives none that is longer, the process number with it.
    static constexpr std::size_t key_bytes_max = 4 + 256;

    void put(std::string const& key, session_owner who)
    {
        std::lock_guard const hold(lock_);
        owners_.insert_or_assign(key, std::move(who));
    }
    void forget(std::string const& key)
    {
        std::lock_guard const hold(lock_);
        owners_.erase(key);
    }
    [[nodiscard]] std::optional<session_owner> find(std::string_view key) const
    {
        std::lock_guard const hold(lock_);
        auto const found = owners_.find(key);
        return found == owners_.end() ? std::nullopt : std::optional(found->second);
    }

private:
    mutable std::mutex lock_;
    std::map<std::string, session_owner, std::less<>> owners_;
};

}  // namespace aconite::postgres
