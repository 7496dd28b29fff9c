// The heart-beat of a run: its leases are renewed, and a server that is gone is noticed.
#include "clients/experiment/run/servers.hpp"

#include <fmt/format.h>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;
using beat_clock = std::chrono::steady_clock;

constexpr auto beat = 2s;
/// To one that does not answer.
constexpr auto beat_in_silence = 500ms;
/// One may be started anew, and is there again with the next beat.
constexpr int refusals_max = 2;
constexpr int lease_not_found = 404;

}  // namespace

void servers::renew()
{
    std::unique_lock lock(mutex_);
    auto pause = duration(beat);
    while (!ends_.wait_for(lock, pause, [this] { return over_; })) {
        pause = beat;
        for (auto& [name, here] : known_) {
            if (here.lost || !here.gone.empty())
                continue;
            lock.unlock();
            renew_one(name, here);
            lock.lock();
            if (here.silent && here.refusals == 0)
                pause = beat_in_silence;
        }
    }
}

/// Tells what has changed, and not the same again with each beat.
void servers::renew_one(std::string const& name, kept& here)
{
    auto hasty = where_.servers.at(name);
    hasty.connect_timeout = hasty.answer_timeout = beat;
    auto const began = beat_clock::now();
    client::server server(hasty);
    problem why{};
    bool answers = true;
    if (here.lease.empty()) {
        if (auto const version = server.version(); !version) {
            answers = false;
            why = version.error();
        }
    } else if (auto const renewed = server.renew_lease(here.lease); !renewed) {
        answers = false;
        why = renewed.error();
    }
    if (!answers && why.status != lease_not_found) {
        note_silence(hasty.url, here, why, beat_clock::now() - began);
        return;
    }
    if (!answers)
        told_.tell(event::level::error,
                   fmt::format("{} has ended the lease, and with it all toxics: it was started "
                               "anew, or did not answer for {} s",
                               hasty.url, lease_ttl.count()));
    else if (here.silent)
        told_.tell(event::level::info, fmt::format("{} answers again", hasty.url));
    std::scoped_lock const lock(mutex_);
    here.silent = false;
    here.refusals = 0;
    here.answered = beat_clock::now();
    here.lost = !answers;
}

void servers::note_silence(std::string const& url, kept& here, problem const& why, duration took)
{
    if (!here.silent)
        told_.tell(event::level::warning, fmt::format("{}: {}", url, why.text));
    bool gone = false;
    {
        std::scoped_lock const lock(mutex_);
        here.silent = true;
        bool const is_refused = why.status == 0 && took < beat;
        here.refusals = is_refused ? here.refusals + 1 : 0;
        gone = here.refusals >= refusals_max || beat_clock::now() - here.answered >= lease_ttl;
    }
    if (gone)
        is_gone(url, here, why.text);
}

void servers::is_gone(std::string const& url, kept& here, std::string const& why)
{
    {
        std::scoped_lock const lock(mutex_);
        if (!here.gone.empty())
            return;
        here.gone = why;
    }
    told_.tell(event::level::error, fmt::format("the server at {} is gone: {}", url, why));
    on_gone_();
}

std::map<std::string, std::string> servers::gone() const
{
    std::scoped_lock const lock(mutex_);
    std::map<std::string, std::string> all;
    for (auto const& [name, here] : known_)
        if (!here.gone.empty())
            all[where_.servers.at(name).url] = here.gone;
    return all;
}

void servers::look_for_gone()
{
    for (auto& [name, here] : known_) {
        auto hasty = where_.servers.at(name);
        hasty.connect_timeout = hasty.answer_timeout = beat;
        if (auto const version = client::server(hasty).version();
            !version && version.error().status == 0)
            is_gone(hasty.url, here, version.error().text);
    }
}

std::vector<std::string> servers::lost() const
{
    std::scoped_lock const lock(mutex_);
    std::vector<std::string> urls;
    for (auto const& [name, here] : known_)
        if (here.lost)
            urls.push_back(where_.servers.at(name).url);
    return urls;
}

}  // namespace aconite::experiment
