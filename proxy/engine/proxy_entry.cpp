#include "proxy/engine/proxy_entry.hpp"

#include "proxy/record/log_record.hpp"

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
      spoken_(find_protocol(around.types, config.protocol, config.protocol_settings).value()),
      brokers_(config.brokers),
      seed_(config.seed),
      ordinals_(std::make_shared<std::atomic<std::uint64_t>>(0)),
      meters_(std::make_shared<sharded<proxy_meter>>(around_.shards.size()))
{
    around_.events.name_proxy(id_, name_);
    note("proxy created");
    set_label(config.label);
}

proxy_entry::~proxy_entry()
{
    stop();
    note("proxy removed");
    for (auto const& toxic : toxics_)
        around_.events.forget_toxic(id_, toxic.planned.id);
    around_.events.forget_proxy(id_);
}

result<void> proxy_entry::start(result<listen_address> const& at)
{
    if (!at)
        return problem{at.error().status, "listen tcp: " + at.error().text};
    auto entrances = open_entrances(*at);
    if (!entrances)
        return entrances.error();
    listen_ = entrances->front().socket.text;
    auto const* const protocol = spoken_.type;
    bool const has_brokers = protocol != nullptr && protocol->has_brokers;
    if (has_brokers && books_.empty())
        make_books(entrances->size());
    auto base = route_info{id_,
                           name_,
                           listen_,
                           dial_target(upstream_),
                           around_.rules,
                           protocol,
                           protocol != nullptr ? protocol->common(spoken_.settings) : nullptr};
    toxics_in_force_ = std::make_shared<plan_board>(make_plan());
    auto& front = *around_.shards.list()[home()];
    live_ = std::make_shared<live_count>(
        [&front, id = id_] { front.post([&front, id] { front.look_at_door(id); }); });
    around_.shards.on_all([&](shard& s, std::size_t) {
        s.open_route(id_, {toxics_in_force_, meters_, live_, nullptr});
    });
    for (std::size_t i = 0; i < entrances->size(); ++i) {
        auto& where = (*entrances)[i].at;
        auto& socket = (*entrances)[i].socket;
        base.listen = socket.text;
        base.brokers = has_brokers ? books_[i] : nullptr;
        auto const info = std::make_shared<route_info const>(base);
        if (has_brokers)
            books_[i]->open(std::move(where), door_opener(info));
        around_.shards.on_one(home(), [&](shard& s) {
            s.start_listening(id_, std::make_unique<listener>(s, around_.shards.list(), info,
                                                              toxics_in_force_, live_, meters_,
                                                              std::move(socket.fd), ordinals_));
        });
    }
    enabled_ = true;
    say("Started proxy");
    return {};
}

void proxy_entry::make_books(std::size_t entrances)
{
    auto const numbers = std::make_shared<server_numbers>(broker_book::brokers_max);
    while (books_.size() < entrances) {
        auto const own = books_.empty() ? further_listener{{}, brokers_.ports, brokers_.host}
                                        : brokers_.also[books_.size() - 1];
        books_.push_back(
            std::make_shared<broker_book>(own.ports, own.host, around_.rules.keep_alive, numbers));
    }
}

result<std::vector<proxy_entry::entrance>>
proxy_entry::open_entrances(listen_address const& at) const
{
    std::vector<listen_address> wanted{at};
    for (auto const& each : brokers_.also) {
        auto further = resolve_listen(each.listen);  // in digits: nobody is asked
        if (!further)
            return further.error();
        wanted.push_back(*std::move(further));
    }
    std::vector<entrance> made;
    for (auto& each : wanted) {
        auto socket = open_listener(each, around_.rules.keep_alive);
        if (!socket)
            return socket.error();
        each.where = address::local_of(socket->fd.get());
        made.push_back({std::move(each), *std::move(socket)});
    }
    return made;
}

