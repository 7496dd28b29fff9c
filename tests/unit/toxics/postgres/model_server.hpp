#pragma once

#include "tests/unit/toxics/postgres/model_database.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace aconite::test::pg {

/// What PostgreSQL answers to whom has logged in: one answer for each Query and each Sync, nothing
/// to what follows an error up to a Sync, and what the extended protocol has it say only behind a
/// Flush or a Sync.
class model_server {
public:
    /// Takes what a client says, in pieces of any size.
    void take(std::string_view bytes)
    {
        in_.append(bytes);
        while (in_.size() >= postgres::head_bytes) {
            auto const size = postgres::number_at(in_, 1) + 1;
            if (in_.size() < size)
                return;
            auto const message = in_.substr(0, size);
            in_.erase(0, size);
            copies_ ? on_copy(message.front(), message.substr(postgres::head_bytes))
                    : on_message(message.front(), message.substr(postgres::head_bytes));
        }
    }
    /// Sends what would wait for a Flush, as a server does whose buffer is full.
    void send_all() { out += std::exchange(kept_, {}); }
    /// Says something that nobody asked for.
    void tell_setting()
    {
        if (kept_.empty())
            out += frame('S', z("a") + z("b"));
    }

    std::string out;    ///< what it says
    std::string wrong;  ///< what came that no client of its own would have said
    [[nodiscard]] model_database const& database() const { return database_; }

private:
    void on_message(char type, std::string body)
    {
        if (ignores_ && type != 'S')
            return;
        switch (type) {
        case 'Q':
            return on_query(next_text(body));
        case 'P':
            return on_parse(std::move(body));
        case 'B':
            return on_bind(std::move(body));
        case 'D':
            kept_ += frame('n', "");
            return;
        case 'E':
            return on_execute(next_text(body));
        case 'C':
            (body.front() == 'S' ? statements_ : portals_).erase(next_text(body).substr(1));
            kept_ += closed;
            return;
        case 'S':
            ignores_ = false;
            return finish();
        case 'H':
            return send_all();
        case 'd':
        case 'c':
        case 'f':
            return;  // of a COPY that has failed
        default:
            wrong += type;
        }
    }

    void on_copy(char type, std::string const& body)
    {
        switch (type) {
        case 'd':
            if (body.starts_with("bad"))
                fail_copy("22P02");
            return;
        case 'f':
            return fail_copy("57014");
        case 'c':
            copies_ = false;
            kept_ += database_.end_copy();
            if (by_query_)
                finish();
            return;
        case 'H':
        case 'S':
            return;
        default:
            wrong += std::string("in a COPY ") + type;
        }
    }

    /// A DO has semicolons of its own.
    void on_query(std::string_view sql)
    {
        statements_.erase("");
        portals_.erase("");
        by_query_ = true;
        for (bool more = true; more;) {
            auto const end = sql.starts_with("DO ") ? sql.npos : sql.find(';');
            more = execute(sql.substr(0, end)) && end != sql.npos;
            sql.remove_prefix(more ? end + 1 : 0);
        }
        if (!copies_)
            finish();
    }

    void on_parse(std::string body)
    {
        auto const name = next_text(body);
        auto const sql = next_text(body);
        by_query_ = false;
        if (sql.starts_with("worse"))
            return fail("42601");
        if (!sql.empty() && database_.refuses(sql))
            return fail(model_database::aborted);
        if (!name.empty() && statements_.contains(name))
            return fail("42P05");
        statements_[name] = sql;
        kept_ += parsed;
    }

    void on_bind(std::string body)
    {
        auto const portal = next_text(body);
        auto const name = next_text(body);
        by_query_ = false;
        if (!statements_.contains(name))
            return fail("26000");
        if (database_.refuses(statements_[name]))
            return fail(model_database::aborted);
        if (!portal.empty() && portals_.contains(portal))
            return fail("42P03");
        portals_[portal] = statements_[name];
        kept_ += bound;
    }

    void on_execute(std::string const& portal)
    {
        by_query_ = false;
        if (!portals_.contains(portal))
            return fail("34000");
        execute(std::string(portals_[portal]));
    }

    /// Whether the next statement of a Query has its turn.
    bool execute(std::string_view sql)
    {
        bool const was_open = database_.state() != 'I';
        auto const [answer, sqlstate, copies] = database_.run(sql, by_query_);
        kept_ += answer;
        if (was_open && database_.state() == 'I')
            portals_.clear();  // they end with their transaction
        if (!sqlstate.empty())
            fail(sqlstate);
        copies_ = copies;
        if (copies)
            send_all();
        return sqlstate.empty() && !copies;
    }

    void fail(std::string_view sqlstate)
    {
        database_.fail();
        kept_ += failed(sqlstate);
        send_all();
        ignores_ = !by_query_;
    }

    void fail_copy(std::string_view sqlstate)
    {
        copies_ = false;
        fail(sqlstate);
        if (by_query_)
            finish();
    }

    void finish()
    {
        if (database_.state() == 'I')
            portals_.clear();
        kept_ += ready(database_.state());
        send_all();
    }

    static std::string next_text(std::string& body)
    {
        auto const end = body.find('\0');
        auto made = body.substr(0, end);
        body.erase(0, end == body.npos ? end : end + 1);
        return made;
    }

    model_database database_;
    std::string in_, kept_;
    std::map<std::string, std::string> statements_, portals_;
    bool by_query_ = false;  // what is executed came in a Query
    bool ignores_ = false;   // up to a Sync
    bool copies_ = false;
};

}  // namespace aconite::test::pg
