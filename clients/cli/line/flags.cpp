#include "clients/cli/line/flags.hpp"

namespace aconite::cli {
namespace {

bool has_verbs(CLI::App& app)
{
    return !verbs_of(app).empty();
}

/// The spelling of an option that cannot be taken for anything else.
std::string plain_name(CLI::Option const& option)
{
    return option.get_lnames().empty() ? "-" + option.get_snames().front()
                                       : "--" + option.get_lnames().front();
}

}  // namespace

std::vector<CLI::App*> verbs_of(CLI::App& app)
{
    return app.get_subcommands([](CLI::App*) { return true; });
}

CLI::App* find_verb(CLI::App& app, std::string const& name)
{
    for (auto* verb : verbs_of(app))
        if (verb->check_name(name))
            return verb;
    return nullptr;
}

split_flag split(std::string const& argument)
{
    auto const dashes = argument.starts_with("--") ? 2u : 1u;
    auto const equals = argument.find('=');
    split_flag flag;
    flag.name = argument.substr(dashes, equals == std::string::npos ? equals : equals - dashes);
    flag.name.insert(0, flag.name.size() == 1 ? "-" : "--");
    flag.has_value = equals != std::string::npos;
    if (flag.has_value)
        flag.value = argument.substr(equals + 1);
    return flag;
}

std::vector<std::string> from_go_syntax(CLI::App& app, std::vector<std::string> const& arguments)
{
    std::vector<std::string> out;
    auto* scope = &app;
    auto wants_help = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        auto const& argument = arguments[i];
        auto const runs_command = scope->get_prefix_command();
        if (argument == "--" || (runs_command && !argument.starts_with('-'))) {
            if (runs_command && argument == "--")
                ++i;
            out.insert(out.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i),
                       arguments.end());
            break;
        }
        if (argument.size() > 1 && argument.front() == '-') {
            auto flag = split(argument);
            auto const* option = scope->get_option_no_throw(flag.name);
            if (option == nullptr)
                throw usage_error("unknown flag: " + argument);
            if (option->get_items_expected_max() == 0) {  // a switch
                out.push_back(plain_name(*option) + (flag.has_value ? "=" + flag.value : ""));
                continue;
            }
            if (!flag.has_value) {
                if (++i == arguments.size())
                    throw usage_error("flag needs an argument: " + argument);
                flag.value = arguments[i];
            }
            out.push_back(plain_name(*option));
            out.push_back(std::move(flag.value));
        } else if (auto* verb = find_verb(*scope, argument)) {
            scope = verb;
            out.push_back(verb->get_name());
        } else if (has_verbs(*scope) && (argument == "help" || argument == "h")) {
            wants_help = true;
        } else if (has_verbs(*scope)) {
            throw usage_error("unknown command: " + argument);
        } else {
            out.push_back(argument);
        }
    }
    if (wants_help)
        out.push_back("--help");
    return out;
}

}  // namespace aconite::cli
