#include "clients/cli/verbs/verbs.hpp"
#include "tests/unit/clients/command_line_fixture.hpp"

#include <aconite/aim.hpp>
#include <aconite/toxic_type.hpp>

namespace aconite::cli {
namespace {

TEST_F(command_line, knows_every_alias_of_every_verb)
{
    std::vector<std::pair<arguments, verb>> const spellings{
        {{"list", "l", "li", "ls"}, verb::list}, {{"inspect", "i", "ins"}, verb::inspect},
        {{"create", "c", "new"}, verb::create},  {{"toggle", "tog"}, verb::toggle},
        {{"delete", "d"}, verb::remove},
    };
    for (auto const& [names, what] : spellings)
        for (auto const& name : names)
            EXPECT_EQ(read({name}).what, what) << name;
    std::vector<std::pair<arguments, verb>> const toxic_spellings{
        {{"add", "a"}, verb::add_toxic},
        {{"update", "u"}, verb::update_toxic},
        {{"remove", "r", "delete", "d"}, verb::remove_toxic},
    };
    for (auto const& [names, what] : toxic_spellings)
        for (auto const& name : names)
            for (auto const* toxic : {"toxic", "t"})
                EXPECT_EQ(read({toxic, name}).what, what) << name;
}

TEST_F(command_line, takes_flags_in_every_spelling_and_place)
{
    for (auto const& typed : std::vector<arguments>{
             {"create", "-l", "a:1", "-u", "b:2", "redis"},
             {"create", "redis", "--listen", "a:1", "--upstream", "b:2"},
             {"create", "-listen=a:1", "redis", "-upstream=b:2"},
             {"c", "--listen=a:1", "-u=b:2", "redis"},
         }) {
        auto const asked = read(typed);
        EXPECT_EQ(asked.proxy, "redis");
        EXPECT_EQ(asked.listen, "a:1");
        EXPECT_EQ(asked.upstream, "b:2");
    }
}

TEST_F(command_line, reads_all_of_toxic_add)
{
    auto const asked = read({"t", "a", "-t", "latency", "-n", "-x", "-u", "-tox", "0.5", "-a",
                             "latency=1", "-a", "jitter=-2", "redis", "--downstream=false"});
    EXPECT_EQ(asked.toxic_type, "latency");
    EXPECT_EQ(asked.toxic_name, "-x");
    EXPECT_EQ(asked.toxicity, "0.5");
    EXPECT_EQ(asked.attributes, (arguments{"latency=1", "jitter=-2"}));
    EXPECT_TRUE(asked.to_upstream);
    EXPECT_FALSE(asked.to_downstream);
    EXPECT_EQ(asked.proxy, "redis");
}

TEST_F(command_line, reads_what_aims_a_toxic_under_our_own_name_only)
{
    arguments const typed{"--match",    "client=10.0.0.0/8,::1",
                          "--match",    "every=2",
                          "--trigger",  "after_hits=10,times=1",
                          "--ttl",      "5000",
                          "--schedule", "[]"};
    arguments const only_new{"--seed", "42", "--lease", "abc"};
    for (auto const* verb : {"add", "update"}) {
        arguments all{"toxic", verb, "p"};
        all.insert(all.end(), typed.begin(), typed.end());
        auto const asked = read(all);
        EXPECT_EQ(asked.match, (arguments{"client=10.0.0.0/8,::1", "every=2"}));
        EXPECT_EQ(asked.trigger, arguments{"after_hits=10,times=1"});
        EXPECT_EQ(asked.ttl, "5000");
        EXPECT_EQ(asked.schedule, "[]");
        EXPECT_EQ(end_of(all, drop_in).err,
                  "toxiproxy-cli: unknown flag: --match; see toxiproxy-cli --help\n");
    }
    arguments all{"toxic", "add", "p"};
    all.insert(all.end(), only_new.begin(), only_new.end());
    EXPECT_EQ(read(all).seed, "42");
    EXPECT_EQ(read(all).lease, "abc");
    all[1] = "update";
    EXPECT_EQ(end_of(all).status, 2);
    auto const made = read({"create", "p", "--seed", "7", "--label", "checkout"});
    EXPECT_EQ(made.seed, "7");
    EXPECT_EQ(made.label, "checkout");
    EXPECT_EQ(end_of({"create", "p", "--label", "x"}, drop_in).status, 1);
}

TEST_F(command_line, finds_the_lease_of_a_new_toxic_in_the_environment)
{
    EXPECT_EQ(read({"toxic", "add", "p"}).lease, "");
    setenv("ACONITE_LEASE", "abc", 1);
    EXPECT_EQ(read({"toxic", "add", "p"}).lease, "abc");
    EXPECT_EQ(read({"toxic", "add", "p", "--lease", "other"}).lease, "other");
    EXPECT_EQ(read({"toxic", "add", "p", "--lease="}).lease, "");
    EXPECT_EQ(read({"toxic", "add", "p"}, drop_in).lease, "");
}

TEST_F(command_line, takes_the_command_of_a_lease_as_it_stands)
{
    std::vector<std::pair<arguments, arguments>> const cases{
        {{"--", "sh", "-c", "a b"}, {"sh", "-c", "a b"}},
        {{"sh", "-c", "a b"}, {"sh", "-c", "a b"}},
        {{"--", "[", "[a,b]", "]"}, {"[", "[a,b]", "]"}},
        {{"list", "--", "--ttl", "1"}, {"list", "--", "--ttl", "1"}},
        {{"--"}, {}},
        {{}, {}},
    };
    for (auto const& [typed, program] : cases) {
        arguments all{"lease", "run", "-ttl", "300"};
        all.insert(all.end(), typed.begin(), typed.end());
        auto const asked = read(all);
        EXPECT_EQ(asked.what, verb::lease_run);
        EXPECT_EQ(asked.program, program);
        EXPECT_EQ(asked.lease_ttl, "300");
    }
    EXPECT_EQ(read({"lease", "run", "true"}).lease_ttl, "10s");
    EXPECT_EQ(read({"lease", "run", "--ttl", "2m", "true"}).lease_ttl, "2m");
    EXPECT_EQ(end_of({"lease", "run", "--ttl", "x", "true"}).status, 2);
    EXPECT_EQ(end_of({"lease", "run", "true"}, drop_in).status, 1);
}

TEST_F(command_line, reads_what_is_to_be_done_with_a_configuration)
{
    EXPECT_EQ(read({"config", "get"}).what, verb::config_get);
    EXPECT_FALSE(read({"config", "get"}).yaml);
    EXPECT_TRUE(read({"config", "get", "-yaml"}).yaml);
    EXPECT_EQ(read({"config", "apply", "a.json"}).what, verb::config_apply);
    EXPECT_EQ(read({"config", "check", "a.json"}).what, verb::config_check);
    EXPECT_EQ(read({"config", "check", "a.json"}).file, "a.json");
    EXPECT_EQ(end_of({"config", "get"}, drop_in).status, 1);
}

TEST_F(command_line, reads_what_is_wanted_of_the_journal)
{
    auto const asked = read({"journal", "--follow", "--since", "7", "--proxy", "db", "--toxic", "t",
                             "--kind", "hit,cut", "-o", "json"});
    EXPECT_EQ(asked.what, verb::journal);
    EXPECT_TRUE(asked.follow);
    EXPECT_EQ(asked.since, "7");
    EXPECT_EQ(asked.proxy, "db");
    EXPECT_EQ(asked.toxic_name, "t");
    EXPECT_EQ(asked.kinds, "hit,cut");
    EXPECT_EQ(asked.output, "json");
    auto const replay = read({"replay", "--recreate", "file.ndjson"});
    EXPECT_EQ(replay.file, "file.ndjson");
    EXPECT_TRUE(replay.recreate);
    EXPECT_EQ(read({"mark", "begin of test"}).text, "begin of test");
    EXPECT_EQ(end_of({"mark", "a", "b"}).status, 2);
    EXPECT_EQ(read({"stats"}).proxy, "");
    EXPECT_EQ(read({"stats", "db"}).proxy, "db");
}

TEST_F(command_line, reads_conditions)
{
    arguments const words{"db", "connections>=1", "ready"};
    auto const asked =
        read({"wait", words[0], words[1], "--toxic", "t", "--timeout", "2m", words[2]});
    EXPECT_EQ(asked.what, verb::wait);
    EXPECT_EQ(asked.words, words);
    EXPECT_EQ(asked.toxic_name, "t");
    EXPECT_EQ(asked.timeout, "2m");
    EXPECT_EQ(read({"wait", "ready"}).timeout, "10s");
    EXPECT_EQ(read({"assert", words[0], words[1], words[2]}).words, words);
    EXPECT_EQ(end_of({"assert", "ready", "--timeout", "1s"}).status, 2);
}

TEST_F(command_line, takes_the_format_before_the_verb_too)
{
    EXPECT_EQ(read({"-o", "json", "list"}).output, "json");
    EXPECT_EQ(read({"--output=json", "toxic", "add", "p"}).output, "json");
    EXPECT_EQ(read({"-o", "json", "list", "-o", "json"}).output, "json");
    EXPECT_EQ(read({"list"}).output, "");
    EXPECT_EQ(end_of({"-o", "xml", "list"}).status, 2);
    EXPECT_EQ(end_of({"-o", "json", "list"}, drop_in).status, 1);
}

TEST_F(command_line, knows_more_of_a_new_proxy_under_our_own_name_only)
{
    EXPECT_TRUE(read({"create", "p", "--disabled"}).disabled);
    EXPECT_FALSE(read({"create", "p"}).disabled);
    EXPECT_EQ(end_of({"create", "p", "--disabled"}, drop_in).status, 1);
    EXPECT_TRUE(read({"--insecure", "list"}).insecure);
    EXPECT_EQ(end_of({"--insecure", "list"}, drop_in).status, 1);
}

TEST_F(command_line, knows_what_it_observes_with_under_our_own_name_only)
{
    for (auto const* verb : {"journal", "mark", "stats", "wait", "assert", "health", "replay"})
        EXPECT_EQ(end_of({verb}, drop_in).err,
                  "toxiproxy-cli: unknown command: " + std::string(verb) +
                      "; see toxiproxy-cli --help\n");
}

TEST_F(command_line, does_not_take_a_proxy_for_a_verb)
{
    EXPECT_EQ(read({"inspect", "list"}).proxy, "list");
    EXPECT_EQ(read({"delete", "d"}).proxy, "d");
    EXPECT_EQ(read({"toxic", "remove", "-n", "x", "help"}).proxy, "help");
}

TEST_F(command_line, finds_the_host_before_the_verb_or_in_the_environment)
{
    EXPECT_EQ(read({"list"}).host, "http://localhost:8474");
    EXPECT_EQ(read({"-h", "x:1", "list"}).host, "x:1");
    EXPECT_EQ(read({"--host=x:1", "list"}).host, "x:1");
    setenv("TOXIPROXY_URL", "y:2", 1);
    EXPECT_EQ(read({"list"}).host, "y:2");
    EXPECT_EQ(read({"-host", "x:1", "list"}).host, "x:1");
}

TEST_F(command_line, shows_help_and_versions_with_status_0)
{
    for (auto const& typed : std::vector<arguments>{
             {},
             {"--help"},
             {"help"},
             {"-h"},
             {"toxic"},
             {"list", "-h"},
             {"help", "toxic", "add"},
         }) {
        auto const end = end_of(typed);
        EXPECT_EQ(end.status, 0);
        EXPECT_EQ(end.err, "");
        EXPECT_NE(end.out.find("Usage: aconite"), std::string::npos) << end.out;
    }
    EXPECT_EQ(end_of({"--version"}, drop_in).out, "toxiproxy-cli version 2.12.0\n");
    EXPECT_TRUE(end_of({"-v"}).out.starts_with("aconite "));
}

TEST_F(command_line, documents_our_own_verbs_only_under_our_own_name)
{
    for (auto const* verb : {"serve", "demo", "lease", "config", "journal", "mark", "stats", "wait",
                             "assert", "health", "reset", "version "}) {
        EXPECT_NE(end_of({"--help"}).out.find("\n  " + std::string(verb)), std::string::npos);
        EXPECT_EQ(end_of({"--help"}, drop_in).out.find("\n  " + std::string(verb)),
                  std::string::npos);
    }
}

TEST_F(command_line, lists_every_toxic_and_attribute_with_its_unit)
{
    auto const help = end_of({"toxic", "add", "--help"}).out;
    auto const registry = toxic_registry::builtin();
    ASSERT_FALSE(registry.all().empty());
    EXPECT_EQ(help.find(": , "), std::string::npos);  // a name that is empty
    EXPECT_EQ(help.find("(default )"), std::string::npos);
    for (auto const* type : registry.all()) {
        EXPECT_NE(help.find("\n  " + std::string(type->name) + " "), std::string::npos);
        for (auto const& row : type->attributes) {
            auto const member = row.kind == attribute_kind::numbers ? ".<name>=<" : "=<";
            auto const unit = row.unit.empty() ? "" : std::string(row.unit) + ">";
            auto const usage = "    " + std::string(row.name) + member + unit;
            EXPECT_NE(help.find(usage), std::string::npos) << usage;
        }
    }
    for (auto const* line :
         {" how the connection is closed: fin, rst (default fin)\n", " burst=<segments> ",
          " correlation=<0 to 1> ", " size of a segment (default 1448)\n",
          " gemodel.<name>=<0 to 1> ", " shared=<true or false> ", " table.<name>=<ms> "})
        EXPECT_NE(help.find(line), std::string::npos) << line << help;
}

TEST_F(command_line, lists_what_aims_a_toxic_under_our_own_name_only)
{
    auto const help = end_of({"toxic", "--help"}).out;
    for (auto const rows : {match_row(), trigger_row()})
        for (auto const& row : rows) {
            EXPECT_NE(help.find("\n    " + std::string(row.name) + "=<"), std::string::npos);
            auto const shown = row.name == "every"     ? " (default 1)\n"
                               : row.name == "ordinal" ? " (default -1)\n"
                                                       : "";
            EXPECT_NE(help.find("  " + std::string(row.summary) + shown), std::string::npos);
        }
    EXPECT_NE(help.find("client=<text> "), std::string::npos) << help;
    EXPECT_EQ(end_of({"toxic", "--help"}, drop_in).out.find("after_hits"), std::string::npos);
}

TEST_F(command_line, is_that_of_the_name_that_was_called)
{
    EXPECT_TRUE(drop_in.drop_in);
    EXPECT_TRUE(drop_in.user_agent.starts_with("toxiproxy-cli/2.12.0 (linux/"));
    EXPECT_FALSE(own.drop_in);
    EXPECT_TRUE(own.user_agent.starts_with("aconite/"));
    for (auto const* platform :
         {"", "-linux-amd64", "-linux-arm64", "-linux-armv6", "-darwin-x86_64"}) {
        auto const name = "/opt/toxiproxy-cli" + std::string(platform);
        EXPECT_TRUE(identity_of(name).drop_in) << name;
        EXPECT_EQ(identity_of(name).version_line, drop_in.version_line);
        EXPECT_TRUE(is_called("toxiproxy-server" + std::string(platform), "toxiproxy-server"));
    }
    for (auto const* name :
         {"toxiproxy-cli2", "toxiproxy-cli-", "toxiproxy-cli-linux", "toxiproxy-cli--x",
          "toxiproxy-cli-linux-", "toxiproxy-cli-a-b-c", "toxiproxy", "aconite"})
        EXPECT_FALSE(identity_of(name).drop_in) << name;
}

}  // namespace
}  // namespace aconite::cli
