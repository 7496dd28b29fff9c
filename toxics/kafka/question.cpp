#include "toxics/kafka/question.hpp"

#include <algorithm>
#include <utility>

namespace aconite::kafka {
namespace {

/// So many bytes of a list are told in one text.
constexpr std::size_t told_max = 200;

void add(std::string& list, std::string_view item)
{
    if (list.size() + item.size() < told_max)
        list.append(list.empty() ? "" : ",").append(item);
}

}  // namespace

question::question(request_facts const& facts, outline const& request,
                   std::vector<std::string> names)
    : names_(std::move(names))
{
    auto const count = std::max(request.partitions.size(), names_.size()) + 1;
    numbers_.reserve(count);
    parts_.reserve(count);
    if (!request.partitions.empty()) {
        for (auto const& each : request.partitions) {
            numbers_.push_back(std::to_string(each.partition));
            parts_.push_back(facts.of(each.topic, numbers_.back()));
            add(partitions_, numbers_.back());
        }
        for (auto const& each : request.topics)
            add(topics_, each.topic);
    } else {
        for (auto const& each : names_) {
            parts_.push_back(facts.of(each, {}));
            add(topics_, each);
        }
    }
    if (parts_.empty())
        parts_.push_back(facts.of({}, {}));
    for (auto const& each : parts_)
        spans_.emplace_back(each);
    whole_ = facts.of(topics_, partitions_);
    whole_[static_cast<std::size_t>(fact::api)] = facts.api;
}

}  // namespace aconite::kafka
