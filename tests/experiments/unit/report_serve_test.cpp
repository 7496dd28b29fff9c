#include "clients/experiment/report/folder.hpp"
#include "clients/experiment/show/answers.hpp"
#include "clients/experiment/show/live_file.hpp"
#include "clients/experiment/show/serve.hpp"

#include "tests/experiments/unit/markup.hpp"
#include "tests/experiments/unit/report_sample.hpp"
#include "tests/experiments/unit/temporary_folder.hpp"
#include "tests/support/sockets.hpp"

#include <boost/beast/http/field.hpp>

#include <gtest/gtest.h>

namespace aconite::experiment {
namespace {

/// Two runs, and what is none of them.
struct some_runs {
    some_runs()
    {
        add("Lost event", "2026-11-30T10:15:14Z", "not_held");
        add("Worker <b>crash</b>", "2026-12-01T10:15:14Z", "held");
        here.write("secret.txt", "secret");
        here.write("reports/broken/report.json", "{");
        here.write("reports/empty/other.txt", "x");
        std::filesystem::create_directory_symlink(here.path, here.path / "reports/link");
        here.write("report.json", "secret");
        std::filesystem::create_symlink(here.path / "secret.txt",
                                        here.path / "reports/broken/report.md");
    }

    void add(std::string const& name, std::string const& started, std::string const& verdict) const
    {
        auto report = sample_report();
        report["name"] = name;
        report["started"] = started;
        report["verdict"] = verdict;
        auto const folder = make_report_folder(here.path / "reports", name, started);
        EXPECT_TRUE(folder && write_report(*folder, report));
    }

    show_answer get(std::string const& target, std::string const& host = "127.0.0.1:8476")
    {
        show_request asked{boost::beast::http::verb::get, target, 11};
        asked.set(boost::beast::http::field::host, host);
        return answer_to(runs, asked);
    }

