#include "clients/experiment/probes/container.hpp"

#include "clients/experiment/probes/docker_engine.hpp"

#include <array>

namespace aconite::experiment {
namespace {

constexpr std::array<std::string_view, 5> container_looks{"state", "health", "running", "restarts",
                                                          "memory"};

constexpr std::array container_fields{
    field{.name = "container",
          .type = field_type::text,
          .about = "its name or id, or the name of a target that is one",
          .required = true},
    field{.name = "of",
          .type = field_type::choice,
          .about = "state (running, paused, exited, ...); health (healthy, starting, unhealthy, "
                   "none: it has no check; its state if it does not run); running (1 or 0); "
                   "restarts by its policy; memory in bytes. Default: state",
          .choices = container_looks},
};

class container_probe final : public probe {
public:
    container_probe(std::string container, std::string of, std::string_view socket)
        : container_(std::move(container)), of_(std::move(of)), engine_(socket)
    {}

    result<value> look(std::chrono::milliseconds limit) override
    {
        if (of_ == "memory") {
            auto const bytes = engine_.memory(container_, limit);
            if (!bytes)
                return bytes.error();
            return value(*bytes);
        }
        auto const state = engine_.inspect(container_, limit);
        if (!state)
            return state.error();
        if (of_ == "running")
            return value(state->running && !state->paused ? 1.0 : 0.0);
        if (of_ == "restarts")
            return value(static_cast<double>(state->restarts));
        if (of_ == "health" && state->running && !state->paused)
            return value(state->health);
        return value(state->status);
    }

private:
    std::string container_;
    std::string of_;
    docker_engine engine_;
};

result<std::unique_ptr<probe>> make_container_probe(settings const& how, surroundings const& where)
{
    auto name = how.text("container");
    auto const aimed = where.targets.find(name);
    if (aimed != where.targets.end() && !aimed->second.container.empty())
        name = aimed->second.container;
    if (name.empty())
        return problem{400, "container: the name of a container is missing"};
    return std::unique_ptr<probe>(std::make_unique<container_probe>(
        std::move(name), how.text("of", "state"), where.docker_socket));
}

}  // namespace

constinit probe_kind const container_probe_kind{
    .row = {.name = "container",
            .about = "a container's state, health or memory, by the Docker Engine or Podman",
            .fields = container_fields,
            .primary = "container",
            .example = "{container: worker, of: health}"},
    .make = make_container_probe};

}  // namespace aconite::experiment
