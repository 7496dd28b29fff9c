#include "clients/experiment/load/generator.hpp"

#include "clients/experiment/values/units.hpp"

#include <boost/system/system_error.hpp>

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace aconite::experiment {

std::string own_delay_text(latencies const& late)
{
    if (late.count() == 0)
        return {};
    return fmt::format(
        "The generator itself began requests late by {} (p50), {} (p99), at most {}.",
        to_text(late.at(0.5)), to_text(late.at(0.99)), to_text(late.longest()));
}

generator::generator(generator_options how, channel_maker make, recorder& into)
    : how_(std::move(how)), make_(std::move(make)), into_(into)
{}

generator::~generator()
{
    generator::stop({});
}

result<void> generator::start()
{
    try {
        loop_ = std::make_unique<open_loop>(how_, make_, into_);
        thread_ = std::thread([loop = loop_.get()] { loop->run(); });
    } catch (std::system_error const& error) {  // Boost's is one of them
        loop_.reset();
        return problem{500, std::string("the load cannot start: ") + error.what()};
    }
    return {};
}

bool generator::running() const
{
    return thread_.joinable() && loop_->running();
}

load_end generator::stop(std::chrono::milliseconds grace)
{
    if (thread_.joinable()) {
        loop_->end(grace);
        thread_.join();
    }
    return {{}, loop_ ? own_delay_text(loop_->own_delay()) : std::string(), {}};
}

}  // namespace aconite::experiment