    temporary_folder here;
    past_runs runs = *past_runs::in(
        (std::filesystem::create_directories(here.path / "reports"), here.path / "reports"));
};

TEST(report_serve, lists_runs_the_newest_first)
{
    some_runs all;
    auto const answer = all.get("/");
    EXPECT_EQ(answer.result_int(), 200u);
    auto const& page = answer.body();
    EXPECT_EQ(markup_reader(page, true).fault(), "") << page;
    auto const newest = page.find("Worker &lt;b&gt;crash&lt;/b&gt;");
    auto const oldest = page.find("Lost event");
    ASSERT_NE(newest, std::string::npos);
    ASSERT_NE(oldest, std::string::npos);
    EXPECT_LT(newest, oldest);
    EXPECT_NE(page.find("/runs/lost-event-20261130T101514Z/report.html"), std::string::npos);
    EXPECT_NE(page.find("DID NOT HOLD"), std::string::npos);
    EXPECT_NE(page.find("71.5 s"), std::string::npos);
    EXPECT_NE(page.find("report.json: 1:1: no JSON"), std::string::npos) << page;
    EXPECT_EQ(page.find("/runs/empty"), std::string::npos);
    EXPECT_EQ(page.find("/runs/link"), std::string::npos);
    // A run that comes while it serves.
    all.add("Third", "2026-12-02T10:15:14Z", "inconclusive");
    EXPECT_NE(all.get("/").body().find("Third"), std::string::npos);
}

TEST(report_serve, shows_a_run_that_goes_on_until_it_has_a_report)
{
    some_runs all;
    EXPECT_TRUE(all.get("/")["Refresh"].empty());
    progress told;
    told.update([](progress_view& view) { view = {.experiment = "Now <i>", .stage = "outage"}; });
    auto const folder = all.here.path / "reports/now-1";
    std::filesystem::create_directories(folder);
    {
        live_file const live(told, folder);
        auto page = all.get("/");
        while (page.body().find("outage") == std::string::npos)
            page = all.get("/");
        EXPECT_EQ(page["Refresh"], "2");
        EXPECT_EQ(markup_reader(page.body(), true).fault(), "") << page.body();
        EXPECT_NE(page.body().find("<h2>now-1 goes on</h2>"), std::string::npos) << page.body();
        EXPECT_NE(page.body().find("Now &lt;i&gt;"), std::string::npos) << page.body();
        EXPECT_EQ(all.get("/runs/now-1/live.txt").result_int(), 404u);
    }
    EXPECT_EQ(all.get("/").body().find("now-1"), std::string::npos);
    // Of one that was killed.
    all.here.write("reports/now-2/live.txt", "Left\n");
    std::filesystem::last_write_time(all.here.path / "reports/now-2/live.txt",
                                     std::filesystem::file_time_type::clock::now() -
                                         std::chrono::seconds(150));
    EXPECT_NE(all.get("/").body().find("now-2 was ended 1"), std::string::npos)
        << all.get("/").body();
}

TEST(report_serve, gives_the_files_of_a_run)
{
    some_runs all;
    auto const html = all.get("/runs/lost-event-20261130T101514Z/report.html");
    EXPECT_EQ(html.result_int(), 200u);
    EXPECT_TRUE(html.body().starts_with("<!DOCTYPE html>"));
    EXPECT_NE(html["Content-Security-Policy"].find("sandbox"), std::string::npos);
    auto const saved = all.get("/runs/lost-event-20261130T101514Z/report.json?download");
    EXPECT_EQ(json::parse(saved.body())["name"], "Lost event");
    EXPECT_EQ(saved["Content-Disposition"],
              "attachment; filename=\"lost-event-20261130T101514Z-report.json\"");
    EXPECT_EQ(saved["X-Content-Type-Options"], "nosniff");
}

TEST(report_serve, never_leaves_its_folder)
{
    some_runs all;
    for (auto const* target : {"/runs/../secret.txt",
                               "/runs/%2e%2e/report.json",
                               "/runs/..%2f/report.json",
                               "/runs/%2e%2e%2freports/report.json",
                               "/runs/./report.json",
                               "/runs//report.json",
                               "/runs/link/report.json",
                               "/runs/broken/report.md",
                               "/runs/empty/other.txt",
                               "/runs/lost-event-20261130T101514Z/../../secret.txt",
                               "/runs/lost-event-20261130T101514Z/%2e%2e",
                               "/runs/lost-event-20261130T101514Z/",
                               "/runs/lost-event-20261130T101514Z",
                               "/runs/%00/report.json",
                               "/runs/%zz/report.json",
                               "/secret.txt",
                               "//secret.txt",
                               "",
                               "*",
                               "/runs/a%2Fb/report.json"}) {
        auto const answer = all.get(target);
        EXPECT_EQ(answer.result_int(), 404u) << target;
        EXPECT_EQ(answer.body().find("secret"), std::string::npos) << target;
    }
}

TEST(report_serve, answers_nobodys_page)
{
    some_runs all;
    for (auto const* host :
         {"evil.example", "evil.example:8476", "", "[::1", "localhost.evil.example",
          "127.0.0.1.evil.example", "127.0.0.1@evil.example", "router"})
        EXPECT_EQ(all.get("/", host).result_int(), 403u) << host;
    for (auto const* host : {"127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:8476", "a.localhost"})
        EXPECT_EQ(all.get("/", host).result_int(), 200u) << host;
    show_request asked{boost::beast::http::verb::get, "/", 11};
    asked.set(boost::beast::http::field::host, "127.0.0.1:8476");
    asked.set("Sec-Fetch-Site", "cross-site");
    asked.set("Sec-Fetch-Mode", "no-cors");
    EXPECT_EQ(answer_to(all.runs, asked).result_int(), 403u);
    asked.set("Sec-Fetch-Mode", "navigate");
    EXPECT_EQ(answer_to(all.runs, asked).result_int(), 200u);
    asked.method(boost::beast::http::verb::post);
    EXPECT_EQ(answer_to(all.runs, asked).result_int(), 405u);
}

TEST(report_serve, speaks_http_to_several_and_ends_with_clients_that_say_nothing)
{
    some_runs all;
    auto server = report_server::start(all.here.path / "reports", 0);
    ASSERT_TRUE(server) << server.error().text;
    auto where = (*server)->address();
    where = where.substr(7, where.size() - 8);
    testing::client_socket silent(where);
    testing::client_socket half(where);
    half.send("GET / HTTP/1.1\r\nHost: ");
    testing::client_socket client(where);
    client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n"
                "GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    auto const answers = client.receive_all();
    EXPECT_TRUE(answers.starts_with("HTTP/1.1 200 OK\r\n")) << answers;
    EXPECT_NE(answers.find("HTTP/1.1 404 Not Found\r\n"), std::string::npos) << answers;
    EXPECT_EQ(answers.find("<html"), std::string::npos);
    testing::client_socket noise(where);
    noise.send(std::string(100'000, 'x'));
    server->reset();
    EXPECT_EQ(silent.receive_all(), "");
}

TEST(report_serve, tells_why_it_cannot_begin)
{
    temporary_folder const here;
    auto const absent = report_server::start(here.path / "absent", 0);
    ASSERT_FALSE(absent);
    EXPECT_NE(absent.error().text.find("absent: No such file"), std::string::npos);
    auto const first = report_server::start(here.path, 0);
    ASSERT_TRUE(first);
    auto const address = (*first)->address();
    auto const port = std::stoul(address.substr(address.rfind(':') + 1));
    auto const taken = report_server::start(here.path, static_cast<std::uint16_t>(port));
    ASSERT_FALSE(taken);
    EXPECT_NE(taken.error().text.find("cannot listen on 127.0.0.1:" + std::to_string(port)),
              std::string::npos);
}

}  // namespace
}  // namespace aconite::experiment
