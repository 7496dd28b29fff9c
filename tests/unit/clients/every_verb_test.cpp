// What holds for each verb of the grammar; one that is new has to get its line here.
#include "api/http/server.hpp"
#include "api/routes/handlers.hpp"
#include "clients/cli/line/experiment_verbs.hpp"
#include "clients/cli/line/flags.hpp"
#include "clients/cli/line/grammar.hpp"
#include "clients/cli/verbs/verbs.hpp"
#include "proxy/net/split.hpp"

#include <aconite/client.hpp>
#include <aconite/engine.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

namespace aconite::cli {
namespace {

using nlohmann::json;
using line = std::vector<std::string>;

constexpr auto* hostile = "a\x1b[31m\nb\tc\x7f\xc2\x9b";

/// A server with a proxy that has a toxic and a past, and files to work with.
class every_verb : public ::testing::Test {
protected:
    explicit every_verb(std::string name = "db") : proxy_name(std::move(name))
    {
        unsetenv("ACONITE_LEASE");
        server_url = "http://" + http_.start("127.0.0.1", "0").value();
        std::filesystem::create_directories(folder_);
        write("config.json", R"([{"name": "other", "listen": "127.0.0.1:0", "upstream": "a:1"}])");
    }
    ~every_verb() override { std::filesystem::remove_all(folder_); }

    /// The server as it is before each verb.
    void prepare()
    {
        client::server there({.url = server_url});
        ASSERT_TRUE(there.populate({}));
        for (auto const& proxy : there.proxies().value())
            ASSERT_TRUE(there.remove(proxy.name));
        proxy_config proxy;
        proxy.name = proxy_name;
        proxy.listen = "127.0.0.1:0";
        proxy.upstream = "127.0.0.1:9";
        proxy.label = proxy_name;
        ASSERT_TRUE(there.create(proxy));
        toxic_config toxic;
        toxic.name = proxy_name;
        toxic.type = "latency";
        ASSERT_TRUE(there.add_toxic(proxy_name, toxic));
        ASSERT_TRUE(there.mark(proxy_name));
        write("journal.ndjson", there.journal("since=0").value().lines);
    }

    void write(std::string const& name, std::string const& text) const
    {
        std::ofstream(folder_ / name) << text;
    }
    [[nodiscard]] std::string file(char const* name) const { return folder_ / name; }

    /// What stands behind each verb so that it works.
    [[nodiscard]] std::map<std::string, line> lines() const
    {
        return {
            {"list", {}},
            {"inspect", {proxy_name}},
            {"create", {"-l", "127.0.0.1:0", "-u", "127.0.0.1:9", proxy_name + "2"}},
            {"toggle", {proxy_name}},
            {"delete", {proxy_name}},
            {"toxic add", {"-t", "noop", "-n", proxy_name + "2", proxy_name}},
            {"toxic update", {"-n", proxy_name, "-a", "latency=5", proxy_name}},
            {"toxic remove", {"-n", proxy_name, proxy_name}},
            {"lease run", {"--ttl", "300ms", "--", "true"}},
            {"config get", {}},
            {"config apply", {file("config.json")}},
            {"config check", {file("config.json")}},
            {"journal", {}},
            {"mark", {proxy_name}},
            {"replay", {file("journal.ndjson")}},
            {"stats", {}},
            {"wait", {proxy_name, "ready"}},
            {"assert", {proxy_name, "ready"}},
            {"health", {}},
            {"doctor", {proxy_name}},
            {"reset", {}},
            {"version", {}},
            {"completion", {"bash"}},
            {"serve", {}},  // it and those behind it stand first, and say so
            {"demo", {}},
            {"run", {}},
            {"validate", {}},
            {"init", {}},
            {"restore", {}},
            {"report", {}},
            {"diff", {}},
        };
    }

    /// The verbs that there are, those below others with them: "toxic add".
    static line verbs()
    {
        auto const self = identity_of("aconite");
        command unused;
        grammar of(self, unused);
        line found;
        add_verbs(of.root(), "", found);
        return found;
    }

    /// What is printed for that, with `before` in front of the verb.
    static outcome end_of(line before, std::string const& verb, line const& behind, style how = {})
    {
        std::string_view rest = verb;
        while (!rest.empty())
            before.emplace_back(take_part(rest, ' '));
        before.insert(before.end(), behind.begin(), behind.end());
        auto end = run_line(identity_of("aconite"), before, how);
        unsetenv("ACONITE_LEASE");
        return end;
    }

    std::string server_url;
    std::string proxy_name;

private:
    static void add_verbs(CLI::App& app, std::string const& before, line& found)
    {
        for (auto* verb : verbs_of(app)) {
            if (verbs_of(*verb).empty())
                found.push_back(before + verb->get_name());
            add_verbs(*verb, before + verb->get_name() + " ", found);
        }
    }

