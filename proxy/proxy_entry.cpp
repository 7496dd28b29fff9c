#include "proxy/proxy_entry.hpp"

#include "proxy/log_record.hpp"

#include <algorithm>
#include <utility>

namespace aconite {

proxy_entry::proxy_entry(proxy_environment const& around, std::uint64_t id,
                         proxy_config const& config)
    : around_(around),
      id_(id),
      name_(config.name),
      listen_(config.listen),
      upstream_(config.upstream),
      ordinals_(std::make_shared<std::atomic<std::uint64_t>>(0))
{
    for (std::size_t i = 0; i < around_.shards.size(); ++i)
        traffic_.push_back(std::make_shared<traffic_counter>());
}

proxy_entry::~proxy_entry()
{
    stop();
}

result<void> proxy_entry::start(result<listen_address> const& at)
{
    if (!at)
        return problem{at.error().status, "listen tcp: " + at.error().text};
    auto socket = open_listener(*at);
    if (!socket)
        return std::move(socket).error();

    listen_ = socket->text;
    auto const info = std::make_shared<route_info const>(
        route_info{name_, listen_, upstream_, around_.dial_timeout});
    toxics_in_force_ = std::make_shared<plan_board>(make_plan());
    around_.shards.on_all([&](shard& s, std::size_t i) {
        s.open_route(id_, {info, toxics_in_force_, traffic_[i], nullptr});
    });
    around_.shards.on_one(home(), [&](shard& s) {
        s.start_listening(id_, std::make_unique<listener>(s, around_.shards.list(), id_, info,
                                                          std::move(socket->fd), ordinals_));
    });
    enabled_ = true;
    say("Started proxy");
    return {};
}

void proxy_entry::stop()
{
    if (!std::exchange(enabled_, false))
        return;
    // In this order: clients that the listener has just handed over arrive before the close.
    around_.shards.on_one(home(), [&](shard& s) { s.stop_listening(id_); });
    around_.shards.on_all([&](shard& s, std::size_t) { s.close_route(id_); });
    say("Terminated proxy");
}

void proxy_entry::move(std::string listen, std::string upstream)
{
    listen_ = std::move(listen);
    upstream_ = std::move(upstream);
}

void proxy_entry::add(toxic_entry toxic)
{
    auto const nth = created_[toxic.name]++;
    toxic.planned.id = next_toxic_id_++;
    toxic.planned.key = mix(mix(mix(around_.seed, name_), toxic.name), nth);
    toxics_.push_back(std::move(toxic));
    publish();
}

void proxy_entry::change(toxic_entry& toxic, attribute_values values, float toxicity)
{
    if (values != toxic.planned.values) {
        toxic.planned.values = std::move(values);
        ++toxic.planned.version;
    }
    toxic.planned.toxicity = toxicity;
    publish();
}

void proxy_entry::remove(std::string_view toxic)
{
    std::erase_if(toxics_, [&](auto const& each) { return each.name == toxic; });
    publish();
}

void proxy_entry::remove_all()
{
    if (toxics_.empty())
        return;
    toxics_.clear();
    publish();
}

toxic_entry* proxy_entry::find(std::string_view toxic)
{
    auto const found = std::ranges::find(toxics_, toxic, &toxic_entry::name);
    return found == toxics_.end() ? nullptr : &*found;
}

std::shared_ptr<plan const> proxy_entry::make_plan() const
{
    auto made = std::make_shared<plan>();
    for (auto const& toxic : toxics_)
        made->streams[static_cast<std::size_t>(toxic.direction)].push_back(toxic.planned);
    return made;
}

void proxy_entry::publish()
{
    if (!enabled_)
        return;
    toxics_in_force_->put_up(make_plan());
    around_.shards.on_busy([&](shard& s) { s.apply_toxics(id_); });
}

void proxy_entry::say(char const* message) const
{
    tell(around_.log, log_level::info, message,
         {{"name", name_}, {"listen", listen_}, {"upstream", upstream_}});
}

toxic_info proxy_entry::describe(toxic_entry const& toxic)
{
    auto const& planned = toxic.planned;
    toxic_info info{
        toxic.name, std::string(planned.type->name), toxic.direction, planned.toxicity, {}};
    for (auto const& each : planned.values.row()) {
        auto const& value = planned.values.value(each.name);
        if (!each.extra || value != each.fallback_value())
            info.attributes.emplace_back(each.name, value);
    }
    return info;
}

std::vector<toxic_info> proxy_entry::toxics() const
{
    std::vector<toxic_info> all;
    for (auto const direction : {stream::upstream, stream::downstream})
        for (auto const& toxic : toxics_)
            if (toxic.direction == direction)
                all.push_back(describe(toxic));
    return all;
}

proxy_info proxy_entry::info() const
{
    return {name_, listen_, upstream_, enabled_, toxics()};
}

proxy_traffic proxy_entry::traffic() const
{
    proxy_traffic total{name_, listen_, upstream_, {}};
    for (auto const& shard : traffic_) {
        for (std::size_t s = 0; s < stream_count; ++s) {
            total.streams[s].received_bytes += shard->received[s].load(std::memory_order_relaxed);
            total.streams[s].sent_bytes += shard->sent[s].load(std::memory_order_relaxed);
        }
    }
    return total;
}

}  // namespace aconite
