// Sessions that PyMongo had with what stands in for MongoDB: tests/fuzz/record_mongodb.py.
#include "tests/support/hostile_mongodb.hpp"
#include "tests/support/recorded_session.hpp"
#include "tests/unit/toxics/mongodb/messages.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace aconite;
using namespace aconite::test;
using namespace aconite::test::mg;

std::vector<std::filesystem::path> recorded_files()
{
    std::filesystem::directory_iterator const all(ACONITE_MONGODB_CORPUS);
    return {begin(all), end(all)};
}

/// Each server of this machine that is told of is reached by its port at another name.
std::vector<std::pair<server_place, server_place>> places_in(std::string const& told)
{
    std::vector<std::pair<server_place, server_place>> made;
    std::regex const member("127\\.0\\.0\\.1:([0-9]+)");
    for (std::sregex_iterator at(told.begin(), told.end(), member), end; at != end; ++at) {
        auto const port = static_cast<std::uint16_t>(std::stoi((*at)[1]));
        made.push_back({{"127.0.0.1", port}, {"inside.test", port}});
    }
    return made;
}

std::size_t count_of(std::string_view text, std::string_view part)
{
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

TEST(mongodb_recorded, sessions_are_followed_and_tell_of_no_member)
{
    std::size_t named = 0;
    for (auto const& file : recorded_files())
        for (std::size_t const step : {64U, 1U}) {
            auto const name = file.filename().string();
            SCOPED_TRACE(name + ", " + std::to_string(step) + " bytes at once");
            session line;
            recorded_session const recorded(file);
            auto const& came = recorded.said;
            line.servers = places_in(came[1]);
            line.add({{"fault", "disconnect"}}, {{"command", "never said"}});
            recorded.play(step, line);
            line.client_ends();  // a long session was cut off
            line.server_ends();
            EXPECT_EQ(line.gave_up, "");
            EXPECT_TRUE(line.bypasses.empty() && line.hits.empty());
            EXPECT_TRUE(line.out[0] == came[0]);
            EXPECT_EQ(count_of(line.out[1], "127.0.0.1:"), 0U);
            EXPECT_EQ(count_of(line.out[1], "inside.test:"), count_of(came[1], "127.0.0.1:"));
            named += count_of(line.out[1], "inside.test:");
            if (name.starts_with("alone"))
                EXPECT_TRUE(line.out[1] == came[1]);
            else
                EXPECT_EQ(count_of(line.out[1], "compression"), 0U);
            bool const compresses = name.starts_with("set-compressing");
            EXPECT_TRUE(line.unknown.empty() || compresses);
        }
    EXPECT_GT(named, 50U);
}

TEST(mongodb_recorded, sessions_with_faults_harm_nobody)
{
    for (auto const& file : recorded_files())
        for (int toxics = 0; toxics < 256; toxics += 5) {
            auto const text = content_of(file);
            std::vector<std::uint8_t> script(text.begin(), text.end());
            script[0] = static_cast<std::uint8_t>(toxics);
            EXPECT_NO_THROW(play_hostile_mongodb(script));
        }
}

}  // namespace
