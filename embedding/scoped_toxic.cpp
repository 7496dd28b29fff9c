#include <aconite/scoped_toxic.hpp>

#include "embedding/poll.hpp"
#include "embedding/toxic_state.hpp"

#include <utility>

namespace aconite {

scoped_toxic::state::state(control& where, std::string proxy, std::string name)
    : where_(where), proxy_(std::move(proxy)), name_(std::move(name))
{}

result<toxic_stats> scoped_toxic::state::stats() const
{
    if (last_)
        return *last_;
    auto const all = where_.stats(proxy_);
    if (!all)
        return all.error();
    // The one that is there, or else the last one that was removed.
    toxic_stats const* found = nullptr;
    for (auto const& each : all->toxics)
        if (each.name == name_ && (found == nullptr || found->removed))
            found = &each;
    if (found == nullptr)
        return problem{404, "toxic not found"};
    return *found;
}

result<void> scoped_toxic::state::remove()
{
    if (removed_)
        return {};
    auto const done = where_.remove_toxic(proxy_, name_);
    if (!done && done.error().status != 404)
        return done;
    removed_ = true;
    last_ = stats();
    return {};
}

scoped_toxic::scoped_toxic(control& where, std::string_view proxy, toxic_config config)
    : state_(std::make_shared<state>(where, std::string(proxy),
                                     where.add_toxic(proxy, std::move(config)).value().name))
{}

scoped_toxic::~scoped_toxic()
{
    if (state_)
        static_cast<void>(state_->remove());
}

scoped_toxic::scoped_toxic(scoped_toxic&& other) noexcept = default;

scoped_toxic& scoped_toxic::operator=(scoped_toxic&& other) noexcept
{
    scoped_toxic(std::move(other)).state_.swap(state_);
    return *this;
}

std::string const& scoped_toxic::name() const
{
    return state_->name();
}

std::string const& scoped_toxic::proxy() const
{
    return state_->proxy();
}

void scoped_toxic::update(attribute_list attributes)
{
    update(toxic_patch{.toxicity = {}, .attributes = std::move(attributes)});
}

void scoped_toxic::update(toxic_patch const& patch)
{
    state_->where().update_toxic(proxy(), name(), patch).value();
}

void scoped_toxic::remove()
{
    state_->remove().value();
}

toxic_stats scoped_toxic::stats() const
{
    return state_->stats().value();
}

std::uint64_t scoped_toxic::hits() const
{
    return stats().hits;
}

bool scoped_toxic::wait_for_hits(std::uint64_t count, std::chrono::milliseconds timeout) const
{
    return poll([&] { return hits() >= count; }, timeout);
}

}  // namespace aconite
