// What the server answers.
#include "toxics/postgres/follower.hpp"
#include "toxics/postgres/frames.hpp"

#include <string>
#include <string_view>
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

/// Whether an answer of this type can be to that.
bool fits(std::string_view types, char type)
{
    return types.find(type) != std::string_view::npos;
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
            link.tell(treats->toxic.id, treats->about, skipped);
        asked_.pop_front();
    }
    discarding_ = asked_.empty();
    // A commit that the client waits behind is skipped too.
    may_resume_ = may_resume_ || (discarding_ && of(stream::upstream).waits == wait::ready);
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
    cut(stream::downstream, tells ? ending::close : what->what->cut, what->toxic.id, link);
}

}  // namespace aconite::postgres
