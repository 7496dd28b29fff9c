#include "tests/integration/edits/editor.hpp"

#include <algorithm>

namespace aconite::testing {
namespace {

constexpr std::size_t toxics_max = 12;
constexpr std::size_t leases_max = 4;

/// 0 or the status with which an edit was refused.
template <class T>
int status(result<T> const& got)
{
    return got ? 0 : got.error().status;
}

}  // namespace

editor::editor(engine& target, std::vector<edited_proxy> const& proxies, double rate,
               std::uint64_t seed)
    : engine_(target),
      proxies_(proxies),
      random_(target.toxic_types(), seed),
      thread_([this, rate](std::stop_token const& stop) { run(stop, rate); })
{}

editor::clock::duration editor::busy_for() const
{
    return clock::now() - std::min(began_.load(), clock::now());
}

void editor::run(std::stop_token const& stop, double rate)
{
    auto const start = clock::now();
    while (!stop.stop_requested()) {
        std::chrono::duration<double> const due(static_cast<double>(counts_.made) / rate);
        std::this_thread::sleep_until(start + std::chrono::duration_cast<clock::duration>(due));
        auto const began = clock::now();
        began_ = began;
        auto const refused = edit();
        began_ = clock::time_point::max();
        counts_.slowest = std::max(counts_.slowest, clock::now() - began);
        if (refused == 0)
            made_ = ++counts_.made;
        else
            ++counts_.refused[refused];
    }
    stopped_ = true;
}

int editor::edit()
{
    auto const& which = random_.one_of<edited_proxy>(proxies_);
    auto const what = random_.pick(0, 999);
    if (what < 5)
        return status(engine_.reset());
    if (what < 50)
        return edit_leases();
    if (what < 80)
        return edit_proxy(which);
    return edit_toxics(which);
}

int editor::edit_toxics(edited_proxy const& which)
{
    auto const there = engine_.toxics(which.name).value();
    auto const what = there.empty() ? 0 : there.size() > toxics_max ? 99 : random_.pick(0, 99);
    if (what < 40) {
        auto const name = "t" + std::to_string(random_.pick(0, 99));
        auto made = random_.toxic(name, which.how);
        if (!leases_.empty() && random_.chance(20))
            made.aim.lease = random_.one_of<std::string>(leases_);
        return status(engine_.add_toxic(which.name, std::move(made)));
    }
    auto const& toxic = random_.one_of<toxic_info>(there);
    if (what < 75) {
        auto const change = random_.change(toxic, which.how);
        return status(engine_.update_toxic(which.name, toxic.name, change));
    }
    return status(engine_.remove_toxic(which.name, toxic.name));
}

int editor::edit_proxy(edited_proxy const& which)
{
    proxy_patch patch;
    patch.label = random_.label();
    if (!which.upstreams.empty()) {
        patch.enabled = random_.chance(80);
        patch.upstream = random_.one_of<std::string>(which.upstreams);
    }
    return status(engine_.update(which.name, patch));
}

int editor::edit_leases()
{
    if (leases_.empty() || (leases_.size() < leases_max && random_.chance(40))) {
        auto const opened = engine_.open_lease(random_.pick(1, 200));
        leases_.push_back(opened.value().id);
        return 0;
    }
    auto const which = leases_.begin() + random_.pick(0, std::ssize(leases_) - 1);
    auto const done = random_.chance(60) ? status(engine_.renew_lease(*which))
                                         : status(engine_.end_lease(*which));
    if (done != 0 || random_.chance(20))
        leases_.erase(which);
    return done;
}

}  // namespace aconite::testing