void proxy_entry::stop()
{
    if (!std::exchange(enabled_, false))
        return;
    for (auto const& book : books_)
        book->close();
    // In this order: clients that the listener has just handed over arrive before the close.
    around_.shards.on_one(home(), [&](shard& s) { s.stop_listening(id_); });
    around_.shards.on_all([&](shard& s, std::size_t) { s.close_route(id_); });
    say("Terminated proxy");
}

void proxy_entry::move(std::string listen, std::string upstream, spoken_protocol protocol,
                       broker_settings const& brokers)
{
    books_.clear();
    listen_ = std::move(listen);
    upstream_ = std::move(upstream);
    spoken_ = std::move(protocol);
    brokers_ = brokers;
}

broker_book::opener proxy_entry::door_opener(std::shared_ptr<route_info const> const& info) const
{
    auto& front = *around_.shards.list()[home()];
    auto const of_broker = [info = std::weak_ptr(info)](std::int64_t broker, std::string listen,
                                                        std::string upstream) {
        auto made = *info.lock();
        made.broker = broker;
        made.listen = std::move(listen);
        made.target = dial_target(std::move(upstream));
        return std::make_shared<route_info const>(std::move(made));
    };
    broker_book::opener with;
    with.listen = [of_broker, &front, &shards = around_.shards.list(), toxics = toxics_in_force_,
                   live = live_, meters = meters_, ordinals = ordinals_,
                   id = id_](std::int64_t broker, listening_socket socket, std::string upstream) {
        front.post([=, &front, &shards,
                    info = of_broker(broker, std::move(socket.text), std::move(upstream)),
                    fd = std::move(socket.fd)]() mutable {
            front.start_listening(id, std::make_unique<listener>(front, shards, std::move(info),
                                                                 toxics, live, meters,
                                                                 std::move(fd), ordinals));
        });
    };
    with.redirect = [of_broker, &front](std::int64_t broker, std::string listen,
                                        std::string upstream) {
        front.post([&front, info = of_broker(broker, std::move(listen), std::move(upstream))] {
            front.redirect(info);
        });
    };
    with.tell = [&around = around_, name = name_](std::string text) {
        tell(around.log, log_level::info, "Broker", {{"name", name}, {"broker", text}});
        around.events.note(record_kind::control, name, {}, std::move(text));
    };
    return with;
}

result<void> proxy_entry::check_protocol(protocol_type const* spoken) const
{
    for (auto const& toxic : toxics_)
        if (auto const fits = aconite::check_protocol(*toxic.planned.type, spoken); !fits)
            return problem{409, "toxic '" + toxic.name +
                                    "' has to be removed first: " + fits.error().text};
    return {};
}

bool proxy_entry::speaks(proxy_config const& config) const
{
    auto const wanted = find_protocol(around_.types, config.protocol, config.protocol_settings);
    return wanted && *wanted == spoken_;
}

void proxy_entry::add(toxic_entry toxic)
{
    place(std::move(toxic));
    publish();
}

/// Takes effect with the next plan.
void proxy_entry::place(toxic_entry toxic)
{
    auto const nth = created_[toxic.name]++;
    toxic.planned.id = next_toxic_id_++;
    toxic.planned.key = mix(mix(mix(seed_of(toxic), name_), toxic.name), nth);
    toxic.planned.meters = std::make_shared<sharded<toxic_meter>>(around_.shards.size());
    around_.events.name_toxic(id_, toxic.planned.id, toxic.name);
    toxics_.push_back(std::move(toxic));
    note("toxic added", toxics_.back());
    arm_ttl(toxics_.back());
    arm_schedule(toxics_.back());
}

void proxy_entry::change(toxic_entry& toxic, toxic_change change, toxic_patch const& patch)
{
    toxic.define(std::move(change));
    if (patch.aim.ttl_ms) {
        toxic.ttl_ms = *patch.aim.ttl_ms;
        arm_ttl(toxic);
    }
    if (patch.aim.schedule) {
        toxic.follow(*patch.aim.schedule);
        arm_schedule(toxic);
    }
    note("toxic updated", toxic);
    publish();
}

