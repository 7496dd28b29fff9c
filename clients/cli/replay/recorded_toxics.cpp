#include "clients/cli/replay/recorded_toxics.hpp"

#include <algorithm>
#include <utility>

namespace aconite::cli {

using nlohmann::json;

namespace {

/// A number that counts something: whole and not negative, which get() does not look at.
std::uint64_t count_of(json const& record, char const* member)
{
    auto const& value = record.at(member);
    bool const counts =
        value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
    if (!counts)
        throw json::other_error::create(501, std::string(member) + " is no whole number from 0 on",
                                        nullptr);
    return value.get<std::uint64_t>();
}

}  // namespace

void recorded_toxics::read(json const& record)
{
    auto const seq = count_of(record, "seq");
    missing_ += seq - std::min(seq, last_seq_ + 1);
    last_seq_ = seq;
    auto const kind = record.at("kind").get<std::string>();
    if (kind == "mark" || !record.contains("proxy"))
        return;
    auto& proxy = proxies_[record["proxy"].get<std::string>()];
    if (kind == "open")
        proxy.open.insert(count_of(record, "ordinal"));
    else if (kind == "close")
        proxy.open.erase(count_of(record, "ordinal"));
    else if (kind == "control")
        read_change(record, proxy);
    else if (kind == "hit" || kind == "cut")
        read_act(record, proxy);
}

/// From then on it is like that, also for the connections that are open.
void recorded_toxics::take(recorded_toxic& toxic, json const& config, proxy_state const& proxy)
{
    toxic.config = config;
    toxic.open_before = proxy.open;
}

void recorded_toxics::read_change(json const& record, proxy_state& proxy)
{
    auto const name = record["proxy"].get<std::string>();
    auto const action = record.at("action").get<std::string>();
    if (action == "proxy created") {
        for (auto& each : all_)
            each.proxy_replaced |= each.proxy == name;
        proxy = {.from_the_start = true};
        return;
    }
    if (!record.contains("config"))
        return;
    auto const toxic = record.at("toxic").get<std::string>();
    if (action == "toxic added") {
        proxy.last[toxic] = all_.size();
        auto& made = all_.emplace_back();
        made.proxy = name;
        made.name = toxic;
        made.nth = proxy.added[toxic]++;
        take(made, record["config"], proxy);
        made.from_the_start = proxy.from_the_start;
        return;
    }
    auto const found = proxy.last.find(toxic);
    if (found == proxy.last.end())
        return;
    auto& known = all_[found->second];
    if (action == "toxic removed")
        known.removed_early = std::ranges::any_of(
            known.acts, [&](auto const& each) { return proxy.open.contains(each.first); });
    else if (known.acted())
        known.changed_since = true;
    else
        take(known, record["config"], proxy);
}

void recorded_toxics::read_act(json const& record, proxy_state const& proxy)
{
    auto const found = proxy.last.find(record.value("toxic", ""));
    if (found == proxy.last.end()) {
        ++unexplained_;
        return;
    }
    auto& toxic = all_[found->second];
    toxic.changed |= toxic.changed_since;
    if (!record.contains("ordinal")) {
        ++toxic.acts_at_the_door;
        return;
    }
    auto& acts = toxic.acts[count_of(record, "ordinal")];
    auto const offset = count_of(record, "offset");
    if (count_of(record, "bytes") > 0)
        acts.offset = std::min(acts.offset.value_or(offset), offset);
    acts.hits += count_of(record, "hits");
}

}  // namespace aconite::cli
