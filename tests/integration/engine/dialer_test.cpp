// How the addresses of one upstream race: RFC 8305.
#include "proxy/forwarding/dialer.hpp"

#include "proxy/forwarding/shard.hpp"
#include "tests/integration/engine/engine_fixture.hpp"
#include "tests/support/knock.hpp"

#include <future>
#include <memory>
#include <optional>
#include <vector>

namespace aconite::testing {
namespace {

using namespace std::chrono_literals;

/// A shard with nothing but a dialer.
class dialer_bed {
public:
    ~dialer_bed()
    {
        std::promise<void> gone;
        home_.post([&] {
            dials_.reset();
            gone.set_value();
        });
        gone.get_future().wait();
    }

    /// Where the connection leads that the addresses give within `limit`, else why there is none.
    std::string dial(std::vector<std::string> const& where, std::chrono::milliseconds limit)
    {
        std::vector<address> found;
        for (auto const& each : where)
            found.push_back(resolve_listen(each).value().where);
        std::promise<std::string> told;
        home_.post([&, found = std::move(found)] {
            dials_.emplace(home_, twins_, dial_origin{});
            dials_->start(found, later(home_.look_at_clock(), limit), [&](dialled_socket s) {
                told.set_value(s.fd ? address::peer_of(s.fd.get()).text() : dials_->error());
                dials_.reset();
            });
        });
        return told.get_future().get();
    }

    /// Starts a dial that nobody will hear of.
    void dial_in_vain(std::vector<std::string> const& where)
    {
        std::vector<address> found;
        for (auto const& each : where)
            found.push_back(resolve_listen(each).value().where);
        home_.post([this, found = std::move(found)] {
            dials_.emplace(home_, twins_, dial_origin{});
            dials_->start(found, later(home_.look_at_clock(), 1s), [](dialled_socket) {});
        });
    }

private:
    dial_target const twins_{"twins:1"};
    resolver names_;
    journal events_{1, 0};
    std::atomic<std::uint64_t> ids_{0};
    own_dials own_;
    descriptor_room const room_;
    shard_config const config_{{}, log_level::trace, names_, events_, ids_, own_, room_, 1 << 20};
    shard home_{config_, 0};
    std::optional<dialer> dials_;  ///< of the shard's thread
};

std::string nobody()
{
    return upstream_server(echo).address();
}

TEST(dialer, goes_on_to_the_next_address_while_one_does_not_answer)
{
    blackhole const silent;
    blackhole const silent_too;
    upstream_server const server(echo);
    dialer_bed bed;
    std::string reached;

    auto const took = time_of([&] {
        reached = bed.dial({silent.address(), silent_too.address(), server.address()}, 10s);
    });

    EXPECT_EQ(reached, server.address());
    EXPECT_GE(took, 490ms);
    EXPECT_LT(took, 900ms);
}

TEST(dialer, goes_on_at_once_when_one_refuses)
{
    upstream_server const server(echo);
    dialer_bed bed;
    std::string reached;

    auto const took = time_of([&] { reached = bed.dial({nobody(), server.address()}, 10s); });

    EXPECT_EQ(reached, server.address());
    EXPECT_LT(took, 240ms);
}

TEST(dialer, gives_each_address_its_share_of_the_limit)
{
    blackhole const silent;
    upstream_server const server(echo);
    std::vector<std::string> where(9, silent.address());
    where.push_back(server.address());

    EXPECT_EQ(dialer_bed().dial(where, 500ms), server.address());
}

TEST(dialer, still_takes_a_late_answer_of_the_first)
{
    blackhole slow;
    blackhole const silent;
    dialer_bed bed;
    auto answer = std::async(std::launch::async, [&] {
        return bed.dial({slow.address(), silent.address()}, 10s);
    });
    EXPECT_EQ(answer.wait_for(400ms), std::future_status::timeout);  // both are under way

    slow.light();

    EXPECT_EQ(answer.get(), slow.address());
}

TEST(dialer, tells_why_the_last_address_failed)
{
    auto const dead = nobody();

    EXPECT_EQ(dialer_bed().dial({dead}, 10s), "dial tcp " + dead + ": connect: connection refused");
}

TEST(dialer, closes_its_attempts_when_it_is_given_up)
{
    blackhole const silent;
    auto const before = open_descriptors();
    {
        dialer_bed bed;
        auto const own = open_descriptors();
        bed.dial_in_vain({silent.address(), silent.address()});
        EXPECT_TRUE(eventually([&] { return open_descriptors() == own + 2; }));
    }
    EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace aconite::testing
