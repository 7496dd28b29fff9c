// What is told when what was typed is wrong.
#include "clients/cli/verbs/verbs.hpp"
#include "tests/unit/clients/command_line_fixture.hpp"

namespace aconite::cli {
namespace {

using command_line_refusals = command_line;

TEST_F(command_line_refusals, refuses_conditions_without_sense_before_it_asks_the_server)
{
    std::vector<arguments> const cases{
        {"wait"},
        {"wait", "db"},
        {"assert", "db"},
        {"wait", "db", "other", "hits>=1"},
        {"wait", "hits>=1", "db"},
        {"wait", "", "hits>=1"},
        {"assert", "ready", ""},
    };
    for (auto const& typed : cases) {
        auto const end = run(read(typed), own, {});
        EXPECT_EQ(end.status, 2) << typed.back();
        EXPECT_NE(end.err, "");
    }
    EXPECT_EQ(run(read({"-h", "ftp://x", "wait", "ready"}), own, {}).status, 2);
}

TEST_F(command_line_refusals, refuses_what_is_no_number_and_names_its_option)
{
    std::vector<arguments> const lines{
        {"wait", "ready", "--timeout"},  {"lease", "run", "--ttl"},
        {"toxic", "add", "p", "--ttl"},  {"toxic", "update", "p", "--ttl"},
        {"toxic", "add", "p", "--seed"}, {"create", "p", "--seed"},
        {"journal", "--tail"},           {"journal", "--since"},
    };
    for (auto typed : lines) {
        auto const option = typed.back();
        typed.emplace_back();
        for (auto const* text : {"", "x", "5x", "1,000", "5 s", "-1", "9223372036854775808", "s"}) {
            typed.back() = text;
            auto const end = end_of(typed);
            EXPECT_EQ(end.status, 2) << option << " " << text;
            EXPECT_TRUE(end.err.starts_with("aconite: " + option + ": must be a ")) << end.err;
        }
        typed.back() = "+7";
        read(typed);
    }
    for (auto const* text : {"10h", "61m", "9223372036854775807m"})
        EXPECT_EQ(end_of({"wait", "ready", "--timeout", text}).status, 2) << text;
    EXPECT_EQ(read({"journal", "--tail", "+7"}).tail, "7");
}

TEST_F(command_line_refusals, refuses_the_name_of_an_unset_variable_that_would_mean_all)
{
    for (auto const& typed : std::vector<arguments>{{"stats", ""},
                                                    {"journal", "--proxy", ""},
                                                    {"journal", "--toxic="},
                                                    {"journal", "--kind", ""},
                                                    {"wait", "hits>=1", "--toxic", ""}})
        EXPECT_NE(end_of(typed).err.find(": must not be empty; see"), std::string::npos)
            << typed[0];
}

TEST_F(command_line_refusals, says_what_it_does_not_know)
{
    EXPECT_EQ(end_of({"bogus"}).err, "aconite: unknown command: bogus; see aconite --help\n");
    EXPECT_EQ(end_of({"bogus"}).status, 2);
    EXPECT_EQ(end_of({"bogus"}, drop_in).status, 1);
    EXPECT_EQ(end_of({"toxic", "bogus"}).status, 2);
    EXPECT_EQ(end_of({"list", "-bogus"}).err,
              "aconite: unknown flag: -bogus; see aconite --help\n");
    EXPECT_EQ(end_of({"create", "-l"}).err,
              "aconite: flag needs an argument: -l; see aconite --help\n");
    EXPECT_EQ(end_of({"list", "-o", "xml"}).status, 2);
}

TEST_F(command_line_refusals, refuses_surplus_arguments_which_the_reference_ignores)
{
    EXPECT_EQ(end_of({"inspect", "a", "b"}).status, 2);
    EXPECT_EQ(read({"inspect", "a", "b"}, drop_in).proxy, "a");
}

TEST_F(command_line_refusals, shows_the_usage_before_the_error_when_an_argument_is_missing)
{
    std::vector<std::pair<arguments, std::string>> const cases{
        {{"inspect"}, "Proxy name is required as the first argument.\n"},
        {{"delete", ""}, "Proxy name is required as the first argument.\n"},
        {{"create", "-u", "b:1", "p"}, "Required argument 'listen' was empty.\n"},
        {{"create", "-l", "b:1", "p"}, "Required argument 'upstream' was empty.\n"},
        {{"toxic", "add", "-t", "noop"}, "Proxy name is missing.\n"},
        {{"toxic", "add", "p"}, "Required argument 'type' was empty.\n"},
    };
    for (auto const& [typed, error] : cases) {
        auto const end = run(read(typed, drop_in), drop_in, {});
        EXPECT_EQ(end.err, error);
        EXPECT_EQ(end.status, 1);
        EXPECT_NE(end.out.find("Usage: toxiproxy-cli " + typed[0]), std::string::npos);
    }
}

TEST_F(command_line_refusals, refuses_contradictions_before_it_asks_the_server)
{
    EXPECT_EQ(run(read({"t", "a", "-t", "x", "-u", "-d", "p"}), own, {}).err,
              "Only one should be specified: upstream or downstream.\n");
    EXPECT_EQ(run(read({"t", "a", "-t", "x", "-u", "--both", "p"}), own, {}).err,
              "Only one should be specified: upstream or downstream.\n");
    EXPECT_EQ(run(read({"t", "a", "-t", "x", "--tox", "2", "p"}), own, {}).err,
              "toxicity should be a float between 0 and 1.\n");
    EXPECT_EQ(run(read({"t", "u", "-n", "x", "-a", "rate", "p"}), own, {}).err,
              "attribute 'rate' is not KEY=VALUE.\n");
    EXPECT_EQ(run(read({"t", "u", "-n", "x", "--match", "every", "p"}), own, {}).err,
              "match 'every' is not KEY=VALUE.\n");
    EXPECT_EQ(run(read({"t", "u", "-n", "x", "--trigger", "times=1,5", "p"}), own, {}).err,
              "trigger 'times=1,5': a number has no comma in it.\n");
    EXPECT_EQ(run(read({"t", "u", "-n", "x", "--schedule", "[{", "p"}), own, {}).err,
              "schedule is not JSON.\n");
    EXPECT_EQ(run(read({"t", "a", "-t", "latency", "-a", "latency=1,000", "p"}), own, {}).err,
              "attribute 'latency=1,000': a number has no comma in it.\n");
    EXPECT_EQ(
        run(read({"t", "a", "-t", "latency", "-a", "latency=1,000", "p"}, drop_in), drop_in, {})
            .err,
        "attribute 'latency=1,000': a number has no comma in it.\n");
    EXPECT_EQ(run(read({"lease", "run"}), own, {}).err, "A command to run is missing.\n");
    EXPECT_EQ(run(read({"config", "apply"}), own, {}).err, "A file is missing.\n");
}

}  // namespace
}  // namespace aconite::cli
