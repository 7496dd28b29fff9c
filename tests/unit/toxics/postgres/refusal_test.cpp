// Attributes and matches that are refused.
#include "tests/unit/toxics/postgres/messages.hpp"
#include "toxics/postgres/presets.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using namespace aconite;
using namespace aconite::test::pg;

/// What is said of attributes that do not go together.
std::string refusal(attribute_list const& attributes)
{
    auto const& type = *aconite::test::builtin_toxics().find("postgres");
    attribute_values values(type.attributes);
    for (auto const& [name, value] : attributes)
        if (auto const set = values.set(name, value); !set)
            return set.error().text;
    auto const fits = type.check(values);
    return fits ? "" : fits.error().text;
}

TEST(postgres_attributes, are_refused_by_name)
{
    auto const names = [](attribute_list const& attributes, std::string const& name) {
        auto const text = refusal(attributes);
        EXPECT_NE(text.find("attribute '" + name + "' must be"), std::string::npos) << text;
    };
    names({}, "fault");
    names({{"preset", "nothing"}}, "preset");
    names({{"fault", "nothing"}}, "fault");
    names({{"fault", "error"}}, "sqlstate");
    for (auto const* code : {"4000", "400011", "4000a", "40 01", "00000", "4000-"})
        names({{"fault", "error"}, {"sqlstate", code}}, "sqlstate");
    names({{"preset", "deadlock"}, {"message", std::string(1001, 'x')}}, "message");
    names({{"preset", "deadlock"}, {"hint", std::string("a\0b", 3)}}, "hint");
    names({{"fault", "delay"}}, "delay");
    names({{"fault", "slow_rows"}}, "rows_per_second");
    names({{"fault", "lose_reply"}, {"then", "error"}}, "then");
    names({{"preset", "admin_shutdown"}, {"apply", "after"}}, "severity");
    names({{"preset", "deadlock"}, {"rate", 1.5}}, "rate");
    EXPECT_EQ(refusal({{"delay", 5}}), "");
    for (auto const& each : postgres::all_presets)
        EXPECT_EQ(refusal({{"preset", std::string(each.name)}}), "") << each.name;
}

TEST(postgres_match, is_refused_by_name)
{
    auto const& type = *aconite::test::builtin_toxics().find("postgres");
    attribute_values values(type.protocol->match);
    auto const bad = values.set("query", "(never closed");
    ASSERT_FALSE(bad);
    EXPECT_NE(bad.error().text.find("'query' must be a regular expression (RE2): missing )"),
              std::string::npos)
        << bad.error().text;
    EXPECT_FALSE(values.set("query", std::string(1001, 'x')));
    EXPECT_FALSE(values.set("command", std::string(1001, 'x')));
    EXPECT_FALSE(values.set("state", "asleep"));
    EXPECT_FALSE(values.set("phase", "later"));
}

}  // namespace
