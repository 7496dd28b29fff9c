#include "toxics/kafka/cuts.hpp"

#include "toxics/kafka/frame_head.hpp"
#include "toxics/kafka/layout.hpp"
#include "toxics/kafka/walker.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace aconite::kafka {
namespace {

/// Finds where the brokers' number stands, and one of them.
class broker_finder final : public visitor {
public:
    explicit broker_finder(std::int32_t broker) : broker_(broker) {}

    std::optional<place> found;
    place count_at;
    std::uint32_t count = 0;

    bool wants(field const& what) override { return is_id(what); }
    void on_number(field const& what, place, std::int64_t value) override
    {
        is_it_ = is_it_ || (in_brokers_ && is_id(what) && value == broker_);
    }
    void on_array(field const& what, place where, std::optional<std::uint32_t> length) override
    {
        if (what.name != "Brokers")
            return;
        count_at = where;
        count = length.value_or(0);
    }
    void on_structure(field const& what, std::uint64_t at) override
    {
        in_brokers_ = what.name == "Brokers";
        begin_ = at;
        is_it_ = false;
    }
    void on_structure_end(field const& what, std::uint64_t at) override
    {
        if (what.name == "Brokers" && is_it_ && !found)
            found = place{begin_, at};
        in_brokers_ = is_it_ = false;
    }

private:
    static bool is_id(field const& what)
    {
        return what.name == "NodeId" || what.name == "BrokerId";
    }

    std::int32_t broker_;
    std::uint64_t begin_ = 0;
    bool in_brokers_ = false;
    bool is_it_ = false;
};

/// Finds the arrays of partitions of topics that are told an error.
class failed_finder final : public visitor {
public:
    /// From the number of the partitions to behind the last of them.
    std::vector<place> found;

    bool wants(field const& what) override { return what.name == "ErrorCode"; }
    void on_number(field const&, place, std::int64_t value) override
    {
        if (in_topic_ && !in_partitions_)
            failed_ = value != 0;
    }
    void on_array(field const& what, place where, std::optional<std::uint32_t>) override
    {
        if (what.name == "Partitions") {
            in_partitions_ = true;
            begin_ = where.begin;
        }
    }
    void on_array_end(field const& what, std::uint64_t at) override
    {
        if (what.name != "Partitions")
            return;
        in_partitions_ = false;
        if (failed_)
            found.push_back({begin_, at});
    }
    void on_structure(field const& what, std::uint64_t) override
    {
        in_topic_ = in_topic_ || what.name == "Topics";
    }
    void on_structure_end(field const& what, std::uint64_t) override
    {
        if (what.name == "Topics")
            in_topic_ = failed_ = false;
    }

private:
    std::uint64_t begin_ = 0;
    bool in_topic_ = false;
    bool in_partitions_ = false;
    bool failed_ = false;
};

/// Something else in place of what stands there.
struct replacement {
    place where;
    std::string by;
};

/// The frame with all of them, which are in order. `frame` has its four bytes of length.
void replace(std::string& frame, std::span<replacement const> all)
{
    auto const body = std::string_view(frame).substr(length_bytes);
    std::string made;
    std::uint64_t copied = 0;
    for (auto const& each : all) {
        made.append(body.substr(copied, each.where.begin - copied)).append(each.by);
        copied = each.where.end;
    }
    made.append(body.substr(copied));
    frame.clear();
    put_number(frame, made.size(), length_bytes);
    frame.append(made);
}

/// The length of an array as it stands before it.
std::string length_of_array(std::uint32_t length, bool flexible)
{
    std::string made;
    if (flexible)
        put_variable(made, length + 1);
    else
        put_number(made, length, 4);
    return made;
}

/// False: it is not what it has to be.
bool visit(std::string const& frame, frame_layout const& layout, visitor& who)
{
    auto const body = std::string_view(frame).substr(length_bytes);
    walker over(layout, static_cast<std::uint32_t>(body.size()), who);
    over.feed(body);
    return over.finished();
}

}  // namespace

bool cut_broker(std::string& frame, std::int16_t api_key, std::int16_t version, std::int32_t broker)
{
    auto const layout = layout_of(direction::response, api_key, version);
    broker_finder finder(broker);
    if (!layout || !visit(frame, *layout, finder) || !finder.found)
        return false;
    bool const flexible = layout->body->flexible.contains(version);
    replacement const all[] = {{finder.count_at, length_of_array(finder.count - 1, flexible)},
                               {*finder.found, {}}};
    replace(frame, all);
    return true;
}

void cut_partitions_of_failed(std::string& frame, std::int16_t api_key, std::int16_t version)
{
    auto const layout = layout_of(direction::response, api_key, version);
    failed_finder finder;
    if (!layout || !visit(frame, *layout, finder))
        return;
    auto const none = length_of_array(0, layout->body->flexible.contains(version));
    std::vector<replacement> all;
    for (auto const& each : finder.found)
        all.push_back({each, none});
    replace(frame, all);
}

}  // namespace aconite::kafka
