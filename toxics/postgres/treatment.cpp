// What the client gets to see of an answer to an operation with a fault.
#include "toxics/postgres/follower.hpp"
#include "toxics/postgres/frames.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace aconite::postgres {
namespace {

/// Types of answers that a COPY consists of, beside its rows: without them neither side goes on.
bool begins_copy(char type)
{
    return type == 'G' || type == 'W';
}

}  // namespace

follower::verdict follower::treat(message const& m, asked::kind is, treatment_ptr const& what,
                                  conversation_context& link)
{
    if (m.type == 'N' && what->what->does != act::lose_reply)
        return verdict::pass;
    if (what->what->raised())
        return tell_raised(m, *what, link);
    switch (what->what->does) {
    case act::error:
        return tell_instead(m, is, what, link);
    case act::rollback_at_commit:
    case act::lose_reply:
        return lose(m, is, what, link);
    case act::disconnect:
        return cut_behind(m, is, what);
    case act::slow_rows:
        return pace(m, *what, link);
    case act::truncate:
        return cut_short(m, *what, link);
    default:
        return verdict::pass;
    }
}

/// The server has failed, in our statement or before it: with what it says of its state, and with
/// our words.
follower::verdict follower::tell_raised(message const& m, treatment& what,
                                        conversation_context& link)
{
    auto const& error = what.what->error;
    if (m.type == 'E' && !what.told) {
        what.told = true;
        auto const sqlstate = error_field(m.body, 'C');
        auto const severity = error_field(m.body, 'V');
        bool const by_itself = sqlstate != error.sqlstate && !what.fails_copy;
        if (by_itself)
            link.tell(what.toxic.id, what.about,
                      "the server failed by itself: " + std::string(sqlstate));
        if (severity == "FATAL" || severity == "PANIC")
            return verdict::pass;  // the session is over
        put(stream::downstream, error.frame(), link);
        return verdict::drop;
    }
    return m.type == 'Z' ? verdict::pass : verdict::drop;
}

/// It was executed. What the server has to say of an error of its own is told.
follower::verdict follower::tell_instead(message const& m, asked::kind is,
                                         treatment_ptr const& what, conversation_context& link)
{
    if (m.type == 'E')
        what->told = true;
    if (m.type == 'E' || begins_copy(m.type))
        return verdict::pass;
    if (!is_answered_by(is, m.type))
        return verdict::drop;
    if (!std::exchange(what->told, true))
        put(stream::downstream, what->what->error.frame(), link);
    if (m.type == 'Z')
        return verdict::pass;
    until_ready_ = what;
    return verdict::drop;
}

/// Nothing of it is told; once it is certain that it was executed, the connection ends or stands
/// still.
follower::verdict follower::lose(message const& m, asked::kind is, treatment_ptr const& what,
                                 conversation_context& link)
{
    if (begins_copy(m.type))
        return verdict::pass;
    auto const then = what->what->then;
    if (then == toxics::outcome::stall) {
        if (!link.lives(what->toxic))
            return verdict::pass;
        return hold(stream::downstream, wait::toxic, what->toxic, never, link);
    }
    if (!is_answered_by(is, m.type))
        return verdict::drop;
    if (m.type != 'Z' && sync_follows())
        until_ready_ = what;  // outside a block it is committed by then
    else
        cut(stream::downstream, toxics::ending_of(then), what->toxic.id, link);
    return verdict::drop;
}

/// All of it is told, and then the connection ends.
follower::verdict follower::cut_behind(message const& m, asked::kind is, treatment_ptr const& what)
{
    if (!is_answered_by(is, m.type))
        return verdict::pass;
    if (m.type == 'Z' || sync_follows())
        cut_at_ready_ = what;
    else
        cut_behind_rest(*what);
    return verdict::pass;
}

follower::verdict follower::pace(message const& m, treatment& what, conversation_context& link)
{
    if ((m.type != 'D' && m.type != 'd') || !link.lives(what.toxic))
        return verdict::pass;
    if (what.began == never)
        what.began = link.now();
    std::chrono::duration<double> const taken(static_cast<double>(what.rows) /
                                              what.what->rows_per_second);
    auto const due = later(what.began, std::chrono::ceil<duration>(taken));
    if (due > link.now())
        return hold(stream::downstream, wait::time, what.toxic, due, link);
    ++what.rows;
    return verdict::pass;
}

follower::verdict follower::cut_short(message const& m, treatment& what, conversation_context& link)
{
    auto const& f = *what.what;
    auto const size = m.size + head_bytes;
    bool const row = m.type == 'D' || m.type == 'd';
    bool const fits_in = f.bytes != 0 ? what.bytes + size <= f.bytes : !row || what.rows < f.rows;
    if (fits_in || !link.lives(what.toxic)) {
        what.rows += row ? 1 : 0;
        what.bytes += size;
        return verdict::pass;
    }
    auto const part = f.bytes != 0 ? f.bytes - what.bytes : 0;
    if (part == 0) {
        cut(stream::downstream, f.cut, what.toxic.id, link);
        return verdict::drop;
    }
    cut_behind_rest(what);
    of(stream::downstream).cut_after = part;
    return verdict::pass;
}

/// Behind the message that is on its way the connection ends.
void follower::cut_behind_rest(treatment const& what)
{
    auto& l = of(stream::downstream);
    l.cut = what.what->cut;
    l.cut_by = what.toxic.id;
}

/// Whether an operation is answered with a message of this type, for good or ill. Of a login it is
/// the first: who hears nothing of it does not go on.
bool follower::is_answered_by(asked::kind is, char type)
{
    std::string_view const types = is == asked::kind::execute   ? "CIsE"
                                   : is == asked::kind::startup ? "RE"
                                                                : "Z";
    return types.find(type) != std::string_view::npos;
}

bool follower::sync_follows() const
{
    return std::ranges::any_of(asked_, [](auto const& a) { return a.is == asked::kind::sync; });
}

}  // namespace aconite::postgres
