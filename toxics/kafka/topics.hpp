#pragma once

#include "toxics/answer_memory.hpp"

#include <aconite/conversation.hpp>

#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::kafka {

/// What all connections of one proxy know of its cluster's topics: newer requests have ids in place
/// of names, and the answers of Metadata say whose they are. Any thread.
class topics final : public protocol_common {
public:
    /// More are not kept: theirs are matched by no name.
    static constexpr std::size_t topics_max = 20'000;

    /// A topic and its id, which older answers do not have.
    void note(std::string_view id, std::string_view name)
    {
        auto const key = id.empty() ? name : id;
        std::lock_guard const hold(lock_);
        if (auto const found = names_.find(key); found == names_.end()) {
            if (names_.size() < topics_max)
                names_.emplace(key, name);
        } else if (found->second != name) {
            found->second = name;
        }
    }

    /// What Metadata answered before.
    [[nodiscard]] toxics::answer_memory& memory() { return memory_; }

    /// All that are known, each once.
    [[nodiscard]] std::vector<std::string> names() const
    {
        std::lock_guard const hold(lock_);
        std::set<std::string> all;
        for (auto const& [id, name] : names_)
            all.insert(name);
        return {all.begin(), all.end()};
    }

    /// Empty: it is not known.
    [[nodiscard]] std::string name_of(std::string_view id) const
    {
        std::lock_guard const hold(lock_);
        auto const found = names_.find(id);
        return found == names_.end() ? std::string() : found->second;
    }

private:
    /// Length and correlation id differ.
    toxics::answer_memory memory_{8};
    mutable std::mutex lock_;
    std::map<std::string, std::string, std::less<>> names_;
};

}  // namespace aconite::kafka
