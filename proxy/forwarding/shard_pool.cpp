#include "proxy/forwarding/shard_pool.hpp"

#include <latch>
#include <numeric>
#include <utility>
#include <vector>

namespace aconite {

shard_pool::shard_pool(std::size_t count, log_sink log, log_level log_least,
                       std::size_t held_bytes_max, journal& events)
    : config_{std::move(log),  log_least,  names_, events,
              connection_ids_, own_dials_, room_,  held_bytes_max / count}
{
    for (std::size_t i = 0; i < count; ++i)
        shards_.push_back(std::make_unique<shard>(config_, i));
}

void shard_pool::on_all(std::function<void(shard&, std::size_t)> const& task)
{
    std::vector<std::size_t> all(shards_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    on_each(all, task);
}

void shard_pool::on_busy(std::function<void(shard&)> const& task)
{
    std::vector<std::size_t> busy;
    for (std::size_t i = 0; i < shards_.size(); ++i)
        if (shards_[i]->load() > 0)
            busy.push_back(i);
    on_each(busy, [&](shard& s, std::size_t) { task(s); });
}

void shard_pool::on_one(std::size_t index, std::function<void(shard&)> const& task)
{
    on_each({index}, [&](shard& s, std::size_t) { task(s); });
}

void shard_pool::on_each(std::vector<std::size_t> const& indices,
                         std::function<void(shard&, std::size_t)> const& task)
{
    std::latch done(static_cast<std::ptrdiff_t>(indices.size()));
    for (auto const i : indices) {
        shards_[i]->post([&, i] {
            task(*shards_[i], i);
            done.count_down();
        });
    }
    done.wait();
}

}  // namespace aconite
