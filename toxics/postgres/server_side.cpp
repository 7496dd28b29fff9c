// What the server answers, and what the client gets to see of it.
#include "toxics/postgres/follower.hpp"
#include "toxics/postgres/frames.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace aconite::postgres {
namespace {

/// What is looked at of an error, and of a setting.
constexpr std::uint64_t error_max = 16 * 1024;
constexpr std::uint64_t setting_bytes_max = 512;

/// How much of an answer's body has to be there.
std::uint64_t answer_wanted(char type)
{
    switch (type) {
    case 'Z':
        return 1;
    case 'R':
        return 4;
    case 'S':
        return setting_bytes_max;
    case 'K':
        return session_keys::key_bytes_max;
    case 'E':
        return error_max;
    default:
        return 0;
    }
}

/// Types of answers that a COPY consists of, beside its rows: without them neither side goes on.
bool begins_copy(char type)
{
    return type == 'G' || type == 'W';
}

}  // namespace

follower::verdict follower::on_server(std::string_view bytes, std::uint64_t& size,
                                      conversation_context& link)
{
    if (stage_ == stage::encryption) {
        size = 1;
        if (bytes.front() != 'E') {
            if (bytes.front() != 'N')
                give_up(bytes.front() == 'G' ? "encrypted: GSSAPI" : "encrypted: TLS", link);
            stage_ = stage::first;
            may_resume_ = of(stream::upstream).waits == wait::ready;
            return verdict::pass;
        }
        stage_ = stage::first;  // a server that does not know the request
    }
    if (bytes.size() < head_bytes)
        return verdict::more;
    auto const m = message::at(bytes);
    if (!m) {
        give_up("an answer with an impossible length", link);
        return verdict::pass;
    }
    size = m->bytes();
    return m->has(answer_wanted(m->type)) ? on_server_message(*m, link) : verdict::more;
}

follower::verdict follower::on_server_message(message const& m, conversation_context& link)
{
    switch (m.type) {
    case 'A':
    case 'v':
        return verdict::pass;
    case 'K':
        if (m.size <= session_keys::key_bytes_max && key_.empty()) {
            key_ = m.body;
            note_key();
        }
        return verdict::pass;
    case 'S': {
        bool whole = true;
        auto body = m.body;
        if (take_text(body, whole) == "application_name")
            application_name_ = take_text(body, whole);
        note_key();
        return verdict::pass;
    }
    case 'R':
        if (m.body.size() >= 4)
            stage_ = number_at(m.body, 0) == 0 ? stage::startup : stage::authentication;
        break;
    default:
        break;
    }
    if (asked_.empty()) {
        // Of its own accord, or to a Sync that came before the COPY around it failed.
        if (m.type == 'Z' && !m.body.empty()) {
            state_ = m.body.front();
            discarding_ = copy_in_ = false;
        }
        return verdict::pass;
    }
    return m.type == 'Z' ? on_ready(m, link) : on_answer(m, link);
}

namespace {

/// Whether an answer of this type can be to that.
bool fits(std::string_view types, char type)
{
    return types.find(type) != std::string_view::npos;
}

}  // namespace

/// The types of messages that an operation is answered with, for good or ill. Of a login it is the
/// first: who hears nothing of it does not go on.
std::string_view follower::ends_of(asked::kind is)
{
    return is == asked::kind::execute ? "CIsE" : is == asked::kind::startup ? "RE" : "Z";
}

follower::verdict follower::on_answer(message const& m, conversation_context& link)
{
    using kind = asked::kind;
    // What is answered by which messages, and by which of them for good; errors and notices beside.
    struct answers {
        std::string_view all;
        std::string_view last;
    };
    static constexpr answers table[] = {
        {"R", ""},             // startup
        {"TDCIGHWdc", ""},     // query
        {"V", ""},             // function
        {"1", "1"},            // parse
        {"2", "2"},            // bind
        {"3", "3"},            // close
        {"tTn", "Tn"},         // describe
        {"DCIsGHWdc", "CIs"},  // execute
        {"", ""},              // sync
        {"", ""},              // copy_end
        {"", ""},              // cut
    };
    auto const is = asked_.front().is;
    auto const& known = table[static_cast<std::size_t>(is)];
    bool const anytime = m.type == 'E' || m.type == 'N';
    if (is == kind::cut || (!anytime && !fits(known.all, m.type))) {
        give_up(std::string("an answer that does not fit: ") + m.type, link);
        return verdict::pass;
    }
    auto what = asked_.front().treats;
    bool const ours = asked_.front().ours;
    auto done = ours ? verdict::drop : verdict::pass;
    if (until_ready_)
        done = verdict::drop;
    else if (what && (!ours || m.type == 'E'))
        done = treat(m, is, what, link);
    if (done == verdict::hold)
        return done;
    if (m.type == 'G' && done == verdict::pass)
        begin_copy_in();
    else if (m.type == 'G')
        fail_copy_in(link);
    bool const extended = is >= kind::parse && is <= kind::execute;
    if (m.type == 'E')
        copy_in_ = false;
    if (m.type == 'E' && extended)
        skip_to_sync(link);
    else if ((m.type == 'E' && is == kind::startup) || fits(known.last, m.type))
        asked_.pop_front();
    return done;
}