/// Takes effect with the next plan. How many it were.
template <class Doomed>
std::size_t proxy_entry::take_out(Doomed doomed)
{
    return std::erase_if(toxics_, [&](auto const& each) {
        bool const goes = doomed(each);
        if (goes)
            bury(each);
        return goes;
    });
}

template <class Doomed>
void proxy_entry::remove_if(Doomed doomed)
{
    if (take_out(doomed) > 0)
        publish();
}

void proxy_entry::remove(std::string_view toxic)
{
    remove_if([&](auto const& each) { return each.name == toxic; });
}

void proxy_entry::remove_all()
{
    remove_if([](auto const&) { return true; });
}

void proxy_entry::remove_by_id(std::uint64_t id)
{
    remove_if([&](auto const& each) { return each.planned.id == id; });
}

bool proxy_entry::set_toxics(std::vector<toxic_entry> wanted)
{
    auto changes = take_out([&](toxic_entry const& each) {
        auto const same = std::ranges::find(wanted, each.name, &toxic_entry::name);
        // What is tied to a lease is no part of a configuration.
        return same == wanted.end() ? each.lease.empty() : !each.can_become(*same);
    });
    for (auto& each : wanted) {
        auto* const here = find(each.name);
        if (here != nullptr && here->same_as(each))
            continue;
        ++changes;
        if (here == nullptr)
            place(std::move(each));
        else
            redefine(*here, std::move(each));
    }
    if (changes > 0)
        publish();
    return changes > 0;
}

/// Takes effect with the next plan. A schedule begins anew, a ttl only if it is another.
void proxy_entry::redefine(toxic_entry& toxic, toxic_entry wanted)
{
    auto& planned = wanted.planned;
    toxic.define({std::move(planned.values), planned.toxicity, std::move(wanted.match),
                  std::move(planned.match), std::move(wanted.operations), std::move(wanted.trigger),
                  planned.drop_rate});
    if (toxic.ttl_ms != wanted.ttl_ms) {
        toxic.ttl_ms = wanted.ttl_ms;
        arm_ttl(toxic);
    }
    toxic.follow(std::move(wanted.schedule));
    arm_schedule(toxic);
    note("toxic updated", toxic);
}

void proxy_entry::end_lease(std::string_view lease)
{
    remove_if([&](auto const& each) { return each.lease == lease; });
}

void proxy_entry::set_label(std::string label)
{
    label_ = label.empty() ? nullptr : std::make_shared<std::string const>(std::move(label));
    publish();
}

toxic_entry* proxy_entry::find(std::string_view toxic)
{
    auto const found = std::ranges::find(toxics_, toxic, &toxic_entry::name);
    return found == toxics_.end() ? nullptr : &*found;
}

std::shared_ptr<plan const> proxy_entry::make_plan() const
{
    static auto const nothing = std::make_shared<plan const>();
    if (toxics_.empty() && !label_)
        return nothing;
    auto made = std::make_shared<plan>();
    made->label = label_;
    for (auto const& toxic : toxics_) {
        auto const on = toxic.planned.direction;
        if (toxic.planned.rule) {
            if (toxic.active)
                made->operations.push_back(toxic.planned);
            continue;
        }
        if (toxic.planned.type->attempts != nullptr) {
            if (toxic.active)
                made->attempts.push_back(toxic.planned);
            continue;
        }
        for (auto const each : {stream::upstream, stream::downstream})
            if (toxic.active && (on == each || on == stream::both))
                made->streams[static_cast<std::size_t>(each)].push_back(toxic.planned);
    }
    return made;
}

void proxy_entry::publish()
{
    if (!enabled_)
        return;
    auto const next = make_plan();
    auto const before = toxics_in_force_->in_force();
    bool const at_door =
        !next->attempts.empty() || !before->attempts.empty() || next->label != before->label;
    toxics_in_force_->put_up(next);
    if (at_door)
        around_.shards.on_one(home(), [&](shard& s) { s.look_at_door(id_); });
    around_.shards.on_busy([&](shard& s) { s.apply_toxics(id_); });
}

}  // namespace aconite
