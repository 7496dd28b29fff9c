#include "proxy/proxy_entry.hpp"

#include "proxy/log_record.hpp"

#include <algorithm>
#include <utility>

namespace aconite {
namespace {

/// When the next step of its schedule is due.
time_point step_time(toxic_entry const& toxic)
{
    return later(toxic.schedule_began,
                 std::chrono::milliseconds(toxic.schedule[toxic.next_step].at_ms));
}

}  // namespace

proxy_entry::proxy_entry(proxy_environment const& around, std::uint64_t id,
                         proxy_config const& config)
    : around_(around),
      id_(id),
      name_(config.name),
      listen_(config.listen),
      upstream_(config.upstream),
      seed_(config.seed),
      ordinals_(std::make_shared<std::atomic<std::uint64_t>>(0))
{
    for (std::size_t i = 0; i < around_.shards.size(); ++i)
        traffic_.push_back(std::make_shared<traffic_counter>());
    set_label(config.label);
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
    auto& front = *around_.shards.list()[home()];
    auto const live = std::make_shared<live_count>(
        [&front, id = id_] { front.post([&front, id] { front.look_at_door(id); }); });
    around_.shards.on_all([&](shard& s, std::size_t i) {
        s.open_route(id_, {info, toxics_in_force_, traffic_[i], live, nullptr});
    });
    around_.shards.on_one(home(), [&](shard& s) {
        s.start_listening(id_, std::make_unique<listener>(s, around_.shards.list(), id_, info,
                                                          toxics_in_force_, live,
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
    auto const seed = toxic.seed ? *toxic.seed : seed_.value_or(around_.seed);
    toxic.planned.key = mix(mix(mix(seed, name_), toxic.name), nth);
    toxics_.push_back(std::move(toxic));
    arm_ttl(toxics_.back());
    arm_schedule(toxics_.back());
    publish();
}

void proxy_entry::change(toxic_entry& toxic, toxic_change change, toxic_patch const& patch)
{
    toxic.take(std::move(change));
    if (patch.aim.ttl_ms) {
        toxic.ttl_ms = *patch.aim.ttl_ms;
        arm_ttl(toxic);
    }
    if (patch.aim.schedule) {
        toxic.follow(*patch.aim.schedule);
        arm_schedule(toxic);
    }
    publish();
}

template <class Doomed>
void proxy_entry::remove_if(Doomed doomed)
{
    if (std::erase_if(toxics_, doomed) > 0)
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

void proxy_entry::end_lease(std::string_view lease)
{
    remove_if([&](auto const& each) { return each.lease == lease; });
}

void proxy_entry::arm_ttl(toxic_entry& toxic)
{
    toxic.ttl_end = {};
    if (toxic.ttl_ms == 0)
        return;
    auto const at =
        later(std::chrono::steady_clock::now(), std::chrono::milliseconds(toxic.ttl_ms));
    toxic.ttl_end = around_.timetable.at(at, [this, id = toxic.planned.id] {
        remove_if([&](auto const& each) { return each.planned.id == id; });
    });
}

/// The schedule begins now.
void proxy_entry::arm_schedule(toxic_entry& toxic)
{
    toxic.step_due = {};
    toxic.schedule_began = std::chrono::steady_clock::now();
    await_step(toxic);
}

void proxy_entry::await_step(toxic_entry& toxic)
{
    if (toxic.next_step < toxic.schedule.size())
        toxic.step_due = around_.timetable.at(step_time(toxic),
                                              [this, id = toxic.planned.id] { take_steps(id); });
}

/// All steps that are due are taken together.
void proxy_entry::take_steps(std::uint64_t toxic_id)
{
    auto const same = [&](auto const& each) { return each.planned.id == toxic_id; };
    auto const toxic = std::ranges::find_if(toxics_, same);
    auto const now = std::chrono::steady_clock::now();
    while (toxic->next_step < toxic->schedule.size() && step_time(*toxic) <= now) {
        auto const& step = toxic->schedule[toxic->next_step++];
        if (step.what == schedule_step::action::remove &&
            toxic->next_step == toxic->schedule.size()) {
            remove_if(same);
            return;
        }
        if (step.what == schedule_step::action::update)
            update(*toxic, step);
        else
            toxic->active = step.what == schedule_step::action::add;
    }
    await_step(*toxic);
    publish();
}

/// It went with the toxic when it was checked; only the kernel may have changed its mind.
void proxy_entry::update(toxic_entry& toxic, schedule_step const& step)
{
    auto change = check_change(toxic, {step.toxicity, step.attributes, {}});
    if (change)
        toxic.take(*std::move(change));
    else
        tell(around_.log, log_level::warn, "Unable to update toxic as scheduled",
             {{"name", name_}, {"toxic", toxic.name}, {"error", change.error().text}});
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
    auto made = std::make_shared<plan>();
    made->label = label_;
    for (auto const& toxic : toxics_) {
        auto const on = toxic.planned.direction;
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

void proxy_entry::say(char const* message) const
{
    tell(around_.log, log_level::info, message,
         {{"name", name_}, {"listen", listen_}, {"upstream", upstream_}});
}

toxic_info proxy_entry::describe(toxic_entry const& toxic)
{
    auto const& planned = toxic.planned;
    toxic_info info;
    info.name = toxic.name;
    info.type = planned.type->name;
    info.direction = planned.direction;
    info.toxicity = planned.toxicity;
    info.attributes = planned.values.told();
    info.aim.match = toxic.match.told();
    info.aim.trigger = toxic.trigger.told();
    if (toxic.ttl_ms != 0)
        info.aim.ttl_ms = toxic.ttl_ms;
    if (!toxic.schedule.empty())
        info.aim.schedule = toxic.schedule;
    info.aim.seed = toxic.seed;
    info.aim.lease = toxic.lease;
    info.active = toxic.active;
    if (planned.type->drop != nullptr)
        if (auto const wish = planned.type->drop(planned.values))
            info.effective_mode = planned.drop_rate ? "kernel" : wish->otherwise;
    return info;
}

std::vector<toxic_info> proxy_entry::toxics() const
{
    std::vector<toxic_info> all;
    for (auto const direction : {stream::upstream, stream::downstream, stream::both})
        for (auto const& toxic : toxics_)
            if (toxic.planned.direction == direction)
                all.push_back(describe(toxic));
    return all;
}

proxy_info proxy_entry::info() const
{
    return {name_, listen_, upstream_, enabled_, toxics(), seed_, label_ ? *label_ : ""};
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
