#include <aconite/engine.hpp>

#include "proxy/engine/engine_impl.hpp"
#include "proxy/engine/toxic_check.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace aconite {
namespace {

problem no_toxic()
{
    return {404, "toxic not found"};
}

}  // namespace

engine::engine(engine_config config) : impl_(std::make_unique<impl>(std::move(config))) {}
engine::~engine() = default;

std::uint64_t engine::seed() const
{
    return impl_->seed_;
}
unsigned engine::threads() const
{
    return static_cast<unsigned>(impl_->shards_.size());
}

toxic_registry const& engine::toxic_types() const
{
    return impl_->config_.toxics;
}

std::vector<proxy_info> engine::proxies() const
{
    return impl_->each([](proxy_entry& p) { return p.info(); });
}

result<proxy_info> engine::proxy(std::string_view name) const
{
    return impl_->with(name, [](proxy_entry& p) { return result<proxy_info>(p.info()); });
}

result<proxy_info> engine::create(proxy_config config)
{
    return impl_->create(std::move(config));
}

result<proxy_info> engine::update(std::string_view name, proxy_patch const& patch)
{
    return impl_->update(name, patch);
}

result<void> engine::remove(std::string_view name)
{
    return impl_->remove(name);
}

populate_result engine::populate(std::vector<proxy_config> configs)
{
    return impl_->populate(std::move(configs));
}

result<reconfigure_result> engine::reconfigure(std::vector<proxy_config> configs, bool keep_toxics)
{
    return impl_->reconfigure(std::move(configs), keep_toxics);
}

result<void> engine::reset()
{
    return impl_->reset();
}

result<std::vector<toxic_info>> engine::toxics(std::string_view proxy) const
{
    return impl_->with(proxy,
                       [](proxy_entry& p) { return result<std::vector<toxic_info>>(p.toxics()); });
}

result<toxic_info> engine::toxic(std::string_view proxy, std::string_view name) const
{
    return impl_->with(proxy, [&](proxy_entry& p) -> result<toxic_info> {
        auto const* found = p.find(name);
        if (found == nullptr)
            return no_toxic();
        return proxy_entry::describe(*found);
    });
}

result<toxic_info> engine::add_toxic(std::string_view proxy, toxic_config config)
{
    return impl_->with(proxy, [&](proxy_entry& p) -> result<toxic_info> {
        auto const& type = find_type(impl_->config_.toxics, config);
        if (!type)
            return type.error();
        if (p.find(name_of(config, **type)) != nullptr)
            return problem{409, "toxic already exists"};
        if (auto const fits = check_protocol(**type, p.protocol()); !fits)
            return fits.error();
        auto checked = check_toxic(**type, config);
        if (!checked)
            return checked.error();
        if (auto const tied = impl_->check_leases({&*checked, 1}); !tied)
            return tied.error();
        auto const info = proxy_entry::describe(*checked);
        p.add(*std::move(checked));
        return info;
    });
}

result<toxic_info> engine::update_toxic(std::string_view proxy, std::string_view name,
                                        toxic_patch const& patch)
{
    return impl_->with(proxy, [&](proxy_entry& p) -> result<toxic_info> {
        auto* found = p.find(name);
        if (found == nullptr)
            return no_toxic();
        auto change = check_change(*found, patch);
        if (!change)
            return change.error();
        p.change(*found, *std::move(change), patch);
        return proxy_entry::describe(*found);
    });
}

result<void> engine::remove_toxic(std::string_view proxy, std::string_view name)
{
    return impl_->with(proxy, [&](proxy_entry& p) -> result<void> {
        if (p.find(name) == nullptr)
            return no_toxic();
        p.remove(name);
        return {};
    });
}

result<lease_info> engine::open_lease(std::int64_t ttl_ms)
{
    auto opened = impl_->with_leases(
        [&](lease_book& book) { return book.open(ttl_ms, std::chrono::steady_clock::now()); });
    if (opened)
        impl_->events_.note(record_kind::control, {}, {}, "lease " + opened->id + " opened");
    return opened;
}

result<lease_info> engine::renew_lease(std::string_view id)
{
    return impl_->with_leases(
        [&](lease_book& book) { return book.renew(id, std::chrono::steady_clock::now()); });
}

result<void> engine::end_lease(std::string_view id)
{
    return impl_->with_leases([&](lease_book& book) { return book.end(id); });
}

std::vector<lease_info> engine::leases() const
{
    return impl_->with_leases(
        [](lease_book& book) { return book.list(std::chrono::steady_clock::now()); });
}

engine_stats engine::stats() const
{
    engine_stats made;
    for (auto const& shard : impl_->shards_.list()) {
        made.held_bytes += shard->held_bytes();
        made.loop_rounds += shard->rounds();
    }
    made.journal_records = impl_->events_.written();
    made.journal_dropped = impl_->events_.dropped();
    made.proxies = impl_->each([](proxy_entry& p) { return p.stats(); });
    return made;
}

result<proxy_stats> engine::stats(std::string_view proxy) const
{
    return impl_->with(proxy, [](proxy_entry& p) { return result<proxy_stats>(p.stats()); });
}

result<journal_page> engine::read_journal(journal_query const& wanted) const
{
    return impl_->events_.read(wanted);
}

result<void> engine::mark(std::string_view text)
{
    constexpr std::size_t mark_bytes_max = 1'000;
    if (text.empty() || text.size() > mark_bytes_max)
        return problem{400, "bad request body: 'text' must have 1 to 1000 bytes"};
    impl_->events_.note(record_kind::mark, {}, {}, std::string(text));
    return {};
}

std::vector<connection_info> engine::connections() const
{
    std::vector<std::vector<connection_info>> found(impl_->shards_.size());
    impl_->shards_.on_all([&](shard& s, std::size_t i) { s.describe_sessions(found[i]); });
    std::vector<connection_info> all;
    for (auto& some : found)
        std::ranges::move(some, std::back_inserter(all));
    std::ranges::sort(all, std::ranges::greater{}, &connection_info::age_ms);
    return all;
}

}  // namespace aconite
