#include "toxics/kafka/broker_cut.hpp"

#include "toxics/kafka/frame_head.hpp"
#include "toxics/kafka/layout.hpp"
#include "toxics/kafka/walker.hpp"

#include <optional>

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

}  // namespace

bool cut_broker(std::string& frame, std::int16_t api_key, std::int16_t version, std::int32_t broker)
{
    auto const layout = layout_of(direction::response, api_key, version);
    auto const body = std::string_view(frame).substr(length_bytes);
    if (!layout)
        return false;
    broker_finder finder(broker);
    walker over(*layout, static_cast<std::uint32_t>(body.size()), finder);
    over.feed(body);
    if (!over.finished() || !finder.found)
        return false;
    std::string count;
    if (layout->body->flexible.contains(version))
        put_variable(count, finder.count);  // one less than it was, and one more than it is
    else
        put_number(count, finder.count - 1, 4);
    auto const [begin, end] = *finder.found;
    std::string made(body.substr(0, finder.count_at.begin));
    made.append(count).append(body.substr(finder.count_at.end, begin - finder.count_at.end));
    made.append(body.substr(end));
    frame.clear();
    put_number(frame, made.size(), length_bytes);
    frame.append(made);
    return true;
}

}  // namespace aconite::kafka