    engine engine_;
    api::server http_{api::router(api::all_routes(engine_, {})), {}};
    std::filesystem::path folder_ = std::filesystem::path(::testing::TempDir()) /
                                    ("aconite-verbs-" + std::to_string(::getpid()));
};

void expect_json(std::string const& verb, outcome const& end)
{
    std::string_view rest = end.out;
    if (verb == "journal" && end.status == 0) {
        while (!rest.empty())
            EXPECT_TRUE(json::accept(take_part(rest, '\n'))) << end.out;
        return;
    }
    if (verb == "lease run" && end.status == 0) {  // what is printed is the command's
        EXPECT_EQ(end.out, "");
        return;
    }
    auto const value = json::parse(end.out, nullptr, false);
    EXPECT_FALSE(value.is_discarded()) << verb << ": " << end.out << end.err;
    if (end.status != 0 && verb != "doctor" && verb != "replay") {
        EXPECT_TRUE(value.contains("error")) << verb << ": " << end.out;
        EXPECT_NE(end.err, "");
    }
}

TEST_F(every_verb, has_its_line_here)
{
    auto const known = lines();
    for (auto const& verb : verbs())
        EXPECT_TRUE(known.contains(verb)) << verb;
}

TEST_F(every_verb, prints_json_that_parses_if_asked_to_before_it_or_behind)
{
    auto const known = lines();
    for (auto const& verb : verbs()) {
        prepare();
        auto const& behind = known.at(verb);
        auto end = end_of({"-h", server_url, "-o", "json"}, verb, behind);
        bool const first = verb == "serve" || verb == "demo" || is_experiment_verb(verb);
        int const wanted = first ? 2 : verb == "doctor" ? 1 : 0;  // nobody is at the upstream
        EXPECT_EQ(end.status, wanted) << verb << ": " << end.err;
        expect_json(verb, end);
        if (first || verb == "lease run")  // whose own arguments follow
            continue;
        prepare();
        auto with_output = behind;
        with_output.insert(with_output.begin(), {"-o", "json"});
        auto const same = end_of({"-h", server_url}, verb, with_output);
        EXPECT_EQ(same.status, end.status) << verb;
        expect_json(verb, same);
    }
}

TEST_F(every_verb, prints_json_that_parses_when_it_fails)
{
    prepare();
    auto const known = lines();
    auto const nowhere = "127.0.0.1:1";
    for (auto const& verb : verbs()) {
        auto behind = known.at(verb);
        if (verb == "wait")
            behind.insert(behind.begin(), {"--timeout", "1ms"});
        auto const gone = end_of({"-h", nowhere, "-o", "json"}, verb, behind);
        // What needs no server; no toxic of that journal acted, so there is none to add again.
        bool const alone = verb == "config check" || verb == "completion" || verb == "replay";
        EXPECT_EQ(gone.status == 0, alone) << verb;
        expect_json(verb, gone);
        expect_json(verb, end_of({"-h", nowhere, "-o", "json"}, verb, {}));
        expect_json(verb, end_of({"-h", "ftp://x", "-o", "json"}, verb, behind));
        auto const unknown = end_of({"-h", server_url, "-o", "json"}, verb, {"--no-such-flag"});
        EXPECT_EQ(unknown.status, 2) << verb;
        expect_json(verb, unknown);
    }
}

TEST_F(every_verb, refuses_a_protocol_that_is_no_whole_object)
{
    for (std::string const typed : {R"({"frame":"length")", R"( {"frame")", "a{"}) {
        auto const end = run_line(
            identity_of("aconite"),
            {"-h", server_url, "create", "x", "-l", ":0", "-u", "a:1", "--protocol", typed}, {});
        EXPECT_EQ(end.status, 1);
        EXPECT_EQ(end.err,
                  "--protocol must be a name, or one object of JSON, not '" + typed + "'.\n");
    }
}

TEST_F(every_verb, prints_json_of_several_servers_that_parses)
{
    auto const known = lines();
    for (auto const& verb : verbs()) {
        prepare();
        auto const end =
            end_of({"--server", server_url + ",127.0.0.1:1", "-o", "json"}, verb, known.at(verb));
        auto const value = json::parse(end.out, nullptr, false);
        EXPECT_TRUE(value.is_object()) << verb << ": " << end.out << end.err;
    }
}

class every_verb_of_hostile_names : public every_verb {
protected:
    every_verb_of_hostile_names() : every_verb(hostile) {}
};

TEST_F(every_verb_of_hostile_names, prints_nothing_that_steers_a_terminal)
{
    auto const known = lines();
    for (bool const table : {false, true})
        for (auto const& verb : verbs()) {
            prepare();
            for (auto const& name : {proxy_name, "no" + proxy_name}) {
                auto behind = known.at(verb);
                for (auto& word : behind)
                    if (word == proxy_name)
                        word = name;
                auto const end =
                    end_of({"-h", server_url}, verb, behind, {.table = table, .aims = true});
                auto const text = end.out + end.err;
                EXPECT_EQ(text.find("\nb\tc"), text.npos) << verb << ": " << text;
                for (unsigned char const c : text)
                    EXPECT_TRUE(c >= ' ' || c == '\n' || c == '\t') << verb << ": " << text;
                EXPECT_EQ(text.find('\x7f'), text.npos) << verb;
                EXPECT_EQ(text.find("\xc2\x9b"), text.npos) << verb;
            }
        }
}

}  // namespace
}  // namespace aconite::cli