/// The end of a query or of all up to a Sync.
follower::verdict follower::on_ready(message const& m, conversation_context& link)
{
    using kind = asked::kind;
    auto const is = asked_.front().is;
    bool const ends =
        is == kind::query || is == kind::function || is == kind::sync || is == kind::startup;
    if (!ends || m.body.empty()) {
        give_up("an answer that does not fit: Z", link);
        return verdict::pass;
    }
    state_ = m.body.front();
    copy_in_ = false;
    if (is == kind::startup)
        stage_ = stage::ready;
    auto what = asked_.front().treats;
    auto done = verdict::pass;
    if (auto const dropped = std::exchange(until_ready_, nullptr))
        done =
            dropped->what->does == act::error ? verdict::pass : lose(m, kind::query, dropped, link);
    else if (what)
        done = treat(m, is, what, link);
    if (done == verdict::hold)
        return done;
    if (auto const cutting = std::exchange(cut_at_ready_, nullptr))
        cut_behind_rest(*cutting);
    asked_.pop_front();
    if (state_ == 'I' && asked_.empty())
        portals_.clear();  // they end with their transaction
    if (what && what->commits) {
        may_resume_ = true;
        if (what->told && state_ == 'E') {  // as after a commit that failed, no block is open
            put(stream::upstream, query_frame("ROLLBACK"), link);
            asked_.push_front({kind::query, true, nullptr});
            return verdict::drop;
        }
    }
    return done;
}

/// What the client gets to see of an answer to an operation with a fault.
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
            link.tell(what.toxic, what.about,
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
    if (!fits(ends_of(is), m.type))
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
    if (then == outcome::stall) {
        if (!link.lives(what->toxic))
            return verdict::pass;
        return hold(stream::downstream, wait::toxic, what->toxic, never, link);
    }
    if (!fits(ends_of(is), m.type))
        return verdict::drop;
    if (m.type != 'Z' && sync_follows())
        until_ready_ = what;  // outside a block it is committed by then
    else
        cut(stream::downstream, then == outcome::close ? ending::close : ending::reset, what->toxic,
            link);
    return verdict::drop;
}

/// All of it is told, and then the connection ends.
follower::verdict follower::cut_behind(message const& m, asked::kind is, treatment_ptr const& what)
{
    if (!fits(ends_of(is), m.type))
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
        cut(stream::downstream, f.cut, what.toxic, link);
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
    l.cut_by = what.toxic;
}

/// For requests to cancel.
void follower::note_key()
{
    if (!key_.empty())
        keys_->put(key_, {user_, database_, application_name_});
}

/// The server has failed in the extended protocol: it ignores what comes up to a Sync.
void follower::skip_to_sync(conversation_context& link)
{
    auto const failed = asked_.front().treats;
    while (!asked_.empty() && asked_.front().is != asked::kind::sync &&
           asked_.front().is != asked::kind::cut) {
        auto const& [is, ours, treats] = asked_.front();
        if (!ours && treats && treats != failed)
            link.tell(treats->toxic, treats->about, skipped);
        asked_.pop_front();
    }
    discarding_ = asked_.empty();
    // A commit that the client waits behind is skipped too.
    may_resume_ = may_resume_ || (discarding_ && of(stream::upstream).waits == wait::ready);
}

/// The server takes rows now. Up to their end it ignores every Sync; anything else that stands
/// there makes the COPY fail, and of a COPY in a simple Query it gets no answer of its own.
void follower::begin_copy_in()
{
    using kind = asked::kind;
    auto const behind = asked_.begin() + 1;
    auto const other = std::ranges::find_if(behind, asked_.end(),
                                            [](auto const& a) { return a.is != kind::sync; });
    bool const ends = other != asked_.end() && other->is == kind::copy_end;
    bool const fails = other != asked_.end() && !ends;
    bool const is_part = ends || (fails && asked_.front().is == kind::query);
    asked_.erase(behind, is_part ? other + 1 : other);
    copy_in_ = !ends && !fails;
}

/// The server takes rows of which the client does not know.
void follower::fail_copy_in(conversation_context& link)
{
    auto const count = asked_.size();
    begin_copy_in();
    if (!std::exchange(copy_in_, false) || of(stream::upstream).rest > 0)
        return;  // it fails by itself
    using namespace std::string_literals;
    put(stream::upstream, frame('f', "its client was told of an error\0"s), link);
    if (asked_.size() == count)
        return;
    // The client's own Sync was ignored.
    put(stream::upstream, frame('S', ""), link);
    asked_.push_back({asked::kind::sync, false, nullptr});
}

bool follower::sync_follows() const
{
    return std::ranges::any_of(asked_, [](auto const& a) { return a.is == asked::kind::sync; });
}

/// What needs no answer of the server is done with as soon as its turn has come.
void follower::settle(conversation_context& link)
{
    while (!asked_.empty() && asked_.front().is == asked::kind::copy_end)
        asked_.pop_front();
    auto const& l = of(stream::downstream);
    if (asked_.empty() || asked_.front().is != asked::kind::cut || l.rest > 0 ||
        l.waits != wait::none)
        return;
    auto const what = asked_.front().treats;
    asked_.pop_front();
    bool const tells = what->what->does == act::error;
    if (tells)
        put(stream::downstream, what->what->error.frame(), link);
    cut(stream::downstream, tells ? ending::close : what->what->cut, what->toxic, link);
}

}  // namespace aconite::postgres
