#include "clients/cli/line/grammar.hpp"

#include "clients/cli/line/checks.hpp"
#include "clients/cli/line/experiment_verbs.hpp"
#include "clients/cli/line/numbers.hpp"
#include "clients/cli/line/toxic_help.hpp"

#include <aconite/attribute.hpp>
#include <aconite/toxic_type.hpp>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace aconite::cli {
namespace {

constexpr auto* hidden = "";  // a group that the help does not show

void takes_json(CLI::App& verb, std::string& output, bool is_hidden)
{
    auto* option = verb.add_option("-o,--output", output, "json: print JSON, for scripts");
    option->type_name("FORMAT")->check(CLI::IsMember({"json"}));
    if (is_hidden)
        option->group(hidden);
}

std::string protocol_names()
{
    std::string names;
    for (auto const* each : toxic_registry::builtin().protocols())
        if (each->settings.empty())
            names.append(names.empty() ? "" : ",").append(each->name);
    return names;
}

}  // namespace

grammar::grammar(identity const& self, command& into)
    : self_(self),
      into_(into),
      root_(self.drop_in ? "Simulates network conditions: the client of a running server."
                         : "A fault-injecting TCP proxy, compatible with Toxiproxy.",
            self.program)
{
    root_.require_subcommand(0, 1);
    root_.set_help_flag("--help", "show this help");
    root_.set_version_flag("-v,--version", self.version_line, "print the version");
    root_.add_option("-h,--host", into.host, "the server's address, before the command")
        ->type_name("URL")
        ->envname("TOXIPROXY_URL")
        ->capture_default_str();
    if (!self.drop_in) {
        root_
            .add_option("--server", into.servers,
                        "several, with commas: the command is done on each of them")
            ->type_name("URL")
            ->delimiter(',')
            ->allow_extra_args(false);
        root_.add_flag("--insecure", into.insecure,
                       "take any certificate of a server at https://, as of a test");
        takes_json(root_, into.output, false);
        root_.add_subcommand("serve", "run the server (same as toxiproxy-server)")
            ->add_option("file", into.file, "its configuration, as with -config")
            ->type_name("");
        add_demo_options(
            *root_.add_subcommand("demo", "see it work: server, proxy and fault in a few seconds"),
            demo_);
        for (auto const& each : experiment_verbs)
            root_.add_subcommand(std::string(each.name), std::string(each.about))
                ->add_option("arguments", into.words, "see aconite-experiment --help")
                ->type_name("");
    }
    add_proxy_verbs();
    add_toxic_verbs();
    if (!self.drop_in) {
        add_lease_verbs();
        add_config_verbs();
        add_journal_verbs();
        add_condition_verbs();
    }
    add_own_verbs();
}

CLI::App* grammar::add(CLI::App& parent, verb what, std::string name,
                       std::vector<std::string> aliases, std::string summary)
{
    auto* verb = parent.add_subcommand(std::move(name), std::move(summary));
    for (auto& alias : aliases)
        verb->alias(std::move(alias));
    verb->set_help_flag("-h,--help", "show this help");
    takes_json(*verb, into_.output, self_.drop_in);
    verb->allow_extras(self_.drop_in);  // which the reference ignores
    verbs_[verb] = what;
    return verb;
}

CLI::Option* grammar::takes_proxy(CLI::App& verb)
{
    return verb.add_option("proxy", into_.proxy, "name of the proxy")->type_name("");
}

void grammar::takes_toxic(CLI::App& verb, bool with_values)
{
    takes_proxy(verb);
    verb.add_option("-n,--toxicName", into_.toxic_name, "name of the toxic")->type_name("NAME");
    if (!with_values)
        return;
    verb.add_option("--toxicity,--tox", into_.toxicity,
                    "share of the connections that it acts on, from 0 to 1")
        ->type_name("SHARE");
    verb.add_option("-a,--attribute", into_.attributes,
                    "set an attribute; repeat it, or separate several by commas")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    if (!self_.drop_in)
        takes_aim(verb);
}

