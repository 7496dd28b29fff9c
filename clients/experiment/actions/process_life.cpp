#include "clients/experiment/actions/lifecycle.hpp"
#include "clients/experiment/actions/processes.hpp"
#include "clients/experiment/actions/record.hpp"
#include "clients/experiment/actions/rows.hpp"

#include <aconite/text.hpp>

#include <csignal>

namespace aconite::experiment {
namespace {

constexpr std::chrono::seconds for_a_kill{10};
constexpr std::chrono::milliseconds for_a_failed_start{100};
constexpr std::chrono::seconds for_a_stop{5};

class process_life final : public action {
public:
    process_life(life_order order, target const& aimed, surroundings const& where)
        : order_(order), aimed_(aimed), where_(where)
    {}

    result<void> find() override
    {
        bool const starts = order_.verb == life_verb::start || order_.verb == life_verb::restart;
        return starts || !aimed_.process.run ? result<void>()
                                             : outlasts(aimed_, where_, for_a_failed_start);
    }

    result<std::vector<json>> undo_plan() override
    {
        auto const found = find_process(aimed_, where_);
        process_.reset();
        if (found)
            process_ = *found;
        else if (order_.verb != life_verb::start && order_.verb != life_verb::restart)
            return found.error();
        std::vector<json> plan;
        switch (order_.verb) {
        case life_verb::kill:
        case life_verb::stop:
        case life_verb::restart:
        case life_verb::signal:
            if (process_ && !aimed_.process.command.empty()) {
                auto record = process_target_record(aimed_, where_);
                record["kind"] = "process_start";
                record["was"] = to_json(process_->id);
                plan.push_back(std::move(record));
            }
            break;
        case life_verb::start:
            if (!process_)
                plan.push_back(process_started_record(aimed_, where_));
            break;
        case life_verb::pause:
            if (!is_stopped(process_->id))
                plan.push_back(signal_record(SIGCONT));
            break;
        case life_verb::unpause:
            if (is_stopped(process_->id))
                plan.push_back(signal_record(SIGSTOP));
            break;
        }
        return plan;
    }

    result<void> start() override
    {
        switch (order_.verb) {
        case life_verb::start:
            return process_ ? result<void>() : begin();
        case life_verb::restart:
            if (process_)
                if (auto const ended = end_process(*process_, where_, order_.grace); !ended)
                    return ended;
            return begin();
        case life_verb::stop:
            return end_process(process_.value(), where_, order_.grace);
        case life_verb::pause:
            return stop_now();
        case life_verb::unpause:
            return send(SIGCONT);
        case life_verb::kill:
        case life_verb::signal:
            break;
        }
        if (auto const sent = send(order_.signal); !sent)
            return sent;
        if (order_.signal == SIGKILL && !ends_within(process_->id, for_a_kill))
            return problem{500, "process " + std::to_string(process_->id.pid) +
                                    " did not end within 10 s of SIGKILL"};
        return {};
    }

    result<evidence> look() override
    {
        if (!process_)
            return evidence{{}, "it was not running"};
        auto const told = "process " + std::to_string(process_->id.pid);
        if (!lives(process_->id)) {
            bool const known = !aimed_.process.command.empty();
            return evidence{{},
                            told + " has ended" +
                                (known ? "" : ", and nothing is known to start it again by"),
                            ended_early(told + " ended while it was paused")};
        }
        if (is_stopped(process_->id))
            return evidence{{}, told + " is stopped"};
        return evidence{{}, told + " runs", ended_early(told + " was let go on before its time")};
    }

private:
    /// Of a pause alone: of the others nothing is said to last.
    [[nodiscard]] std::string ended_early(std::string why) const
    {
        return order_.verb == life_verb::pause ? std::move(why) : std::string();
    }

    [[nodiscard]] json signal_record(int signal) const
    {
        auto record = to_json(process_->id);
        record["kind"] = "process_signal";
        record["signal"] = signal;
        record["group"] = process_->ours;
        return record;
    }

    result<void> begin()
    {
        auto const started = start_process(aimed_, where_);
        if (!started)
            return started.error();
        process_ = target_process{*started, true};
        return {};
    }

    result<void> send(int signal)
    {
        return send_signal(process_.value().id, signal, process_.value().ours);
    }

    /// The head of a group first, until it stands: if a child that it waits for to begin (vfork)
    /// were stopped before it, it would hang there in another state than stopped.
    result<void> stop_now()
    {
        auto const& [id, ours] = process_.value();
        if (auto const sent = send_signal(id, SIGSTOP, false); !sent)
            return sent;
        if (!stops_within(id, for_a_stop))
            return problem{500, "process " + std::to_string(id.pid) +
                                    " did not stop within 5 s of SIGSTOP"};
        return ours ? send(SIGSTOP) : result<void>();
    }

    life_order order_;
    target aimed_;
    surroundings where_;
    std::optional<target_process> process_;
};

result<void> start_recorded_process(json const& record, surroundings const&)
{
    surroundings there;
    auto const of = process_target_of(record, there);
    if (of.process.command.empty())
        return problem{400, "an undo record of a process lacks 'command'"};
    if (auto const was = record.find("was"); was != record.end())
        if (auto const process = process_id_of(*was); process && lives(*process))
            return {};            // it was not ended at all
    if (find_process(of, there))  // somebody has started it again
        return {};
    auto const started = start_process(of, there);
    if (!started && started.error().status != 409)
        return started.error();
    return {};
}

result<void> signal_recorded_process(json const& record, surroundings const&)
{
    auto const process = process_id_of(record);
    auto const signal = static_cast<int>(record_whole(record, "signal"));
    if (!process || (signal != SIGCONT && signal != SIGSTOP))
        return problem{400, "an undo record of a process lacks 'pid' or 'signal'"};
    auto const sent = send_signal(*process, signal, record_flag(record, "group"));
    if (sent || sent.error().status == 404)
        return {};
    // Whoever may not let it go on could not stop it either.
    bool const as_before = is_stopped(*process) == (signal == SIGSTOP);
    return as_before ? result<void>() : sent.error();
}

}  // namespace

std::unique_ptr<action> make_process_life(life_order order, target const& aimed,
                                          surroundings const& where)
{
    return std::make_unique<process_life>(order, aimed, where);
}

constinit undo_kind const undo_process_start{"process_start", start_recorded_process};
constinit undo_kind const undo_process_signal{"process_signal", signal_recorded_process};

}  // namespace aconite::experiment
