#include "clients/experiment/run/gaps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace aconite::experiment {
namespace {

constexpr std::uint64_t requests_min = 10;

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
        // Of the others nobody counts anything: that they began is all there is to know.
        if (!each.unseen.empty() && each.kind->aims_at.find("proxy") != each.kind->aims_at.npos)
            gaps.push_back(
                {"EVIDENCE_MISSING", fmt::format("{}: {}", each.what->name, each.seen.text)});
    }
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