void grammar::takes_aim(CLI::App& verb)
{
    verb.add_option("--match", into_.match, "act only on connections that fit, see toxic --help")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    verb.add_option("--trigger", into_.trigger, "when to act on them, see toxic --help")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    verb.add_option("--ttl", into_.ttl, "remove it by itself after that time")
        ->type_name("TIME")
        ->check(time_within({0, time_ms_max}));
    verb.add_option("--schedule", into_.schedule,
                    "changes by itself: [{\"at\": MS, \"add\" or \"remove\": true, or "
                    "\"update\": {...}}, ...]")
        ->type_name("JSON");
}

void grammar::add_proxy_verbs()
{
    add(root_, verb::list, "list", {"l", "li", "ls"}, "list all proxies");
    takes_proxy(*add(root_, verb::inspect, "inspect", {"i", "ins"}, "show a proxy's toxics"));
    auto* create = add(root_, verb::create, "create", {"c", "new"}, "create a proxy");
    create->add_option("-l,--listen", into_.listen, "where the proxy listens; port 0 picks one")
        ->type_name("ADDRESS");
    create->add_option("-u,--upstream", into_.upstream, "where the proxy connects to")
        ->type_name("ADDRESS");
    if (!self_.drop_in) {
        create->add_option("--seed", into_.seed, "key of the random decisions of its toxics")
            ->type_name("NUMBER")
            ->transform(whole_number());
        create->add_flag("--disabled", into_.disabled, "do not listen before it is toggled");
        create
            ->add_option("--protocol", into_.protocol,
                         "what its connections speak, for toxics of that protocol: " +
                             protocol_names() + R"(, or of any: {"frame":"delimiter","text":"\n"})")
            ->type_name("{" + protocol_names() + ",JSON}");
        create
            ->add_option("--broker-ports", into_.broker_ports,
                         "where it listens for each broker that clients are told of; else any port")
            ->type_name("FIRST-LAST");
        create
            ->add_option("--broker-host", into_.broker_host,
                         "the host that clients are told; else where they reached the proxy")
            ->type_name("HOST");
        create->add_option("--label", into_.label, "what toxics can match its connections by")
            ->type_name("TEXT");
    }
    takes_proxy(*create);
    takes_proxy(*add(root_, verb::toggle, "toggle", {"tog"}, "enable or disable a proxy"));
    takes_proxy(*add(root_, verb::remove, "delete", {"d"}, "delete a proxy"));
}

void grammar::add_toxic_verbs()
{
    auto* toxic = root_.add_subcommand("toxic", "add, update or remove a toxic");
    toxic->alias("t");
    toxic->require_subcommand(0, 1);
    toxic->set_help_flag("-h,--help", "show this help");
    auto const help = self_.drop_in ? toxic_help() : toxic_help() + aim_help();
    toxic->footer(help);

    auto* create = add(*toxic, verb::add_toxic, "add", {"a"}, "add a toxic to a proxy");
    create->add_option("-t,--type", into_.toxic_type, "kind of toxic, see below")
        ->type_name("TYPE");
    takes_toxic(*create, true);
    create->add_flag("-u,--upstream", into_.to_upstream, "act on what the client sends");
    create->add_flag("-d,--downstream", into_.to_downstream,
                     "act on what the client receives (default)");
    if (!self_.drop_in) {
        create->add_flag("--both", into_.to_both, "act on both, each by itself");
        create->add_option("--seed", into_.seed, "key of its random decisions")
            ->type_name("NUMBER")
            ->transform(whole_number());
        create->add_option("--lease", into_.lease, "the lease that it ends with, see lease run")
            ->type_name("ID")
            ->envname("ACONITE_LEASE");
    }
    create->footer(help + "\nExample: " + self_.program +
                   " toxic add -t latency -a latency=100 -a jitter=50 redis");

    auto* update = add(*toxic, verb::update_toxic, "update", {"u"}, "change a toxic");
    takes_toxic(*update, true);
    update->footer(std::string(self_.drop_in ? "Without --toxicity it is set to 1."
                                             : "What is not given stays as it is.") +
                   "\nExample: " + self_.program +
                   " toxic update -n latency_downstream -a jitter=25 redis");

    auto* remove =
        add(*toxic, verb::remove_toxic, "remove", {"r", "delete", "d"}, "remove a toxic");
    takes_toxic(*remove, false);
    remove->footer("Example: " + self_.program + " toxic remove -n latency_downstream redis");
}

