#include "clients/cli/help/manual.hpp"

#include "api/daemon/go_flags.hpp"
#include "clients/cli/line/flags.hpp"
#include "clients/cli/line/grammar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace aconite::cli {
namespace {

/// `text` as troff prints it: nothing in it is a command, and a dash is one that can be typed.
std::string plain(std::string_view text)
{
    std::string out;
    bool at_start = true;
    for (char const c : text) {
        if (at_start && (c == '.' || c == '\''))
            out += "\\&";
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
        at_start = c == '\n';
    }
    return out;
}

/// A term and what it means.
std::string entry(std::string const& term, std::string_view meaning)
{
    return fmt::format(".TP\n.B {}\n{}\n", plain(term), plain(meaning));
}

/// Lines that stay as they are.
std::string verbatim(std::string_view text)
{
    return fmt::format(".PP\n.nf\n{}\n.fi\n", plain(text));
}

std::string term_of(CLI::Option const& option)
{
    std::vector<std::string> names;
    for (auto const& name : option.get_snames())
        names.push_back("-" + name);
    for (auto const& name : option.get_lnames())
        names.push_back("--" + name);
    auto term = fmt::format("{}", fmt::join(names, ", "));
    if (option.get_items_expected_max() > 0)
        term += " " + option.get_type_name();
    return term.substr(0, term.find(":{"));  // behind it stands what is checked
}

std::string options_of(CLI::App const& app)
{
    std::string out;
    for (auto const* option : app.get_options()) {
        if (option->get_positional() ||
            (app.get_parent() != nullptr && option == app.get_help_ptr()))
            continue;
        auto meaning = option->get_description();
        if (!option->get_default_str().empty())
            meaning += fmt::format(" (default {})", option->get_default_str());
        if (!option->get_envname().empty())
            meaning += fmt::format(" (environment {})", option->get_envname());
        out += entry(term_of(*option), meaning);
    }
    return out;
}

std::string title_of(CLI::App const& verb, std::string const& before)
{
    auto names = verb.get_aliases();
    names.insert(names.begin(), verb.get_name());
    auto title = fmt::format("{}{}", before, fmt::join(names, ", "));
    for (auto const* option : verb.get_options())
        if (option->get_positional())
            title += fmt::format(" [{}]", option->get_single_name());
    return title;
}

/// The verbs below `app`, each with its own.
std::string verbs_below(CLI::App& app, std::string const& before)
{
    std::string out;
    for (auto* verb : verbs_of(app)) {
        out += fmt::format(".SS \"{}\"\n{}\n", plain(title_of(*verb, before)),
                           plain(verb->get_description()));
        if (verb->get_name() == "serve")
            for (auto const& flag : daemon::flag_helps())
                out += entry(fmt::format("-{} {}", flag.name, flag.value), flag.summary);
        out += options_of(*verb);
        auto footer = verb->get_footer();
        if (auto const above = app.get_footer(); !above.empty() && footer.starts_with(above))
            footer.erase(0, above.size());
        while (footer.ends_with('\n'))
            footer.pop_back();
        if (!footer.empty())
            out += verbatim(footer);
        out += verbs_below(*verb, verb->get_name() + " ");
    }
    return out;
}

}  // namespace

std::string manual_page()
{
    auto const self = identity_of("aconite");
    command unused;
    grammar verbs(self, unused);
    auto& root = verbs.root();

    auto page = fmt::format(".TH ACONITE 1 \"\" \"aconite {}\" \"User Commands\"\n", own_version);
    page += ".SH NAME\naconite, toxiproxy\\-server, toxiproxy\\-cli \\- "
            "TCP proxy that breaks the network on purpose\n"
            ".SH SYNOPSIS\n.B aconite serve\n.RI [ flags ]\n.br\n"
            ".B aconite\n.RI [ options ]\n.I command\n.RI [ arguments ]\n.br\n"
            ".B toxiproxy\\-server\n.RI [ flags ]\n.br\n"
            ".B toxiproxy\\-cli\n.RI [ options ]\n.I command\n.RI [ arguments ]\n"
            ".SH DESCRIPTION\n";
    page += plain(root.get_description()) + "\n";
    page += plain("A server has proxies, each between clients and an upstream, and toxics on "
                  "them, which delay, limit, damage or cut what goes through. Both are changed "
                  "while it runs, over its REST API, which the commands here speak.\n");
    page += ".PP\nCalled as\n.B toxiproxy\\-server\nthe program is\n.BR \"aconite serve\" ;\n"
            "called as\n.B toxiproxy\\-cli\nit has the commands, options and output of "
            "Toxiproxy's own.\n.SH OPTIONS\n";
    page += options_of(root);
    page += ".SH COMMANDS\nOptions may stand before or after the other arguments of a command.\n";
    page += verbs_below(root, "");
    page += ".SH EXIT STATUS\n";
    page += entry("0", "It is done; all conditions hold; there is no problem.");
    page += entry("1", "It failed, or a condition does not hold; standard error says why. With "
                       "several servers the worst status.");
    page += entry("2", "What was typed makes no sense.");
    page += ".SH FILES\n";
    page += entry("/etc/aconite/proxies.yaml", "The proxies of the service aconite.service.");
    return page;
}

}  // namespace aconite::cli
