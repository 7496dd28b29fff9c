#include "clients/experiment/report/folder.hpp"

#include "tests/experiments/unit/report_sample.hpp"
#include "tests/experiments/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace aconite::experiment {
namespace {

constexpr auto when_it_began = "2026-11-30T10:15:14.250000Z";

TEST(report_folder, has_a_name_that_any_system_takes)
{
    EXPECT_EQ(slug_of("Lost event (dual write)!"), "lost-event-dual-write");
    EXPECT_EQ(slug_of("../../etc/passwd"), "etc-passwd");
    EXPECT_EQ(slug_of("\xE2\x9C\x93 \n").substr(0, 11), "experiment-");
    EXPECT_LE(slug_of(std::string(500, 'a')).size(), 60u);
    EXPECT_EQ(folder_name("Lost event", when_it_began), "lost-event-20261130T101514Z");
    EXPECT_EQ(folder_name("Lost event", "../../x"), "lost-event");
    EXPECT_EQ(folder_name("Lost event", "2026-11-30T10:15:14+02:00"), "lost-event");
}

TEST(report_folder, has_another_name_where_letters_are_left_out)
{
    EXPECT_NE(slug_of("\u7f13\u5b58"), slug_of("\u961f\u5217"));
    EXPECT_NE(slug_of("!"), slug_of("?"));
    EXPECT_EQ(slug_of("Gr\u00f6\u00dfe").size(), std::string("gr-e-01234567").size());
    EXPECT_EQ(slug_of("Gr\u00f6\u00dfe").substr(0, 5), "gr-e-");
    std::string long_name;
    for (int i = 0; i < 100; ++i)
        long_name += "o\u00f6";
    EXPECT_LE(slug_of(long_name).size(), 60u);
    EXPECT_NE(slug_of(long_name), slug_of(long_name + "\u00f6"));
}

TEST(report_folder, is_written_whole_and_read_again)
{
    temporary_folder const here;
    auto const folder = make_report_folder(here.path / "deep/reports", "Lost event", when_it_began);
    ASSERT_TRUE(folder) << folder.error().text;
    EXPECT_EQ(folder->filename(), "lost-event-20261130T101514Z");
    ASSERT_TRUE(write_report(*folder, sample_report()));
    std::vector<std::string> names;
    for (auto const& each : std::filesystem::directory_iterator(*folder))
        names.push_back(each.path().filename());
    std::ranges::sort(names);
    EXPECT_EQ(names,
              (std::vector<std::string>{"junit.xml", "report.html", "report.json", "report.md"}));
    for (auto const& where : {*folder, *folder / "report.json"}) {
        auto const again = read_report(where);
        ASSERT_TRUE(again) << again.error().text;
        EXPECT_EQ(*again, sample_report());
    }
}

TEST(report_folder, with_several_says_how_they_are_seen)
{
    temporary_folder const here;
    for (auto const* name : {"a", "b"})
        ASSERT_TRUE(
            write_report(*make_report_folder(here.path, name, when_it_began), sample_report()));
    auto const found = read_report(here.path);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().text, here.path.string() +
                                      ": is no report, there are 2 in it: name one of them, or see "
                                      "all by `aconite report --serve " +
                                      here.path.string() + "`");
}

TEST(report_folder, is_never_written_over)
{
    temporary_folder const here;
    auto const first = make_report_folder(here.path, "x", when_it_began);
    auto const second = make_report_folder(here.path, "x", when_it_began);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(second->filename(), "x-20261130T101514Z-2");
    ASSERT_TRUE(write_report(*first, sample_report()));
    auto other = sample_report();
    other["name"] = "other";
    auto const refused = write_report(*first, other);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text.find("report.json: is there"), std::string::npos);
    EXPECT_EQ((*read_report(*first))["name"], "Lost event");
}

TEST(report_folder, tells_where_it_cannot_be_made_or_written)
{
    temporary_folder const here;
    here.write("file", "");
    auto const blocked = make_report_folder(here.path / "file/below", "x", when_it_began);
    ASSERT_FALSE(blocked);
    EXPECT_NE(blocked.error().text.find("file/below"), std::string::npos);
    auto const nowhere = write_report(here.path / "nowhere", sample_report());
    ASSERT_FALSE(nowhere);
    EXPECT_NE(nowhere.error().text.find("nowhere/report.md"), std::string::npos);
}

TEST(report_folder, tells_what_is_wrong_with_a_report)
{
    temporary_folder const here;
    auto const fault = [&](std::string const& text) {
        here.write("report.json", text);
        auto const read = read_report(here.path);
        return read ? "none"
                    : read.error().text.substr((here.path / "report.json").string().size());
    };
    EXPECT_EQ(fault(report_text(sample_report())), "none");
    EXPECT_TRUE(fault("{\n \"schema\": 1,,").starts_with(": 2:14: no JSON: "))
        << fault("{\n \"schema\": 1,,");
    EXPECT_EQ(fault(""), ": 1:1: no JSON: EOF");
    EXPECT_EQ(fault("[]"), ": is no report: not an object");
    EXPECT_EQ(fault("{}"), ": is no report: it has no number 'schema'");
    EXPECT_NE(fault(R"({"schema": 2, "name": "x"})").find("is of schema 2, and only"),
              std::string::npos);
    EXPECT_EQ(fault(R"({"schema": 1, "name": 5})"), ": is no report: it has no text 'name'");
    EXPECT_NE(fault(R"({"schema": 1, "name": "x", "verdict": "good"})").find("not good"),
              std::string::npos);
    auto const absent = read_report(here.path / "absent");
    ASSERT_FALSE(absent);
    EXPECT_NE(absent.error().text.find("absent: No such file"), std::string::npos);
    EXPECT_NE(read_report("/dev/null").error().text.find("is no file"), std::string::npos);
}

}  // namespace
}  // namespace aconite::experiment
