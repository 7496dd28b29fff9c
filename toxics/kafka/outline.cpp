#include "toxics/kafka/outline.hpp"

#include "toxics/kafka/frame_head.hpp"
#include "toxics/kafka/layout.hpp"
#include "toxics/kafka/walker.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace aconite::kafka {
namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::ranges::find(names, name) != names.end();
}

/// A structure that is about a topic.
bool is_topic(field const& what)
{
    return is_one_of(what.name, {"Topics", "TopicData", "Responses", "V3AndBelowTopics",
                                 "ResultsByTopicV3AndBelow", "TopicResults"});
}

bool is_partition(field const& what)
{
    return is_one_of(what.name,
                     {"Partitions", "PartitionData", "PartitionResponses", "ResultsByPartition"});
}

number_at const* find_in(std::vector<number_at> const& numbers, std::string_view name)
{
    auto const found =
        std::ranges::find(numbers, name, [](auto const& each) { return each.what->name; });
    return found == numbers.end() ? nullptr : &*found;
}

/// Collects what a walker comes across. A topic may name itself behind its partitions, or behind
/// its error: so partitions get its name when it ends.
class reader final : public visitor {
public:
    outline made;

    bool wants(field const& what) override
    {
        if (what.is_array())
            return what.kind == field_kind::int32 || what.name == "CoordinatorKeys";
        return what.kind != field_kind::bytes && what.kind != field_kind::records;
    }

    void on_number(field const& what, place where, std::int64_t value) override
    {
        if (is_one_of(what.name, {"Index", "Partition", "PartitionIndex"}) && in_partition_)
            last(made.partitions).partition = static_cast<std::int32_t>(value);
        else if (what.is_array() && in_topic_ && !in_partition_ &&
                 is_one_of(what.name, {"Partitions", "PartitionIndexes"}))
            add_partition(static_cast<std::int32_t>(value));
        if (auto* const numbers = here())
            numbers->push_back({&what, where.begin, value});
    }

    void on_text(field const& what, place, std::optional<std::string_view> text) override
    {
        if (!text || text->empty())
            return;
        if (in_topic_ && !in_partition_ && !is_full()) {
            if (is_one_of(what.name, {"Name", "Topic"}))
                last(made.topics).topic = *text;
            else if (what.name == "TopicId" && text->find_first_not_of('\0') != text->npos)
                last(made.topics).topic_id = *text;
        }
        if (what.name == "ClientId" && depth_ == 0)
            made.client_id = *text;
        else if (what.name == "GroupId")
            made.group = *text;
        else if (is_one_of(what.name, {"TransactionalId", "V3AndBelowTransactionalId"}))
            made.transactional_id = *text;
        else if (what.name == "Mechanism")
            made.mechanism = *text;
        else if (is_one_of(what.name, {"Key", "CoordinatorKeys"}) && depth_ == 0)
            key_ = *text;
    }

    void on_array(field const& what, place, std::optional<std::uint32_t> count) override
    {
        if (depth_ == 0 && count == 0U && is_topic(what))
            made.no_topics = true;
    }

    void on_structure(field const& what, std::uint64_t) override
    {
        ++depth_;
        if (is_full())
            return;
        if (!in_topic_ && is_topic(what)) {
            in_topic_ = depth_;
            made.topics.emplace_back();
            first_partition_ = made.partitions.size();
        } else if (in_topic_ && !in_partition_ && is_partition(what)) {
            in_partition_ = depth_;
            made.partitions.emplace_back();
        } else if (depth_ == 1 && is_one_of(what.name, {"Coordinators", "Groups"})) {
            in_other_ = depth_;
        }
    }

    void on_structure_end(field const&, std::uint64_t) override
    {
        if (depth_ == in_partition_) {
            in_partition_ = 0;
        } else if (depth_ == in_topic_) {
            for (auto i = first_partition_; i < made.partitions.size(); ++i) {
                made.partitions[i].topic = made.topics.back().topic;
                made.partitions[i].topic_id = made.topics.back().topic_id;
            }
            in_topic_ = 0;
        } else if (depth_ == in_other_) {
            in_other_ = 0;
        }
        --depth_;
    }

    /// A frame that was cut off ends here.
    void finish()
    {
        while (depth_ > 0)
            on_structure_end({}, 0);
        if (key_.empty())
            return;
        auto const* const type = made.find("KeyType");
        auto& owner = type == nullptr || type->value == 0 ? made.group : made.transactional_id;
        owner = std::move(key_);
    }

private:
    static mention& last(std::vector<mention>& of) { return of.back(); }

    [[nodiscard]] bool is_full() const
    {
        return made.partitions.size() + made.topics.size() >= outline::mentions_max;
    }

    void add_partition(std::int32_t number)
    {
        if (!is_full())
            made.partitions.emplace_back().partition = number;
    }

    /// Whose numbers are read.
    std::vector<number_at>* here()
    {
        if (in_partition_ == depth_ && depth_ != 0)
            return &made.partitions.back().numbers;
        if (in_topic_ == depth_ && depth_ != 0)
            return &made.topics.back().numbers;
        return depth_ == 0 || depth_ == in_other_ ? &made.numbers : nullptr;
    }

    int depth_ = 0;
    int in_topic_ = 0;      ///< the depth of the topic that is read; 0: none
    int in_partition_ = 0;  ///< and of its partition
    int in_other_ = 0;      ///< of one of several answers in one
    std::string key_;       ///< whose coordinator is asked for
    std::size_t first_partition_ = 0;
};

}  // namespace

number_at const* mention::find(std::string_view name) const
{
    return find_in(numbers, name);
}

number_at const* outline::find(std::string_view name) const
{
    return find_in(numbers, name);
}

std::optional<outline> read_outline(direction way, std::int16_t api_key, std::int16_t version,
                                    std::uint32_t size, std::string_view bytes)
{
    auto const layout = layout_of(way, api_key, version);
    if (!layout)
        return std::nullopt;
    reader found;
    walker over(*layout, size, found);
    over.feed(bytes);
    if (!over.error().empty())
        return std::nullopt;
    found.finish();
    return std::move(found.made);
}

void set_number(std::string& frame, number_at const& where, std::int64_t value)
{
    auto const bytes = fixed_bytes(where.what->kind);
    auto const begin = length_bytes + where.begin;
    if (begin + bytes > frame.size())
        return;
    for (std::size_t i = 0; i < bytes; ++i)
        frame[begin + i] = static_cast<char>(value >> 8 * (bytes - 1 - i) & 0xFF);
}

}  // namespace aconite::kafka
