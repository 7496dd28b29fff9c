// The Docker Engine's client and the container probe, against an engine that answers as a test
// wants: wrong, by half, or not at all.
#include "clients/experiment/probes/container.hpp"
#include "clients/experiment/probes/docker_engine.hpp"
#include "tests/experiments/unit/action_fixture.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <functional>
#include <mutex>

namespace aconite::experiment {
namespace {

using namespace std::chrono_literals;

/// What is said to whoever asks for that path; no answer and an open connection if it is empty.
using answering = std::function<std::string(std::string const& line)>;

std::string http_answer(int status, std::string const& body)
{
    return "HTTP/1.1 " + std::to_string(status) + " Any\r\nContent-Type: application/json\r\n" +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// On a unix socket, one connection after the other, in a thread.
class fake_engine {
public:
    fake_engine(std::string path, answering answer) : answer_(std::move(answer))
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(listener_, 16), 0);
        thread_ = std::thread([this] { serve(); });
    }
    ~fake_engine()
    {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
        for (auto const each : silent_)
            ::close(each);
    }

    [[nodiscard]] std::vector<std::string> lines() const
    {
        std::scoped_lock const lock(mutex_);
        return lines_;
    }

private:
    void serve()
    {
        for (;;) {
            auto const client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0)
                return;
            std::string request;
            char part[4096];
            while (request.find("\r\n\r\n") == request.npos) {
                auto const got = ::recv(client, part, sizeof part, 0);
                if (got <= 0)
                    break;
                request.append(part, static_cast<std::size_t>(got));
            }
            auto const line = request.substr(0, request.find(" HTTP/"));
            {
                std::scoped_lock const lock(mutex_);
                lines_.push_back(line);
            }
            auto const text = answer_(line);
            if (text.empty()) {
                silent_.push_back(client);
                continue;
            }
            ::send(client, text.data(), text.size(), MSG_NOSIGNAL);
            ::close(client);
        }
    }

    answering answer_;
    int listener_ = -1;
    std::vector<int> silent_;
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    std::thread thread_;
};

constexpr auto* docker_version_answer =
    R"({"ApiVersion": "1.41", "MinAPIVersion": "1.12", "Version": "20.10"})";

class docker_client : public action_fixture {
protected:
    /// An engine that tells its version, and else answers with that.
    std::unique_ptr<fake_engine> engine_with(std::string const& raw)
    {
        return std::make_unique<fake_engine>(socket(), [raw](std::string const& line) {
            return line == "GET /version" ? http_answer(200, docker_version_answer) : raw;
        });
    }

    /// A socket's path is short, a folder's may not be.
    [[nodiscard]] std::string socket()
    {
        if (socket_.empty())
            socket_ = "/tmp/aconite-engine-" + std::to_string(::getpid()) + "-" +
                      std::to_string(number_++);
        return socket_;
    }
    ~docker_client() override
    {
        if (!socket_.empty())
            std::filesystem::remove(socket_);
    }

    /// What is wrong with looking at a container.
    std::string inspect_problem(std::chrono::milliseconds limit = 10s)
    {
        auto const seen = docker_engine(socket()).inspect("db", limit);
        return seen ? "nothing" : seen.error().text;
    }

    target box{.name = "box", .container = "db"};

private:
    std::string socket_;
    static inline int number_ = 0;
};

TEST_F(docker_client, a_container_is_read_in_chunks_too)
{
    std::string const body =
        R"({"Id": "abc", "Name": "/db", "RestartCount": 2, "HostConfig": {"Memory": 5},)"
        R"( "State": {"Status": "running", "Running": true, "ExitCode": 0,)"
        R"( "Health": {"Status": "starting"}}})";
    std::string chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n" + body.substr(0, 5) + "\r\n";
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", body.size() - 5);
    chunked += size + body.substr(5) + "\r\n0\r\n\r\n";
    auto const fake = engine_with(chunked);
    docker_engine engine("unix://" + socket());
    auto const seen = engine.inspect("a b/c");
    ASSERT_TRUE(seen) << seen.error().text;
    EXPECT_EQ(seen->id, "abc");
    EXPECT_EQ(seen->name, "db");
    EXPECT_TRUE(seen->running);
    EXPECT_EQ(seen->health, "starting");
    EXPECT_EQ(seen->restarts, 2);
    EXPECT_EQ(seen->limits["Memory"], 5);
    EXPECT_TRUE(engine.inspect("db"));
    EXPECT_EQ(fake->lines(),
              (std::vector<std::string>{"GET /version", "GET /v1.41/containers/a%20b%2Fc/json",
                                        "GET /v1.41/containers/db/json"}));
}

