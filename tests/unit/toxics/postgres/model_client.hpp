#pragma once

#include "tests/unit/toxics/postgres/model_database.hpp"

#include <cstddef>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::test::pg {

/// All chances of a play.
class model_chance {
public:
    explicit model_chance(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t n) { return random_() % n; }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class T>
    T const& of(std::span<T const> all)
    {
        return all[below(all.size())];
    }

private:
    std::mt19937 random_;
};

/// A client of a model_server. It asks at random, often before it has the answers to what it asked
/// for earlier, but waits for what becomes of a COPY.
class model_client {
public:
    /// Both live longer. What is said and heard is written to the log.
    model_client(model_chance& chance, std::string& log) : chance_(chance), log_(log) {}

    /// Asks for something, if it is its turn.
    void ask()
    {
        if (heard_ < copies_at_ || asked_ >= asks_max)
            return;
        ++asked_;
        ends_block_.push_back(false);
        switch (chance_.below(7)) {
        case 0:
        case 1: {
            auto const sql = chance_.one_in(3) ? chance_.of<std::string_view>(lists) : statement();
            ends_block_.back() = sql == "commit";
            return say(query(sql), "Query " + std::string(sql));
        }
        case 2:
            copies_at_ = asked_;
            copies_by_query_ = chance_.one_in(2);
            if (copies_by_query_)
                return say(query("copyin"), "Query copyin");
            return say(extended("copyin") + sync_all, "Parse Bind Execute Sync copyin");
        default:
            for (auto left = chance_.below(4) + 1; left > 0; --left)
                ask_extended();
            return say(sync_all, "Sync");
        }
    }

    /// Takes what the server says, in pieces of any size.
    void hear(std::string_view bytes)
    {
        in_.append(bytes);
        while (in_.size() >= postgres::head_bytes) {
            auto const size = postgres::number_at(in_, 1) + 1;
            if (in_.size() < size)
                return;
            auto const message = in_.substr(0, size);
            in_.erase(0, size);
            on_message(message);
        }
    }

    std::string out;    ///< what it says
    std::string wrong;  ///< what no server would have answered
    [[nodiscard]] std::size_t asked() const { return asked_; }
    /// How many of what it asked for are answered to their end.
    [[nodiscard]] std::size_t heard() const { return heard_; }
    /// What it knows of the transaction.
    [[nodiscard]] char state() const { return state_; }
    /// All results that it got, in their order.
    [[nodiscard]] std::string const& results() const { return results_; }

private:
    static constexpr std::size_t asks_max = 12;
    static constexpr std::string_view statements[] = {
        "select 1", "select 2", "insert 1", "insert 2", "begin",           "commit",
        "commit",   "rollback", "bad",      "copyout",  std::string_view()};
    static constexpr std::string_view lists[] = {"begin;insert 1;commit", "insert 1;commit",
                                                 "begin;insert 1",        "commit;begin",
                                                 "insert 1;bad;insert 2", "begin;bad"};

    std::string_view statement() { return chance_.of<std::string_view>(statements); }

    /// A name may be taken or not be there: then the server fails.
    void ask_extended()
    {
        auto const name = chance_.one_in(2) ? "" : "s" + std::to_string(chance_.below(3));
        auto const sql = chance_.one_in(10) ? "worse" : statement();
        if (!name.empty() && !chance_.one_in(5))
            say(frame('C', "P" + z(name)), "Close portal " + name);
        if (name.empty() || chance_.one_in(2)) {
            if (!name.empty() && !chance_.one_in(5))
                say(frame('C', "S" + z(name)), "Close statement " + name);
            say(parse(name, sql), "Parse " + name + " " + std::string(sql));
        }
        say(pg::bind(name, name), "Bind " + name);
        if (chance_.one_in(2))
            say(frame('D', "P" + z(name)), "Describe " + name);
        say(execute(name), "Execute " + name);
        if (chance_.one_in(6))
            say(flush, "Flush");
    }

    void on_message(std::string_view message)
    {
        auto const type = message.front();
        auto const body = message.substr(postgres::head_bytes);
        bool const has_text = type == 'C' || type == 'Z';
        auto const what =
            has_text ? std::string(body.substr(0, body.find('\0'))) : sqlstate(message);
        log_ += std::string("client hears ") + type + " " + what + "\n";
        if (is_result(type))
            results_ += message;
        if (type == 'Z') {
            state_ = body.front();
            if (heard_ < asked_ && ends_block_[heard_] && state_ != 'I')
                wrong += "a commit was answered, and the transaction is still open";
            ++heard_;
        }
        if (type == 'G')
            send_rows();
    }

    /// Goes on without the answer to them.
    void send_rows()
    {
        copies_at_ = 0;
        auto const how = chance_.below(4);
        say(frame('d', "1\n"), "a row");
        if (how == 0)
            say(frame('d', "bad\n"), "a bad row");
        how == 1 ? say(frame('f', z("no")), "CopyFail") : say(frame('c', ""), "CopyDone");
        if (!copies_by_query_)
            say(sync_all, "Sync");
    }

    void say(std::string const& bytes, std::string const& what)
    {
        out += bytes;
        log_ += "client says " + what + "\n";
    }

    model_chance& chance_;
    std::string& log_;
    std::string in_, results_;
    std::size_t asked_ = 0;
    std::size_t heard_ = 0;
    std::size_t copies_at_ = 0;     // the answer behind which it may ask again
    std::vector<bool> ends_block_;  // of all that was asked: a commit does, even one that fails
    bool copies_by_query_ = false;
    char state_ = 'I';
};

}  // namespace aconite::test::pg
