// kill, stop, start, restart, pause, unpause, signal: of a container if the target has one, else of
// a process.
#include "clients/experiment/actions/lifecycle.hpp"

#include "clients/experiment/actions/process_id.hpp"
#include "clients/experiment/actions/rows.hpp"

#include <aconite/text.hpp>

#include <array>
#include <csignal>

namespace aconite::experiment {
namespace {

constexpr std::string_view container_or_process = "container or process";

constexpr std::array kill_fields{
    field{
        .name = "signal", .type = field_type::text, .about = "SIGKILL, TERM, 9. Default: SIGKILL"},
};
constexpr std::array signal_fields{
    field{
        .name = "signal", .type = field_type::text, .about = "SIGHUP, USR1, 10", .required = true},
};
constexpr std::array grace_fields{
    field{.name = "timeout",
          .type = field_type::duration,
          .about = "from SIGTERM to SIGKILL. Default: 10s",
          .maximum = 3'600},
};

result<life_order> read_life_order(life_verb verb, settings const& how)
{
    life_order order{.verb = verb, .signal = SIGKILL};
    if (verb == life_verb::kill || verb == life_verb::signal) {
        auto const text = how.text("signal", "SIGKILL");
        auto const number = read_signal(text);
        if (!number)
            return problem{400, "'signal' is none that there is: '" + printable(text) +
                                    "', but SIGKILL, SIGTERM, SIGHUP or a number"};
        if (*number == SIGSTOP || *number == SIGTSTP)
            return problem{400, "'signal' stops it: 'pause' does that, and takes it back"};
        order.signal = *number;
    }
    order.grace =
        std::chrono::ceil<std::chrono::seconds>(how.duration("timeout", std::chrono::seconds(10)));
    return order;
}

template <life_verb verb>
result<std::unique_ptr<action>>
make_life(settings const& how, std::vector<target const*> const& aimed, surroundings const& where)
{
    if (aimed.size() != 1)
        return problem{400, "a container or process has to be named: one target"};
    auto const order = read_life_order(verb, how);
    if (!order)
        return order.error();
    auto const& on = *aimed.front();
    if (!on.container.empty())
        return make_container_life(*order, on, where);
    if (!on.has_process())
        return problem{400,
                       "target '" + printable(on.name) + "' is neither a container nor a process"};
    if constexpr (verb == life_verb::start || verb == life_verb::restart)
        if (on.process.command.empty())
            return problem{400,
                           "target '" + printable(on.name) + "' needs a 'command' to start it by"};
    return make_process_life(*order, on, where);
}

}  // namespace

constinit action_kind const kill_row{
    .row = {.name = "kill",
            .about = "ends a container or process by a signal; undone: it is started again",
            .fields = kill_fields,
            .example = "{kill: worker}"},
    .aims_at = container_or_process,
    .outlives_phase = true,
    .ends = may_end::of_its_target,
    .make = make_life<life_verb::kill>};

constinit action_kind const stop_row{
    .row = {.name = "stop",
            .about = "asks it to end, and kills it if it does not; undone: it is started again",
            .fields = grace_fields,
            .example = "{stop: worker, timeout: 5s}"},
    .aims_at = container_or_process,
    .outlives_phase = true,
    .ends = may_end::of_its_target,
    .make = make_life<life_verb::stop>};

constinit action_kind const start_row{
    .row = {.name = "start",
            .about = "starts it; undone: it is ended, if it did not run before",
            .fields = {},
            .example = "{start: worker}"},
    .aims_at = container_or_process,
    .lasts = false,
    .ends = may_end::of_its_target,
    .make = make_life<life_verb::start>};

constinit action_kind const restart_row{.row = {.name = "restart",
                                                .about = "stops it if it runs, and starts it",
                                                .fields = grace_fields,
                                                .example = "{restart: worker}"},
                                        .aims_at = container_or_process,
                                        .lasts = false,
                                        .ends = may_end::of_its_target,
                                        .make = make_life<life_verb::restart>};

constinit action_kind const pause_row{
    .row = {.name = "pause",
            .about = "freezes a container, or a process by SIGSTOP; undone: it goes on",
            .fields = {},
            .example = "{pause: worker, duration: 10s}"},
    .aims_at = container_or_process,
    .outlives_phase = true,
    .make = make_life<life_verb::pause>};

constinit action_kind const unpause_row{
    .row = {.name = "unpause",
            .about = "lets it go on; undone: it is paused, if it was before",
            .fields = {},
            .example = "{unpause: worker}"},
    .aims_at = container_or_process,
    .lasts = false,
    .ends = may_end::of_its_target,
    .make = make_life<life_verb::unpause>};

constinit action_kind const signal_row{
    .row = {.name = "signal",
            .about = "sends a signal; undone: what has a command is started if it ended of it",
            .fields = signal_fields,
            .primary = "signal",
            .example = "{signal: SIGHUP, target: worker}"},
    .aims_at = container_or_process,
    .lasts = false,
    .ends = may_end::of_its_target,
    .make = make_life<life_verb::signal>};

}  // namespace aconite::experiment
