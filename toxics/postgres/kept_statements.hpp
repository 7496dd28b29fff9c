#pragma once

#include "toxics/postgres/statement.hpp"

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace aconite::postgres {

/// What a session's prepared statements, or its portals, are made from, by their names. As many as
/// `count_max` and as much as `bytes_max`: the oldest make room. The one without a name is always
/// there.
class kept_statements {
public:
    static constexpr std::size_t count_max = 10'000;
    static constexpr std::size_t bytes_max = 1 << 20;

    /// In the place of the one of that name.
    void put(std::string_view name, std::shared_ptr<statement const> what)
    {
        if (name.empty()) {
            unnamed_ = std::move(what);
            return;
        }
        forget(name);
        bytes_ += name.size() + what->text().size();
        auto const at = order_.insert(order_.end(), {std::string(name), std::move(what)});
        by_name_.emplace(at->name, at);
        while (order_.size() > count_max || bytes_ > bytes_max)
            forget(order_.front().name);
    }

    /// An empty one if there is none.
    [[nodiscard]] std::shared_ptr<statement const> const& find(std::string_view name) const
    {
        if (name.empty())
            return unnamed_;
        auto const found = by_name_.find(name);
        return found != by_name_.end() ? found->second->what : none();
    }

    void forget(std::string_view name)
    {
        if (name.empty())
            unnamed_ = none();
        auto const found = by_name_.find(name);
        if (found == by_name_.end())
            return;
        auto const at = found->second;
        by_name_.erase(found);
        bytes_ -= at->name.size() + at->what->text().size();
        order_.erase(at);
    }

    /// All that have a name.
    void clear()
    {
        by_name_.clear();
        order_.clear();
        bytes_ = 0;
    }

    static std::shared_ptr<statement const> const& none()
    {
        static auto const empty = std::make_shared<statement const>();
        return empty;
    }

private:
    struct kept {
        std::string name;
        std::shared_ptr<statement const> what;
    };
    std::list<kept> order_;  ///< the oldest first
    std::map<std::string_view, std::list<kept>::iterator, std::less<>> by_name_;
    std::size_t bytes_ = 0;
    std::shared_ptr<statement const> unnamed_ = none();
};

}  // namespace aconite::postgres
