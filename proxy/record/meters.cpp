#include "proxy/record/meters.hpp"

#include <algorithm>
#include <numeric>

namespace aconite {
namespace {

time_point at_ticks(std::uint64_t ticks)
{
    return time_point(duration(static_cast<duration::rep>(ticks)));
}

}  // namespace

std::uint64_t duration_histogram::count() const
{
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

duration_histogram& duration_histogram::operator+=(duration_histogram const& other)
{
    std::ranges::transform(counts, other.counts, counts.begin(), std::plus{});
    sum += other.sum;
    return *this;
}

std::uint64_t proxy_stats::hits() const
{
    return std::accumulate(toxics.begin(), toxics.end(), std::uint64_t{0},
                           [](std::uint64_t sum, auto const& each) { return sum + each.hits; });
}

void duration_meter::add(duration d)
{
    auto const bound = std::ranges::lower_bound(duration_histogram::bounds, d);
    counts_[static_cast<std::size_t>(bound - duration_histogram::bounds.begin())].add(1);
    sum_.add(static_cast<std::uint64_t>(d.count()));
}

duration_histogram duration_meter::value() const
{
    duration_histogram made;
    std::ranges::transform(counts_, made.counts.begin(), &tally::value);
    made.sum = duration(static_cast<duration::rep>(sum_.value()));
    return made;
}

void toxic_meter::hit(time_point now, std::uint64_t count, bool first)
{
    auto const ticks = static_cast<std::uint64_t>(now.time_since_epoch().count());
    if (first_hit.value() == 0)
        first_hit.set(ticks);
    last_hit.set(ticks);
    hits.add(count);
    connections.add(first ? 1 : 0);
}

void read(sharded<toxic_meter> const& from, wall_clock const& clock, toxic_stats& into)
{
    std::uint64_t first = UINT64_MAX;
    std::uint64_t last = 0;
    from.each([&](toxic_meter const& each) {
        into.hits += each.hits.value();
        into.connections += each.connections.value();
        into.bytes += each.bytes.value();
        into.added_delay += each.added_delay.value();
        if (auto const at = each.first_hit.value(); at != 0)
            first = std::min(first, at);
        last = std::max(last, each.last_hit.value());
    });
    if (last == 0)
        return;
    into.first_hit = clock.at(at_ticks(first));
    into.last_hit = clock.at(at_ticks(last));
}

void read(sharded<proxy_meter> const& from, proxy_stats& into)
{
    from.each([&](proxy_meter const& each) {
        for (std::size_t s = 0; s < stream_count; ++s) {
            into.streams[s].received_bytes += each.received[s].value();
            into.streams[s].sent_bytes += each.sent[s].value();
        }
        into.connections_total += each.accepted.value();
        into.refused += each.refused.value();
        into.dial_errors += each.dial_errors.value();
        into.not_followed += each.not_followed.value();
        into.unknown += each.unknown.value();
        into.bypass += each.bypass.value();
        into.rewritten += each.rewritten.value();
        into.dials += each.dials.value();
    });
}

}  // namespace aconite
