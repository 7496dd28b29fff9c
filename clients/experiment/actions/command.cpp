#include "clients/experiment/actions/child.hpp"
#include "clients/experiment/actions/record.hpp"
#include "clients/experiment/actions/rows.hpp"

#include <aconite/text.hpp>

#include <array>

namespace aconite::experiment {
namespace {

constexpr std::chrono::seconds command_limit{60};

constexpr std::array command_fields{
    field{.name = "command",
          .type = field_type::command,
          .about = "what is run: a list of words, or one text for the shell",
          .required = true},
    field{.name = "undo",
          .type = field_type::command,
          .about =
              "what takes it back; it may be run twice, or without the command. Default: none"},
    field{.name = "expect_status",
          .type = field_type::whole,
          .about = "exit status that is well. Default: 0",
          .maximum = 255},
    field{.name = "timeout",
          .type = field_type::duration,
          .about = "it is killed after so long. Default: 60s",
          .minimum = 0.001,
          .maximum = 86'400},
};

/// `python3 worker.py`, for people.
std::string command_line(std::vector<std::string> const& words)
{
    if (words.size() == 3 && words[0] == "sh" && words[1] == "-c")
        return printable(words[2]);
    std::string line;
    for (auto const& word : words)
        line += (line.empty() ? "" : " ") + printable(word);
    return line;
}

result<int> run_to_end(child_plan const& plan, std::chrono::milliseconds limit,
                       std::function<bool()> const& stopped = {})
{
    auto const end = run_child(plan, limit, stopped);
    if (!end)
        return problem{end.error().status, end.error().text};
    if (end->stopped)
        return problem{499, "'" + command_line(plan.command) + "' was killed, as the run ends"};
    if (!end->in_time)
        return problem{504, "'" + command_line(plan.command) + "' did not end within " +
                                to_text(nanoseconds(limit)) + " and was killed"};
    return result<int>(boost::system::in_place_value, end->status);
}

class command_action final : public action {
public:
    command_action(child_plan plan, std::vector<std::string> undo, int expected,
                   std::chrono::milliseconds limit, std::function<bool()> stopped)
        : plan_(std::move(plan)),
          undo_(std::move(undo)),
          expected_(expected),
          limit_(limit),
          stopped_(std::move(stopped))
    {}

    result<std::vector<json>> undo_plan() override
    {
        std::vector<json> plan;
        if (!undo_.empty())
            plan.push_back({{"kind", "command"},
                            {"command", undo_},
                            {"folder", plan_.folder.string()},
                            {"output", plan_.output.string()},
                            {"timeout_ms", limit_.count()}});
        return plan;
    }

    result<void> start() override
    {
        auto const status = run_to_end(plan_, limit_, stopped_);
        if (!status)
            return status.error();
        text_ = "ended with status " + std::to_string(*status);
        if (*status != expected_)
            return problem{
                500, "'" + command_line(plan_.command) + "' " + text_ + ", not " +
                         std::to_string(expected_) +
                         (plan_.output.empty() ? "" : "; see " + printable(plan_.output.string()))};
        return {};
    }

    result<evidence> look() override { return evidence{{}, text_}; }

private:
    child_plan plan_;
    std::vector<std::string> undo_;
    int expected_;
    std::chrono::milliseconds limit_;
    std::function<bool()> stopped_;
    std::string text_ = "not run";
};

result<std::unique_ptr<action>> make_command(settings const& how, std::vector<target const*> const&,
                                             surroundings const& where)
{
    child_plan plan{.command = how.words("command"), .folder = where.folder};
    if (plan.command.empty() || plan.command.front().empty())
        return problem{400, "command: there is nothing to run"};
    if (how.has("undo") && how.words("undo").empty())
        return problem{400, "command: 'undo' has nothing to run"};
    std::error_code error;
    if (!plan.folder.empty())
        plan.folder = std::filesystem::absolute(plan.folder, error);
    if (!where.output.empty())
        plan.output = std::filesystem::absolute(where.output / "commands.log", error);
    auto const limit =
        std::chrono::ceil<std::chrono::milliseconds>(how.duration("timeout", command_limit));
    return std::unique_ptr<action>(std::make_unique<command_action>(
        std::move(plan), how.words("undo"), static_cast<int>(how.whole("expect_status")), limit,
        where.stopped));
}

result<void> run_recorded_command(json const& record, surroundings const&)
{
    child_plan const plan{.command = record_words(record, "command"),
                          .folder = record_text(record, "folder"),
                          .output = record_text(record, "output")};
    if (plan.command.empty())
        return problem{400, "an undo record of a command lacks 'command'"};
    auto const given = record_whole(record, "timeout_ms");
    auto const status =
        run_to_end(plan, given > 0 ? std::chrono::milliseconds(given) : command_limit);
    if (!status)
        return status.error();
    if (*status != 0)
        return problem{500, "'" + command_line(plan.command) + "' ended with status " +
                                std::to_string(*status)};
    return {};
}

}  // namespace

constinit action_kind const command_row{
    .row = {.name = "command",
            .about = "runs a program of yours, and another one to take it back",
            .fields = command_fields,
            .primary = "command",
            .example = "{command: iptables -A INPUT -j DROP, undo: iptables -D INPUT -j DROP}"},
    .aims_at = "",
    .ends = may_end::any,
    .make = make_command};

constinit undo_kind const undo_command{"command", run_recorded_command};

}  // namespace aconite::experiment
