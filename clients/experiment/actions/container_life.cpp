#include "clients/experiment/actions/lifecycle.hpp"
#include "clients/experiment/actions/process_id.hpp"
#include "clients/experiment/actions/record.hpp"
#include "clients/experiment/actions/rows.hpp"
#include "clients/experiment/probes/docker_engine.hpp"

#include <aconite/text.hpp>

#include <csignal>

namespace aconite::experiment {
namespace {

constexpr std::chrono::seconds for_the_engine{30};

problem of_container(std::string const& name, problem const& why)
{
    return {why.status, "container '" + printable(name) + "': " + why.text};
}

class container_life final : public action {
public:
    container_life(life_order order, std::string container, std::string_view socket)
        : order_(order), container_(std::move(container)), engine_(socket)
    {}

    result<std::vector<json>> undo_plan() override
    {
        auto const before = engine_.inspect(container_);
        if (!before)
            return of_container(container_, before.error());
        id_ = before->id;
        std::vector<json> plan;
        auto const add = [&](char const* what) {
            plan.push_back({{"kind", "container"},
                            {"do", what},
                            {"id", before->id},
                            {"name", before->name},
                            {"socket", engine_.socket()}});
        };
        switch (order_.verb) {
        case life_verb::kill:
        case life_verb::stop:
        case life_verb::restart:
        case life_verb::signal:
            if (before->paused)  // undone last
                add("pause");
            if (before->running)
                add("start");
            break;
        case life_verb::start:
            if (!before->running)
                add("stop");
            break;
        case life_verb::pause:
            if (before->running && !before->paused)
                add("unpause");
            break;
        case life_verb::unpause:
            if (before->paused)
                add("pause");
            break;
        }
        return plan;
    }

    result<void> start() override
    {
        auto const path = container_path(id_.empty() ? container_ : id_);
        auto const grace = std::to_string(order_.grace.count());
        std::string what;
        switch (order_.verb) {
        case life_verb::kill:
        case life_verb::signal:
            what = "/kill?signal=" + std::to_string(order_.signal);
            break;
        case life_verb::stop:
            what = "/stop?t=" + grace;
            break;
        case life_verb::restart:
            what = "/restart?t=" + grace;
            break;
        case life_verb::start:
            what = "/start";
            break;
        case life_verb::pause:
            what = "/pause";
            break;
        case life_verb::unpause:
            what = "/unpause";
            break;
        }
        auto const done = engine_.ask_text("POST", path + what, {}, for_the_engine + order_.grace);
        if (!done)
            return of_container(container_, done.error());
        if (order_.verb == life_verb::kill && order_.signal == SIGKILL) {
            auto const ended =
                engine_.ask_text("POST", path + "/wait?condition=not-running", {}, for_the_engine);
            if (!ended)
                return of_container(container_, ended.error());
        }
        return {};
    }

    result<evidence> look() override
    {
        auto const now = engine_.inspect(id_.empty() ? container_ : id_);
        if (!now)
            return of_container(container_, now.error());
        auto text =
            now->running ? printable(now->status) : "exited with " + std::to_string(now->exit_code);
        std::string ended_early;
        if (order_.verb == life_verb::pause && !now->paused)
            ended_early = "container '" + printable(container_) +
                          "' was paused, and is not any more before its time: " + text;
        return evidence{{}, std::move(text), std::move(ended_early)};
    }

private:
    life_order order_;
    std::string container_;
    std::string id_;
    docker_engine engine_;
};

/// Whether that is still to be done.
bool is_needed(std::string const& what, container_state const& now)
{
    if (what == "start")
        return !now.running;
    if (what == "stop")
        return now.running;
    if (what == "pause")
        return now.running && !now.paused;
    return what == "unpause" && now.paused;
}

result<void> undo_container_life(json const& record, surroundings const& where)
{
    auto const id = record_text(record, "id");
    auto const what = record_text(record, "do");
    if (id.empty() || what.empty())
        return problem{400, "an undo record of a container lacks 'id' or 'do'"};
    docker_engine engine(where.docker_socket.empty() ? record_text(record, "socket")
                                                     : where.docker_socket);
    auto const name = record_text(record, "name");
    auto const now = engine.inspect(id);
    if (!now && now.error().status == 404)
        return {};
    if (!now)
        return of_container(name, now.error());
    if (!is_needed(what, *now))
        return {};
    auto const done = engine.ask_text("POST", container_path(id) + "/" + what, {}, for_the_engine);
    if (!done && done.error().status != 404)
        return of_container(name, done.error());
    return {};
}

}  // namespace

std::unique_ptr<action> make_container_life(life_order order, target const& aimed,
                                            surroundings const& where)
{
    return std::make_unique<container_life>(order, aimed.container, where.docker_socket);
}

constinit undo_kind const undo_container{"container", undo_container_life};

}  // namespace aconite::experiment
