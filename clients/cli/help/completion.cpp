#include "clients/cli/help/completion.hpp"

#include "api/daemon/go_flags.hpp"
#include "clients/cli/help/completion_values.hpp"
#include "clients/cli/line/experiment_verbs.hpp"
#include "clients/cli/line/flags.hpp"
#include "clients/cli/line/grammar.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace aconite::cli {
namespace {

constexpr int status_files = 3;

/// Where the last word stands, after all before it have been read.
struct place {
    CLI::App* scope = nullptr;
    /// The option whose value it is, or null.
    CLI::Option const* option = nullptr;
    std::size_t positionals = 0;
    bool foreign = false;  ///< it belongs to a command that is run
    typed_values typed;
};

place find_place(CLI::App& root, std::vector<std::string> const& words)
{
    place at{.scope = &root};
    for (std::size_t i = 1; i + 1 < words.size(); ++i) {
        auto const& word = words[i];
        if (at.option != nullptr) {
            at.typed.options[std::exchange(at.option, nullptr)->get_single_name()] = word;
            continue;
        }
        if (word.size() > 1 && word.front() == '-') {
            auto const flag = split(word);
            auto const* option = at.scope->get_option_no_throw(flag.name);
            if (option == nullptr || option->get_items_expected_max() == 0)
                continue;
            if (flag.has_value)
                at.typed.options[option->get_single_name()] = flag.value;
            else
                at.option = option;
        } else if (auto* verb = find_verb(*at.scope, word)) {
            at.scope = verb;
        } else if (at.positionals++ == 0) {
            at.typed.first = word;
        }
        at.foreign = at.scope->get_prefix_command() && at.positionals > 0;
    }
    return at;
}

void add_options(CLI::App& scope, candidates& to)
{
    for (auto const* option : scope.get_options()) {
        if (option->get_group().empty() || option->get_positional())
            continue;
        auto const& longs = option->get_lnames();
        for (auto const& name : longs)
            to.all.push_back({"--" + name, option->get_description()});
        if (longs.empty())
            to.all.push_back({"-" + option->get_snames().front(), option->get_description()});
    }
}

void add_verbs(CLI::App& scope, candidates& to)
{
    for (auto const* verb : verbs_of(scope))
        if (!verb->get_group().empty())
            to.all.push_back({verb->get_name(), verb->get_description()});
}

/// The option that takes the positional argument of that number; the last one may take many.
CLI::Option const* positional(CLI::App& scope, std::size_t number)
{
    CLI::Option const* found = nullptr;
    std::size_t seen = 0;
    for (auto const* option : scope.get_options())
        if (option->get_positional() && (seen++ == number || option->get_items_expected_max() > 1))
            found = option;
    return found;
}

candidates candidates_at(place const& at, std::string const& current)
{
    candidates found;
    if (at.foreign || is_experiment_verb(at.scope->get_name())) {
        found.files = true;
    } else if (at.scope->get_name() == "serve") {
        for (auto const& flag : daemon::flag_helps())
            found.all.push_back({"-" + std::string(flag.name), std::string(flag.summary)});
        found.files = !current.starts_with('-');
    } else if (at.option != nullptr) {
        found = values_of(*at.option, at.typed, current);
    } else if (current.starts_with('-')) {
        auto const equals = current.find('=');
        auto const* option = at.scope->get_option_no_throw(split(current).name);
        if (equals == std::string::npos || option == nullptr) {
            add_options(*at.scope, found);
            return found;
        }
        found = values_of(*option, at.typed, current.substr(equals + 1));
        for (auto& one : found.all)
            one.text.insert(0, current, 0, equals + 1);
    } else if (!verbs_of(*at.scope).empty()) {
        add_verbs(*at.scope, found);
    } else if (auto const* option = positional(*at.scope, at.positionals)) {
        found = values_of(*option, at.typed, current);
    }
    return found;
}

}  // namespace

candidates complete(std::vector<std::string> const& words)
{
    if (words.size() < 2)
        return {};
    auto const self = identity_of(words.front());
    command unused;
    grammar verbs(self, unused);
    auto const& current = words.back();
    auto found = candidates_at(find_place(verbs.root(), words), current);
    std::erase_if(found.all,
                  [&current](candidate const& one) { return !one.text.starts_with(current); });
    return found;
}

int print_candidates(std::vector<std::string> const& words)
{
    auto const found = complete(words);
    for (auto const& one : found.all)
        if (printable(one.text) == one.text)  // else it cannot be typed
            fmt::print("{}\t{}\n", one.text, printable(one.meaning));
    return found.files ? status_files : 0;
}

}  // namespace aconite::cli
