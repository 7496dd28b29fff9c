#include "tests/experiments/unit/probe_kit.hpp"

#include <set>

namespace aconite::experiment::probe_kit {
namespace {

std::string refusal(std::string_view name, json const& fields, surroundings const& where = {})
{
    auto const made = make_probe(name, fields, where);
    return made ? "(none)" : made.error().text;
}

TEST(probe_kinds, have_rows_that_fit_each_other)
{
    std::set<std::string_view> names;
    for (auto const& kind : probe_kinds()) {
        SCOPED_TRACE(std::string(kind.row.name));
        EXPECT_TRUE(names.insert(kind.row.name).second);
        EXPECT_FALSE(kind.row.about.empty());
        EXPECT_FALSE(kind.row.example.empty());
        std::set<std::string_view> fields;
        for (auto const& field : kind.row.fields) {
            EXPECT_TRUE(fields.insert(field.name).second) << field.name;
            EXPECT_EQ(field.type == field_type::choice, !field.choices.empty()) << field.name;
        }
        EXPECT_TRUE(fields.contains(kind.row.primary));
    }
    for (auto const* name :
         {"sql", "kafka", "redis", "http", "tcp", "prometheus", "command", "proxy"})
        EXPECT_TRUE(names.contains(name)) << name;
}

TEST(probe_settings, that_make_no_sense_are_refused_by_name)
{
    struct row {
        std::string kind;
        json fields;
        std::string text;
    };
    json const url = "http://127.0.0.1:1/m";
    row const rows[] = {
        {"sql", {{"query", " ;\n"}}, "query: is empty"},
        {"sql", {{"query", "S"}, {"connection", "host"}}, "(none)"},
        {"sql", {{"query", "S"}, {"connection", "hosst=a password=secret"}}, "connection: "},
        {"sql", {{"query", "S"}, {"connection", "postgres://u:secret@[::1/d"}}, "connection: "},
        {"sql", {{"query", "S"}, {"connection", "mysql://u:secret@h/d"}}, "connection: "},
        {"kafka", {{"topic", ""}}, "topic: is empty"},
        {"kafka", {{"topic", "t"}, {"of", "lag"}}, "of: lag needs a group"},
        {"kafka", {{"topic", "t"}, {"of", "keys"}, {"group", "g"}}, "group: is of no use"},
        {"kafka", {{"topic", "t"}, {"json", "/a"}}, "json: is of no use with of: records"},
        {"kafka", {{"topic", "t"}, {"of", "values"}, {"json", "a"}}, "'a' is no JSON pointer"},
        {"redis", {{"command", json::array()}}, "command: is empty"},
        {"redis", {{"command", {"  "}}}, "command: is empty"},
        {"redis", {{"command", {"GET 'a"}}}, "command: a quote is not closed"},
        {"redis", {{"command", {"PING"}}, {"server", "rediss://a"}}, "server: only redis://"},
        {"redis",
         {{"command", {"PING"}}, {"server", "redis://:secret@h/x"}},
         "server: the database"},
        {"redis", {{"command", {"PING"}}, {"server", "redis://:se%4cret@h"}}, "(none)"},
        {"redis", {{"command", {"PING"}}, {"server", "redis://:se%zcret@h"}}, "server: an escape"},
        {"redis", {{"command", {"PING"}}, {"server", "a:b"}}, "'a:b' is no address: the port"},
        {"http", {{"url", "ftp://a"}}, "'ftp://a' is no server address"},
        {"http", {{"url", "http://a/b c"}}, "'http://a/b c': the path has to be escaped"},
        {"http", {{"url", url}, {"of", "json"}}, "of: json needs a pointer"},
        {"http",
         {{"url", url}, {"of", "time"}, {"json", "/a"}},
         "json: is of no use with of: time"},
        {"http", {{"url", url}, {"headers", {{"a b", "c"}}}}, "headers: 'a b' cannot be sent"},
        {"http", {{"url", url}, {"headers", {{"a", "b\r\nc: d"}}}}, "headers: 'a' cannot be sent"},
        {"tcp", {{"address", "a"}}, "'a' is no address: the port is missing"},
        {"prometheus", {{"url", url}}, "prometheus: either metric or query has to be set"},
        {"prometheus", {{"url", url}, {"query", "x"}, {"metric", "y"}}, "metric: is of no use"},
        {"proxy", {{"proxy", "a"}, {"server", "b"}}, "server: there is no 'b' in servers"},
    };
    for (auto const& [kind, fields, text] : rows) {
        auto const seen = refusal(kind, fields);
        EXPECT_EQ(seen.rfind(text, 0), 0u) << kind << " " << fields.dump() << ": " << seen;
        EXPECT_EQ(seen.find("secret"), std::string::npos) << seen;
    }
}

TEST(probe_settings, of_a_proxy_go_by_targets)
{
    surroundings where;
    where.servers[""] = {};
    where.servers["other"] = {};
    where.targets["queue"] = {.name = "queue", .server = "other", .proxy = "redis"};
    where.targets["worker"] = {.name = "worker"};
    EXPECT_EQ(refusal("proxy", {{"proxy", "queue"}}, where), "(none)");
    EXPECT_EQ(refusal("proxy", {{"proxy", "redis"}}, where), "(none)");
    EXPECT_EQ(refusal("proxy", {{"proxy", "worker"}}, where),
              "proxy: the target 'worker' has none");
    EXPECT_EQ(refusal("proxy", {{"proxy", "a"}, {"of", "open"}, {"toxic", "t"}}, where),
              "toxic: is of no use with of: open");
}

}  // namespace
}  // namespace aconite::experiment::probe_kit