TEST_F(docker_client, podmans_words_are_dockers)
{
    auto const fake = engine_with(http_answer(
        200, R"({"Id": "abc", "State": {"Status": "stopped", "Running": false, "ExitCode": 137,)"
             R"( "Health": {"Status": ""}}})"));
    auto const seen = docker_engine(socket()).inspect("db");
    ASSERT_TRUE(seen) << seen.error().text;
    EXPECT_EQ(seen->status, "exited");
    EXPECT_EQ(seen->health, "none");
    EXPECT_FALSE(seen->running);
}

TEST_F(docker_client, versions_meet_in_the_middle)
{
    struct {
        char const* newest;
        char const* oldest;
        char const* agreed;
    } const cases[] = {{"1.24", "1.12", "/v1.24"},
                       {"1.99", "1.44", "/v1.51"},
                       {"2.1", "1.60", "/v1.60"},
                       {"1.41", "", "/v1.41"}};
    for (auto const& each : cases) {
        std::filesystem::remove(socket());
        fake_engine const fake(socket(), [&](std::string const& line) {
            return line == "GET /version" ? http_answer(200, json({{"ApiVersion", each.newest},
                                                                   {"MinAPIVersion", each.oldest}})
                                                                 .dump())
                                          : http_answer(200, R"({"Id": "x"})");
        });
        ASSERT_TRUE(docker_engine(socket()).inspect("db"));
        EXPECT_EQ(fake.lines().back(), "GET " + std::string(each.agreed) + "/containers/db/json");
    }
}

TEST_F(docker_client, who_is_not_there_is_told)
{
    EXPECT_NE(inspect_problem().find("there is no such socket"), std::string::npos);
    {
        auto const ended = engine_with("");
    }
    EXPECT_NE(inspect_problem().find("nobody listens there"), std::string::npos);
    EXPECT_NE(docker_engine("").inspect("db").error().text.find("DOCKER_HOST"), std::string::npos);
    auto const far = docker_engine(std::string(200, 'x')).inspect("db");
    EXPECT_NE(far.error().text.find("at most 107 bytes"), std::string::npos);
    EXPECT_EQ(far.error().status, 0);
}

