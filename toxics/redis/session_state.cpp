#include "toxics/redis/session_state.hpp"

namespace aconite::redis {

std::size_t session_change::bytes() const
{
    return sizeof *this + (client_name ? client_name->size() : 0) + (user ? user->size() : 0);
}

void session_change::put_into(identity& into) const
{
    into.database = database.value_or(into.database);
    into.resp3 = resp3.value_or(into.resp3);
    if (client_name)
        into.client_name = *client_name;
    if (user)
        into.user = *user;
}

void session_state::apply(session_change const& change)
{
    using kind = session_change::kind;
    switch (change.does) {
    case kind::set:
        change.put_into(who_);
        if (!in_multi_)
            break;
        if (changes_.size() == queued_changes_max)
            changes_.erase(changes_.begin());
        changes_.emplace_back(queued_++, change);
        break;
    case kind::multi:
        outside_ = who_;
        in_multi_ = true;
        break;
    case kind::exec:
        if (has_failed_) {
            who_ = outside_;
            for (auto const& [n, each] : changes_)
                each.put_into(who_);
        }
        leave();
        break;
    case kind::discard:
        abort();
        break;
    case kind::reset:
        who_ = {};
        leave();
        break;
    }
}

void session_state::abort()
{
    if (in_multi_)
        who_ = outside_;
    leave();
}

void session_state::fail(std::size_t n)
{
    has_failed_ |= std::erase_if(changes_, [&](auto const& each) { return each.first == n; }) > 0;
}

void session_state::leave()
{
    in_multi_ = has_failed_ = false;
    queued_ = 0;
    changes_.clear();
}

}  // namespace aconite::redis
