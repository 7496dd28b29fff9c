#include "toxics/kafka/request_facts.hpp"
#include "toxics/kafka/layout.hpp"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <utility>

namespace aconite::kafka {
namespace {

/// Of what a coordinator is asked for, in FindCoordinator.
constexpr std::int64_t group_key = 0;
constexpr std::int64_t transaction_key = 1;

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> all)
{
    return std::ranges::find(all, name) != all.end();
}

/// Whether the structure is a topic that the request is about. Not those that a fetcher forgets.
bool is_topic(field const& what)
{
    return is_one_of(what.name, {"Topics", "TopicData", "TopicPartitions", "V3AndBelowTopics"});
}

}  // namespace

facts_visitor::role facts_visitor::role_of(field const& what) const
{
    auto const* const in = inside_.empty() ? nullptr : inside_.back();
    if (in != nullptr && is_topic(*in)) {
        if (is_one_of(what.name, {"Name", "Topic", "TopicName"}))
            return role::topic_name;
        if (what.name == "TopicId")
            return role::topic_id;
        return is_one_of(what.name, {"Partitions", "PartitionIndexes"}) ? role::partition
                                                                        : role::none;
    }
    if (inside_.size() > 1 && is_topic(*inside_[inside_.size() - 2]) &&
        is_one_of(in->name, {"Partitions", "PartitionData"}))
        return is_one_of(what.name, {"Partition", "PartitionIndex", "Index"}) ? role::partition
                                                                              : role::none;
    static constexpr std::pair<std::string_view, role> elsewhere[] = {
        {"GroupId", role::group},
        {"GroupIds", role::group},
        {"Groups", role::group},
        {"TransactionalId", role::transactional_id},
        {"V3AndBelowTransactionalId", role::transactional_id},
        {"TopicNames", role::listed_topic},
        {"SubscribedTopicNames", role::listed_topic},
        {"Key", role::key},
        {"CoordinatorKeys", role::key},
        {"KeyType", role::key_type},
        {"Mechanism", role::mechanism},
        {"Acks", role::acks},
        {"Committed", role::commits},
    };
    auto const* const found =
        std::ranges::find(elsewhere, what.name, &std::pair<std::string_view, role>::first);
    return found == std::end(elsewhere) ? role::none : found->second;
}

bool facts_visitor::wants(field const& what)
{
    return role_of(what) != role::none;
}

void facts_visitor::on_number(field const& what, place, std::int64_t value)
{
    switch (role_of(what)) {
    case role::partition:
        if (drops_topic_ || partitions_ == request_facts::partitions_max) {
            facts_.is_cut = true;
            return;
        }
        ++partitions_;
        facts_.topics.back().partitions.push_back(static_cast<std::int32_t>(value));
        return;
    case role::key_type:
        return on_key_type(value);
    case role::acks:
        facts_.acks = static_cast<std::int16_t>(value);
        return;
    case role::commits:
        facts_.commits = value != 0;
        return;
    default:
        return;
    }
}

void facts_visitor::on_text(field const& what, place, std::optional<std::string_view> text)
{
    if (!text || text->empty())
        return;
    switch (role_of(what)) {
    case role::listed_topic:
        begin_topic();
        [[fallthrough]];
    case role::topic_name:
        if (!drops_topic_)
            facts_.topics.back().name = *text;
        return;
    case role::topic_id:
        // Zeros: the request names it, or means no topic.
        if (!drops_topic_ && text->find_first_not_of('\0') != std::string_view::npos)
            facts_.topics.back().id = *text;
        return;
    case role::group:
        return keep(facts_.groups, *text);
    case role::transactional_id:
        return keep(facts_.transactional_ids, *text);
    case role::key:
        return on_key(*text);
    case role::mechanism:
        facts_.sasl_mechanism = *text;
        return;
    default:
        return;
    }
}

void facts_visitor::on_long_text(field const&, place)
{
    facts_.is_cut = true;
}

void facts_visitor::on_structure(field const& what, std::uint64_t)
{
    inside_.push_back(&what);
    if (is_topic(what))
        begin_topic();
}

void facts_visitor::on_structure_end(field const&, std::uint64_t)
{
    inside_.pop_back();
}

void facts_visitor::on_key(std::string_view key)
{
    if (key_type_ == group_key)
        keep(facts_.groups, key);
    else if (key_type_ == transaction_key)
        keep(facts_.transactional_ids, key);
}

void facts_visitor::on_key_type(std::int64_t type)
{
    key_type_ = type;
    // It came before its type, in older versions.
    auto const keys = std::exchange(facts_.groups, {});
    for (auto const& each : keys)
        on_key(each);
}

void facts_visitor::begin_topic()
{
    drops_topic_ = facts_.topics.size() == request_facts::topics_max;
    if (drops_topic_)
        facts_.is_cut = true;
    else
        facts_.topics.emplace_back();
}

void facts_visitor::keep(std::vector<std::string>& in, std::string_view name)
{
    if (in.size() == request_facts::names_max)
        facts_.is_cut = true;
    else
        in.emplace_back(name);
}

request_reader::request_reader(std::int16_t api_key, std::int16_t version, std::uint32_t frame_size)
    : size_(frame_size)
{
    if (auto const layout = layout_of(direction::request, api_key, version))
        walker_.emplace(*layout, frame_size, visitor_);
}

void request_reader::feed(std::string_view bytes)
{
    bytes = bytes.substr(0, size_ - seen_);
    seen_ += bytes.size();
    if (walker_)
        walker_->feed(bytes);
}

std::uint64_t request_reader::unseen() const
{
    bool const reads = walker_ && walker_->error().empty() && !walker_->finished();
    return reads ? walker_->unseen() : size_ - seen_;
}

void request_reader::on_unseen(std::uint64_t count)
{
    auto const passed = std::min(count, unseen());
    seen_ += passed;
    if (walker_)
        walker_->on_unseen(passed);
}

std::string_view request_reader::error() const
{
    return walker_ ? walker_->error() : std::string_view();
}

}  // namespace aconite::kafka
