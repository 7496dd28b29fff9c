// command: what a program prints, or how it ends.

#include "clients/experiment/probes/child.hpp"
#include "clients/experiment/probes/faults.hpp"
#include "clients/experiment/probes/kinds.hpp"
#include "proxy/net/number.hpp"
#include "proxy/net/split.hpp"

#include <algorithm>

namespace aconite::experiment {
namespace {

constexpr std::size_t lines_max = 100'000;
constexpr std::size_t shown_errors = 300;
constexpr std::string_view command_of[] = {"output", "status", "lines"};
constexpr field command_fields[] = {
    {.name = "command",
     .type = field_type::command,
     .about = "runs in the file's folder; it and all it started are killed when the time is over",
     .required = true},
    {.name = "of",
     .type = field_type::choice,
     .about = "output (default): the last line that is not empty; status: of its exit; lines: all "
              "that are not empty, as ids",
     .choices = command_of},
};

std::string_view without_blanks(std::string_view text)
{
    constexpr std::string_view blank = " \t\r\n\v\f";
    auto const from = std::min(text.find_first_not_of(blank), text.size());
    return text.substr(from, text.find_last_not_of(blank) + 1 - from);
}

class command_look final : public probe {
public:
    command_look(child_command what, std::string of)
        : what_(std::move(what)), of_(std::move(of)), who_(name_of(what_))
    {}

    result<value> look(std::chrono::milliseconds limit) override
    {
        deadline const until(limit);
        auto const end = run_child(what_, until);
        if (!end)
            return end.error();
        if (end->too_long)
            return wrong(who_, fmt::format("printed over {} MiB", child_output_max >> 20));
        if (!end->status)
            return absent(who_, "did not end within " + to_text(nanoseconds(limit)));
        if (of_ == "status")
            return value(static_cast<double>(*end->status));
        if (*end->status != 0)
            return failed(*end);
        return of_ == "lines" ? lines(end->output) : last_line(end->output);
    }

private:
    static std::string name_of(child_command const& what)
    {
        bool const shell = what.words.size() == 3 && what.words[0] == "sh" && what.words[1] == "-c";
        auto const& name = shell                ? what.words[2]
                           : what.words.empty() ? std::string()
                                                : what.words[0];
        return "'" + name.substr(0, 60) + (name.size() > 60 ? "...'" : "'");
    }

    [[nodiscard]] problem failed(child_end const& end) const
    {
        auto errors = without_blanks(end.errors);
        if (errors.size() > shown_errors)
            errors.remove_prefix(errors.size() - shown_errors);
        return wrong(who_, fmt::format("ended with status {}{}{}", *end.status,
                                       errors.empty() ? "" : ": ", errors));
    }

    [[nodiscard]] result<value> last_line(std::string_view output) const
    {
        auto line = without_blanks(output);
        if (line.empty())
            return wrong(who_, "printed nothing");
        line = without_blanks(line.substr(line.find_last_of('\n') + 1));
        if (auto const number = number_in<double>(line))
            return value(*number);
        return value(std::string(line));
    }

    [[nodiscard]] result<value> lines(std::string_view output) const
    {
        id_list all;
        while (!output.empty()) {
            auto const line = without_blanks(take_part(output, '\n'));
            if (!line.empty())
                all.emplace_back(line);
            if (all.size() > lines_max)
                return wrong(who_, fmt::format("printed over {} lines", lines_max));
        }
        return value(std::move(all));
    }

    child_command what_;
    std::string of_;
    std::string who_;
};

result<std::unique_ptr<probe>> make_command(settings const& how, surroundings const& where)
{
    child_command what{how.words("command"), where.folder};
    if (what.words.empty() || what.words[0].empty())
        return wrong("command", "is empty");
    return std::make_unique<command_look>(std::move(what), how.text("of", "output"));
}

}  // namespace

probe_kind command_probe()
{
    return {{.name = "command",
             .about = "what a program prints, or how it ends",
             .fields = command_fields,
             .primary = "command",
             .example = R"({command: "wc -l < out.txt"})"},
            make_command};
}

}  // namespace aconite::experiment