void grammar::add_lease_verbs()
{
    auto* lease = root_.add_subcommand("lease", "toxics that end with a command");
    lease->require_subcommand(0, 1);
    lease->set_help_flag("-h,--help", "show this help");
    lease_run_ = lease->add_subcommand(
        "run", "run a command: toxics that it adds go when it ends, however that happens");
    lease_run_->set_help_flag("-h,--help", "show this help");
    takes_json(*lease_run_, into_.output, false);
    lease_run_->add_option("--ttl", into_.lease_ttl, "how long they outlive this program")
        ->type_name("TIME")
        ->check(time_within({1, time_ms_max}))
        ->capture_default_str();
    lease_run_->prefix_command();
    lease_run_->footer("It finds the lease in ACONITE_LEASE, which toxic add looks for.\n"
                       "Example: " +
                       self_.program + " lease run -- pytest -x tests");
    verbs_[lease_run_] = verb::lease_run;
}

void grammar::add_config_verbs()
{
    auto* config = root_.add_subcommand("config", "all proxies and their toxics at once");
    config->require_subcommand(0, 1);
    config->set_help_flag("-h,--help", "show this help");
    auto* get = add(*config, verb::config_get, "get", {}, "print what runs as a config file");
    get->add_flag("--yaml", into_.yaml, "YAML instead of JSON");
    auto* apply = add(*config, verb::config_apply, "apply", {},
                      "make a file's proxies all there are; what is equal is not touched");
    auto* check = add(*config, verb::config_check, "check", {}, "check a file without a server");
    for (auto* verb : {apply, check})
        verb->add_option("file", into_.file, "YAML if it is called .yaml or .yml, else JSON")
            ->type_name("");
}

void grammar::add_journal_verbs()
{
    auto* journal = add(root_, verb::journal, "journal", {}, "what happened, record by record");
    journal->add_flag("-f,--follow", into_.follow, "go on as it happens, until interrupted");
    journal->add_option("--since", into_.since, "only behind the record of this number")
        ->type_name("NUMBER")
        ->transform(whole_number());
    journal->add_option("-n,--tail", into_.tail, "only the newest so many, then what follows")
        ->type_name("NUMBER")
        ->transform(whole_number());
    journal->add_option("--proxy", into_.proxy, "only of this proxy")
        ->type_name("NAME")
        ->check(not_empty());
    journal->add_option("--toxic", into_.toxic_name, "only of this toxic")
        ->type_name("NAME")
        ->check(not_empty());
    journal
        ->add_option("--kind", into_.kinds,
                     "only these, with commas: open, dial_failed, close, hit, cut, control, mark")
        ->type_name("KINDS")
        ->check(not_empty());
    journal->footer(
        "Each line: its number, UTC, kind, proxy, toxic, the connection's ordinal in its\n"
        "proxy and its id, and what happened. -o json prints the server's NDJSON.\n"
        "Example: " +
        self_.program + " journal --follow --kind hit,cut,close");
    auto* mark = add(root_, verb::mark, "mark", {}, "write a text into the journal");
    mark->add_option("text", into_.text, "such as the name of a test")->type_name("");
    auto* replay = add(root_, verb::replay, "replay", {},
                       "aim toxics at the connections that they hit in a journal");
    replay->add_option("file", into_.file, "NDJSON, as journal -o json prints it")->type_name("");
    replay->add_flag("--recreate", into_.recreate, "delete and create the proxies before");
    replay->footer(
        "Each toxic that acted is added again with its name, seed and attributes, for the\n"
        "connections, by their ordinals, on which it did. The proxies have to be there, by\n"
        "the same names, and new: a proxy counts its connections from when it was created.\n"
        "Status: 0 all were set, 1 some could not be.\n"
        "Example: " +
        self_.program + " replay --recreate journal.ndjson");
    takes_proxy(*add(root_, verb::stats, "stats", {}, "what the toxics have done, of all proxies"))
        ->check(not_empty());
}

