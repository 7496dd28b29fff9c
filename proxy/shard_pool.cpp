#include "proxy/shard_pool.hpp"

#include <latch>
#include <utility>
#include <vector>

namespace aconite {

shard_pool::shard_pool(std::size_t count, log_sink log, std::size_t held_bytes_max)
    : config_{std::move(log), names_, held_bytes_max / count}
{
    for (std::size_t i = 0; i < count; ++i)
        shards_.push_back(std::make_unique<shard>(config_));
}

void shard_pool::on_all(std::function<void(shard&, std::size_t)> const& task)
{
    std::latch done(static_cast<std::ptrdiff_t>(shards_.size()));
    for (std::size_t i = 0; i < shards_.size(); ++i) {
        shards_[i]->post([&, i] {
            task(*shards_[i], i);
            done.count_down();
        });
    }
    done.wait();
}

void shard_pool::on_busy(std::function<void(shard&)> const& task)
{
    std::vector<shard*> busy;
    for (auto const& each : shards_)
        if (each->load() > 0)
            busy.push_back(each.get());
    std::latch done(static_cast<std::ptrdiff_t>(busy.size()));
    for (auto* each : busy) {
        each->post([&, each] {
            task(*each);
            done.count_down();
        });
    }
    done.wait();
}

void shard_pool::on_one(std::size_t index, std::function<void(shard&)> const& task)
{
    std::latch done(1);
    shards_[index]->post([&] {
        task(*shards_[index]);
        done.count_down();
    });
    done.wait();
}

}  // namespace aconite
