#pragma once

#include "tests/unit/toxics/postgres/model_client.hpp"
#include "tests/unit/toxics/postgres/model_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace aconite::test::pg {

/// A toxic to choose from.
struct model_toxic {
    attribute_list attributes;
    attribute_list match{};
    bool hides = false;  ///< some results of what was executed
};

/// A conversation, to its end or until all is answered.
class model_play {
public:
    model_play(unsigned seed, std::span<model_toxic const> all) : chance_(seed)
    {
        for (auto left = chance_.below(3) + 1; left > 0; --left) {
            auto const which = chance_.below(all.size());
            toxics_.push_back(line_.add(all[which].attributes, all[which].match));
            hides_ = hides_ || all[which].hides;
            log_ += "toxic " + std::to_string(which) + "\n";
        }
    }

    void run()
    {
        for (int i = 0; i < 400; ++i) {
            step();
            deliver();
        }
        for (int i = 0; i < 300 && !is_over(); ++i) {
            line_.client(std::exchange(client_.out, {}));
            deliver();
            line_.server(std::exchange(server_.out, {}));
            deliver();
            line_.pass(std::chrono::milliseconds(100));
            deliver();
        }
    }

    [[nodiscard]] bool ended() const { return line_.ended[1].has_value(); }
    [[nodiscard]] std::string const& log() const { return log_; }

    /// Nothing of the conversation was given up, and the client was told nothing that is not so.
    void expect_truth() const
    {
        EXPECT_EQ(line_.gave_up, "");
        EXPECT_EQ(server_.wrong, "");
        EXPECT_EQ(client_.wrong, "");
        EXPECT_LE(client_.heard(), client_.asked());
        if (hides_) {
            EXPECT_LE(client_.results().size(), server_.database().results().size());
        } else {
            EXPECT_TRUE(server_.database().results().starts_with(client_.results()));
        }
    }
    /// All is answered, and the next statement passes as it is.
    void expect_agreement()
    {
        EXPECT_EQ(client_.heard(), client_.asked());
        EXPECT_EQ(client_.state(), server_.database().state());
        if (!hides_) {
            EXPECT_EQ(types(client_.results()), types(server_.database().results()));
        }
        auto const& mind = line_.mind();
        EXPECT_EQ(mind.held_bytes(stream::upstream) + mind.held_bytes(stream::downstream), 0U);
        for (auto const id : toxics_)
            line_.remove(id);
        auto const next = query("select 1");
        line_.client(next);
        auto const asked = line_.to_server();
        EXPECT_EQ(asked, next);
        server_.take(asked);
        auto const answer = std::exchange(server_.out, {});
        line_.server(answer);
        EXPECT_EQ(line_.to_client(), answer);
    }

private:
    void step()
    {
        switch (chance_.below(5)) {
        case 0:
            return client_.ask();
        case 1:
            return line_.client(piece_of(client_.out));
        case 2:
            return line_.server(piece_of(server_.out));
        case 3:
            return disturb();
        default:
            return line_.pass(std::chrono::milliseconds(chance_.below(60)));
        }
    }

    void disturb()
    {
        if (chance_.one_in(4))
            server_.send_all();
        if (chance_.one_in(10))
            server_.tell_setting();
        if (chance_.one_in(30) && !toxics_.empty()) {
            line_.remove(toxics_.back());
            toxics_.pop_back();
            log_ += "a toxic is removed\n";
        }
    }

    std::string piece_of(std::string& from)
    {
        auto made = from.substr(0, chance_.one_in(3) ? chance_.below(9) + 1 : from.size());
        from.erase(0, made.size());
        return made;
    }

    void deliver()
    {
        client_.hear(line_.to_client());
        auto const came = line_.to_server();
        if (!came.empty())
            log_ += "server hears " + types(came) + "\n";
        server_.take(came);
    }

    [[nodiscard]] bool is_over() const
    {
        return ended() ||
               (client_.heard() == client_.asked() && client_.out.empty() && server_.out.empty());
    }

    model_chance chance_;
    std::string log_;
    session line_;
    model_server server_;
    model_client client_{chance_, log_};
    std::vector<std::uint64_t> toxics_;
    bool hides_ = false;
};

}  // namespace aconite::test::pg