void grammar::add_condition_verbs()
{
    auto const takes_conditions = [this](CLI::App& verb, std::string const& example) {
        verb.add_option("conditions", into_.words,
                        "name of the proxy, or none for all, and conditions")
            ->type_name("");
        verb.add_option("--toxic", into_.toxic_name, "of this toxic alone")
            ->type_name("NAME")
            ->check(not_empty());
        verb.footer(
            "A condition compares hits, bytes, connections, open, dial_errors, not_followed, "
            "bypass\n"
            "or unknown with a number by >= > <= < == or !=, quoted for the shell, or is `ready`:\n"
            "the proxy is enabled or, without a proxy, the server is there. Status: 0 all hold,\n"
            "1 not, 2 wrong use.\n"
            "Example: " +
            self_.program + example);
    };
    auto* wait = add(root_, verb::wait, "wait", {}, "wait until conditions hold");
    takes_conditions(*wait, " wait redis 'connections>=1' --timeout 10s");
    wait->add_option("--timeout", into_.timeout, "how long at most, for the server to come up too")
        ->type_name("TIME")
        ->check(time_within({0, wait_ms_max}))
        ->capture_default_str();
    auto* insist = add(root_, verb::insist, "assert", {}, "tell whether conditions hold now");
    takes_conditions(*insist, " assert redis 'hits>=1' --toxic latency_downstream");
    add(root_, verb::health, "health", {}, "whether the server answers within 2 s");
}

void grammar::add_own_verbs()
{
    auto* reset = add(root_, verb::reset, "reset", {}, "enable every proxy, remove all toxics");
    auto* version = add(root_, verb::version, "version", {}, "versions of this and the server");
    if (self_.drop_in) {
        reset->group(hidden);
        version->group(hidden);
        return;
    }
    add_doctor();
    auto* completion = root_.add_subcommand("completion", "a script by which a shell completes");
    completion->set_help_flag("-h,--help", "show this help");
    takes_json(*completion, into_.output, false);
    completion->add_option("shell", into_.shell, "which shell")
        ->type_name("")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    completion->footer("Example, for this bash alone: . <(" + self_.program + " completion bash)");
    verbs_[completion] = verb::completion;
}

void grammar::add_doctor()
{
    auto* doctor = add(root_, verb::doctor, "doctor", {}, "what is wrong here, and what to do");
    doctor->add_option("proxies", into_.words, "only these proxies")->type_name("");
    doctor->footer(
        "Looks at limits and rights on this machine, at the server and, for each proxy, at its\n"
        "port and whether its upstream can be reached from here. Changes nothing. Status: 0\n"
        "without problems, 1 with. Example: " +
        self_.program + " doctor redis");
}

verb const* grammar::parsed() const
{
    auto const* leaf = &root_;
    while (!leaf->get_subcommands().empty())
        leaf = leaf->get_subcommands().front();
    auto const found = verbs_.find(leaf);
    return found == verbs_.end() ? nullptr : &found->second;
}

std::vector<std::string> grammar::program() const
{
    return lease_run_ == nullptr ? std::vector<std::string>() : lease_run_->remaining();
}

}  // namespace aconite::cli
