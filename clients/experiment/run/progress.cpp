#include "clients/experiment/run/progress.hpp"

namespace aconite::experiment {

void progress::tell(event::level how_bad, std::string text)
{
    event const made{std::chrono::steady_clock::now(), how_bad, std::move(text)};
    {
        std::scoped_lock const lock(mutex_);
        events_.push_back(made);
    }
    if (on_event)
        on_event(made);
}

void progress::update(std::function<void(progress_view&)> const& change)
{
    std::scoped_lock const lock(mutex_);
    change(view_);
}

progress_view progress::view() const
{
    std::scoped_lock const lock(mutex_);
    return view_;
}

std::vector<event> progress::events() const
{
    std::scoped_lock const lock(mutex_);
    return events_;
}

void progress::set_observations(observations const* of)
{
    std::scoped_lock const lock(mutex_);
    observations_ = of;
}

void progress::with_observations(std::function<void(observations const*)> const& use) const
{
    std::scoped_lock const lock(mutex_);
    use(observations_);
}

}  // namespace aconite::experiment