TEST_F(docker_client, silence_and_half_an_answer_end)
{
    {
        fake_engine const silent(socket(), [](std::string const&) { return std::string(); });
        EXPECT_NE(inspect_problem(50ms).find("no answer within 50 ms"), std::string::npos);
    }
    struct {
        char const* raw;
        char const* told;
    } const cases[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Id\"", "closed within the answer"},
        {"HTTP/1.1 200 OK\r\nContent-", "closed within the answer"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n{", "closed within"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "no HTTP"},
        {"SSH-2.0-OpenSSH\r\n", "no HTTP"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{", "too long"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\"Id\"", "no JSON"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "tells no id"},
        {"HTTP/1.1 500 No\r\nContent-Length: 23\r\n\r\n{\"message\": \"a\\u001bb\"}",
         "refuses: a\\x1bb"},
        {"HTTP/1.1 404 No\r\nContent-Length: 8\r\n\r\nnot\tjson", "status 404: not\\tjson"},
        {"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "refuses: status 500"},
    };
    for (auto const& each : cases) {
        std::filesystem::remove(socket());
        auto const fake = engine_with(each.raw);
        EXPECT_NE(inspect_problem().find(each.told), std::string::npos)
            << each.raw << ": " << inspect_problem();
    }
}

TEST_F(docker_client, what_is_no_engine_is_told)
{
    for (auto const* body : {"{}", "[]", "", "x", R"({"ApiVersion": 1.41})",
                             R"({"ApiVersion": "1"})", R"({"ApiVersion": "a.b"})"}) {
        std::filesystem::remove(socket());
        fake_engine const fake(socket(),
                               [&](std::string const&) { return http_answer(200, body); });
        EXPECT_NE(inspect_problem().find("is no Docker Engine"), std::string::npos) << body;
    }
    std::filesystem::remove(socket());
    fake_engine const fake(socket(), [](std::string const&) {
        return http_answer(403, R"({"message": "by a rule"})");
    });
    EXPECT_NE(inspect_problem().find("refuses to tell its version: by a rule"), std::string::npos);
}

TEST_F(docker_client, an_unknown_container_is_named_by_all_that_aim_at_it)
{
    auto const fake = engine_with(http_answer(404, R"({"message": "No such container: db"})"));
    where.docker_socket = socket();
    for (auto const* name : {"kill", "stop", "start", "restart", "pause", "unpause"}) {
        auto const plan = make(name, json::object(), {&box}).value()->undo_plan();
        ASSERT_FALSE(plan) << name;
        EXPECT_EQ(plan.error().text,
                  "container 'db': the Docker Engine refuses: No such container: db");
        EXPECT_EQ(plan.error().status, 404);
    }
    EXPECT_FALSE(make("update", {{"cpus", 1}}, {&box}).value()->undo_plan());
    EXPECT_FALSE(make("stress", {{"cpu", 0.5}}, {&box}).value()->undo_plan());
    // One that is gone needs no undoing.
    for (json record : {json{{"kind", "container"}, {"do", "start"}},
                        json{{"kind", "container_update"}, {"values", {{"Memory", 1}}}},
                        json{{"kind", "container_stress"}, {"mark", "m"}},
                        json{{"kind", "container_netem"},
                             {"image", "i"},
                             {"interface", "eth0"},
                             {"helper", "h"}}}) {
        record["id"] = "gone";
        record["socket"] = socket();
        EXPECT_TRUE(undo(record)) << record.dump();
    }
    for (auto const& line : fake->lines())
        EXPECT_TRUE(line.starts_with("GET ") || line.ends_with("/update") ||
                    line.starts_with("DELETE /v1.41/containers/h"))
            << line;
}

TEST_F(docker_client, an_engine_that_dies_leaves_a_record_and_a_problem)
{
    std::atomic<bool> dead = false;
    fake_engine const fake(socket(), [&](std::string const& line) {
        if (line == "GET /version")
            return http_answer(200, docker_version_answer);
        if (line.starts_with("GET"))
            return http_answer(200,
                               R"({"Id": "abc", "State": {"Status": "running", "Running": true}})");
        dead = true;
        return std::string("HTTP/1.1 2");
    });
    where.docker_socket = socket();
    auto const kill = make("kill", json::object(), {&box}).value();
    auto const plan = kill->undo_plan().value();
    ASSERT_EQ(plan.size(), 1u);
    EXPECT_EQ(plan.front()["do"], "start");
    EXPECT_EQ(plan.front()["id"], "abc");
    auto const started = kill->start();
    ASSERT_FALSE(started);
    EXPECT_NE(started.error().text.find("closed within the answer"), std::string::npos);
    EXPECT_TRUE(dead);
    EXPECT_TRUE(undo(plan.front()));  // it runs
}

TEST_F(docker_client, former_limits_come_back)
{
    std::vector<std::string> bodies;
    auto const asked = [&](std::string const& host_config, json const& how) {
        std::filesystem::remove(socket());
        auto const fake = engine_with(
            http_answer(200, R"({"Id": "abc", "State": {"Running": true}, "HostConfig": )" +
                                 host_config + "}"));
        where.docker_socket = socket();
        return make("update", how, {&box}).value()->undo_plan().value().front()["values"];
    };
    EXPECT_EQ(asked(R"({"Memory": 100, "MemorySwap": 200})", {{"memory", 64e6}}),
              (json{{"Memory", 100}, {"MemorySwap", 200}}));
    EXPECT_EQ(asked(R"({"NanoCpus": 500000000})", {{"cpus", 2}}), (json{{"NanoCpus", 500000000}}));
    EXPECT_EQ(asked(R"({"CpuQuota": 5000, "CpuPeriod": 10000})", {{"cpus", 2}}),
              (json{{"CpuPeriod", 10000}, {"CpuQuota", 5000}}));
    EXPECT_EQ(asked("{}", {{"cpus", 2}}), (json{{"CpuPeriod", 100000}, {"CpuQuota", -1}}));
    EXPECT_NE(refusal("update", {{"memory", 1e6}}, {&box}).find("at least 6MiB"),
              std::string::npos);
    EXPECT_NE(refusal("update", {{"cpus", 0}}, {&box}).find("at least 0.01"), std::string::npos);
    EXPECT_NE(refusal("update", json::object(), {&box}).find("'memory' and 'cpus'"),
              std::string::npos);
    EXPECT_NE(refusal("stress", json::object(), {&box}).find("'cpu' and 'memory'"),
              std::string::npos);
    target process{.name = "p"};
    EXPECT_NE(refusal("stress", {{"cpu", 1}}, {&process}).find("one container"), std::string::npos);
}

TEST_F(docker_client, the_probe_tells_what_is_asked_for)
{
    auto const fake = engine_with(http_answer(
        200, R"({"Id": "abc", "RestartCount": 3, "State": {"Status": "running", "Running": true,)"
             R"( "Health": {"Status": "unhealthy"}}, "memory_stats": {"usage": 1000,)"
             R"( "stats": {"total_inactive_file": 400}}})"));
    where.docker_socket = socket();
    where.targets["box"] = box;
    auto const seen = [&](std::string const& of) {
        auto const made =
            container_probe_kind.make(settings_of({{"container", "box"}, {"of", of}}), where);
        return to_text((*made)->look(1s).value());
    };
    EXPECT_EQ(seen("state"), "running");
    EXPECT_EQ(seen("health"), "unhealthy");
    EXPECT_EQ(seen("running"), "1");
    EXPECT_EQ(seen("restarts"), "3");
    EXPECT_EQ(seen("memory"), "600");
    EXPECT_EQ(fake->lines().back(), "GET /v1.41/containers/db/stats?stream=false&one-shot=true");
    EXPECT_FALSE(container_probe_kind.make(settings_of(json::object()), where));
}

}  // namespace
}  // namespace aconite::experiment
