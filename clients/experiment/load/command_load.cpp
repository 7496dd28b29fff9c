#include "clients/experiment/load/command_group.hpp"
#include "clients/experiment/load/generator_options.hpp"
#include "clients/experiment/load/kinds.hpp"
#include "proxy/net/split.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace aconite::experiment {
namespace {

constexpr field command_fields[] = {
    {.name = "command",
     .type = field_type::command,
     .about = "a list of words, or a text for the shell, as k6, wrk or a program of one's own; it "
              "runs in the file's folder and is ended with the last phase",
     .required = true},
    {.name = "env",
     .type = field_type::object,
     .about = "its environment, beside ours. ACONITE_EXPERIMENT_OUTPUT, _FOLDER and _SEED are in "
              "it too"},
};

/// Without what colours a terminal: `ESC [ 1 ; 31 m`.
std::string without_colours(std::string_view text)
{
    std::string plain;
    while (!text.empty()) {
        if (text.starts_with("\x1b[")) {
            auto const end = text.find_first_not_of("0123456789;?", 2);
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
            continue;
        }
        plain += text.front();
        text.remove_prefix(1);
    }
    return plain;
}

/// Lines that disturb no terminal. A line that is drawn over and over is there as it was last.
std::string as_lines(std::string_view output)
{
    auto const plain = without_colours(output);
    std::string_view rest = plain;
    std::string lines;
    while (!rest.empty()) {
        auto line = take_part(rest, '\n');
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (auto const redrawn = line.rfind('\r'); redrawn != std::string_view::npos)
            line.remove_prefix(redrawn + 1);
        lines += printable(line);
        lines += '\n';
    }
    return lines;
}

class command_load final : public load {
public:
    explicit command_load(command_line what) : what_(std::move(what)) {}

    result<void> start() override
    {
        auto started = command_group::spawn(what_);
        if (!started)
            return started.error();
        group_ = std::move(*started);
        return {};
    }

    [[nodiscard]] bool running() const override { return group_ && group_->running(); }

    load_end stop(std::chrono::milliseconds grace) override
    {
        if (!group_)
            return {};
        auto const end = group_->stop(grace);
        group_.reset();
        load_end told{end.status, as_lines(end.output), {}};
        if (end.stopped)
            return told;
        if (end.signal != 0)
            told.fault =
                fmt::format("it was ended by signal {} ({})", end.signal, ::strsignal(end.signal));
        else if (end.status == 126 || end.status == 127)
            told.fault = "the shell could not run it";
        return told;
    }

private:
    command_line what_;
    std::unique_ptr<command_group> group_;
};

result<std::unique_ptr<load>> make_command_load(settings const& how, surroundings const& where,
                                                recorder&)
{
    command_line what{how.words("command"), where.folder};
    if (what.words.empty() || what.words.front().empty())
        return bad_field("command", "must have at least one word");
    for (auto const& each : what.words)
        if (each.find('\0') != std::string::npos)
            return bad_field("command", "must not have a zero byte in it");
    what.environment = {{"ACONITE_EXPERIMENT_OUTPUT", where.output.string()},
                        {"ACONITE_EXPERIMENT_FOLDER", where.folder.string()},
                        {"ACONITE_EXPERIMENT_SEED", std::to_string(where.seed)},
                        {"NO_COLOR", "1"}};
    if (auto const* more = how.any("env"); more != nullptr) {
        if (!more->is_object())
            return bad_field("env", "must be a mapping of names to texts");
        for (auto const& [name, value] : more->items()) {
            if (name.empty() || name.find_first_of(std::string_view("=\0", 2)) != std::string::npos)
                return bad_field("env",
                                 fmt::format("'{}' is no name of a variable", printable(name)));
            what.environment[name] = value.is_string() ? value.get<std::string>() : value.dump();
        }
    }
    return std::make_unique<command_load>(std::move(what));
}

}  // namespace

load_kind const& command_load_kind()
{
    static load_kind const kind{
        {.name = "command",
         .about = "A load generator of one's own, as k6 or wrk; its requests are not counted",
         .fields = command_fields,
         .primary = "command",
         .example = R"({command: "k6 run orders.js"})"},
        &make_command_load};
    return kind;
}

}  // namespace aconite::experiment
