#pragma once

#include "clients/experiment/load/channel.hpp"
#include "clients/experiment/load/generator_options.hpp"
#include "clients/experiment/load/load.hpp"
#include "clients/experiment/load/open_loop.hpp"

#include <memory>
#include <string>
#include <thread>

namespace aconite::experiment {

/// What a generator says of itself at its end: how late it was where nothing but the processor kept
/// it from sending. That is in each latency too, and is not the fault of who is asked.
std::string own_delay_text(latencies const& late);

/// A load that is an open loop in a thread of its own.
class generator final : public load {
public:
    generator(generator_options how, channel_maker make, recorder& into);
    ~generator() override;

    result<void> start() override;
    [[nodiscard]] bool running() const override;
    load_end stop(std::chrono::milliseconds grace) override;

private:
    generator_options how_;
    channel_maker make_;
    recorder& into_;
    std::unique_ptr<open_loop> loop_;
    std::thread thread_;
};

}  // namespace aconite::experiment
