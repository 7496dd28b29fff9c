#include "clients/experiment/run/gaps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace aconite::experiment {
namespace {

constexpr std::uint64_t requests_min = 10;
constexpr std::chrono::seconds calm_min{1};

/// Whether another action of the experiment may have ended it, which is in the file then.
bool ended_by_another(fault_run const& fault, std::vector<fault_run> const& all)
{
    return std::ranges::any_of(all, [&](fault_run const& other) {
        if (&other == &fault || other.kind == nullptr || other.begin == never ||
            other.begin < fault.begin)
            return false;
        return other.kind->ends == may_end::any || (other.kind->ends == may_end::of_its_target &&
                                                    other.what->targets == fault.what->targets);
    });
}

load_summary all_of(recorder const& load)
{
    return load.between(load.origin(), never);
}

std::uint64_t ok_requests(observations const& seen)
{
    std::uint64_t sum = 0;
    for (auto const& [name, load] : seen.loads())
        sum += all_of(*load).ok;
    return sum;
}

void add_proxy_gaps(std::vector<proof_gap>& gaps, std::vector<fault_run> const& faults,
                    std::map<std::string, proxy_traffic> const& through, std::uint64_t served)
{
    std::set<std::string> told;
    for (auto const& [name, each] : through)
        if (each.bypasses > 0)
            gaps.push_back(
                {"BYPASS", fmt::format("the proxy of {} has let {} answers pass that tell clients "
                                       "of a way around it: docs/kafka.md",
                                       name, each.bypasses)});
    for (auto const& fault : faults)
        for (auto const& name : fault.what->targets) {
            auto const found = through.find(name);
            bool const silent = found != through.end() && found->second.connections == 0 &&
                                found->second.bytes == 0;
            if (!silent || !fault.is_fault() || !told.insert(name).second)
                continue;
            if (served > 0)
                gaps.push_back(
                    {"BYPASS",
                     fmt::format("{} requests were answered, but nothing went through the "
                                 "proxy of {}: a client goes around it",
                                 served, name)});
            else
                gaps.push_back(
                    {"NO_TRAFFIC", fmt::format("nothing went through the proxy of {}", name)});
        }
}

/// Where nothing was answered before there was any fault, nothing is known of the fault. One that
/// is not answered may be counted as failed only when the fault has begun.
void add_failed_before(std::vector<proof_gap>& gaps, observations const& seen)
{
    auto first = never;
    for (auto const& fault : seen.faults())
        first = std::min(first, fault.begin);
    if (first == never)
        return;
    for (auto const& [name, load] : seen.loads()) {
        auto const before = load->between(load->origin(), first);
        auto const all = all_of(*load);
        bool const never_answered =
            all.ok == 0 && all.requests >= requests_min && first - load->origin() >= calm_min;
        if (before.ok > 0 || (before.requests < requests_min && !never_answered))
            continue;
        auto const worst = std::ranges::max_element(all.by_error, {},
                                                    [](auto const& error) { return error.second; });
        gaps.push_back(
            {"STEADY_STATE_MISSING",
             fmt::format(
                 "{} had no answer before the first fault; of all its {} requests {} failed "
                 "as '{}'",
                 name, all.requests, worst->second, worst->first)});
    }
}

}  // namespace

void add_gaps(std::vector<proof_gap>& gaps, experiment_spec const& what, observations const& seen,
              std::vector<fault_run> const& faults,
              std::map<std::string, proxy_traffic> const& through)
{
    for (auto const& each : faults) {
        if (!each.is_fault())
            continue;
        if (each.seen.hits == std::uint64_t{0})
            gaps.push_back({"FAULT_DID_NOT_FIRE", fmt::format("{} was in force and met nothing: {}",
                                                              each.what->name, each.seen.text)});
        bool const of_proxy = each.kind->aims_at.find("proxy") != each.kind->aims_at.npos;
        if (!each.seen.ended_early.empty() && !ended_by_another(each, faults))
            gaps.push_back({of_proxy ? "EVIDENCE_MISSING" : "TARGET_GONE",
                            fmt::format("{} was not in force to its end: {}", each.what->name,
                                        each.seen.ended_early)});
        // Of the others nobody counts anything: that they began is all there is to know.
        if (!each.unseen.empty() && of_proxy)
            gaps.push_back(
                {"EVIDENCE_MISSING", fmt::format("{}: {}", each.what->name, each.seen.text)});
    }
    add_failed_before(gaps, seen);
    auto const served = ok_requests(seen);
    add_proxy_gaps(gaps, faults, through, served);
    for (auto const& load : what.loads) {
        auto const loads = seen.loads();
        auto const found = loads.find(load.name);
        if (load.type == "command" || found == loads.end())
            continue;
        auto const all = all_of(*found->second);
        if (all.requests == 0)
            gaps.push_back({"NO_TRAFFIC", fmt::format("{} made no request", load.name)});
        else if (all.requests < requests_min)
            gaps.push_back(
                {"TOO_FEW_SAMPLES", fmt::format("{} made {} requests, {} at least say something",
                                                load.name, all.requests, requests_min)});
    }
}

}  // namespace aconite::experiment
