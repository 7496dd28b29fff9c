// What the client asks for, and what the toxics make of it.
#include "toxics/postgres/follower.hpp"
#include "toxics/postgres/frames.hpp"

#include <algorithm>
#include <utility>

namespace aconite::postgres {
namespace {

/// What is looked at of a message with names in it.
constexpr std::uint64_t names_max = 1024;

std::string_view state_name(char state)
{
    return state == 'T' ? "transaction" : state == 'E' ? "failed" : "idle";
}

/// What the server takes in the middle of a COPY.
bool fits_in_copy(char type)
{
    return std::string_view("dcfHSX").find(type) != std::string_view::npos;
}

/// How much of a message's body has to be there.
std::uint64_t request_wanted(char type)
{
    switch (type) {
    case 'Q':
    case 'P':
        return statement::text_max + names_max;
    case 'B':
    case 'E':
    case 'C':
        return names_max;
    default:
        return 0;
    }
}

}  // namespace

follower::verdict follower::on_client(std::string_view bytes, std::uint64_t& size,
                                      conversation_context& link)
{
    if (over_) {
        size = bytes.size();
        return verdict::drop;
    }
    if (stage_ == stage::encryption)
        return hold(stream::upstream, wait::ready, {}, never, link);
    if (stage_ == stage::first)
        return on_first(bytes, size, link);
    if (bytes.size() < head_bytes)
        return verdict::more;
    auto const m = message::at(bytes);
    if (!m) {
        give_up("a message with an impossible length", link);
        return verdict::pass;
    }
    size = m->bytes();
    if (!m->has(request_wanted(m->type)))
        return verdict::more;
    auto const done = on_client_message(*m, link);
    if (done != verdict::hold)
        drop_ruling(link);
    return done;
}

/// While the operation waited that was ruled on, the server has failed: it is not asked for.
void follower::drop_ruling(conversation_context& link)
{
    auto const left = std::exchange(ruled_, {});
    if (left && left->fault)
        link.tell(left->toxic.id, about_, skipped);
}

follower::verdict follower::on_client_message(message const& m, conversation_context& link)
{
    if (copy_in_ && asked_.front().is == asked::kind::query && !fits_in_copy(m.type)) {
        copy_in_ = false;  // the server takes it for a part of the COPY, which fails
        return verdict::pass;
    }
    switch (m.type) {
    case 'Q':
        return on_query(m, link);
    case 'F':
        if (discarding_)
            return verdict::pass;
        return ask_for(statement::of_command("FUNCTION CALL"), "query", asked::kind::function,
                       link);
    case 'P':
        return on_parse(m);
    case 'B':
        return on_bind(m);
    case 'C':
        return on_close(m);
    case 'D':
        if (!discarding_)
            enter(asked::kind::describe, nullptr);
        return verdict::pass;
    case 'E':
        return on_execute(m, link);
    case 'S':
        return on_sync(link);
    case 'c':
        return on_copy_done(link);
    case 'f':
        if (!std::exchange(copy_in_, false))
            enter(asked::kind::copy_end, nullptr);
        return verdict::pass;
    case 'p':
        if (stage_ != stage::authentication)
            return verdict::pass;
        return ask_for(statement(), "authentication", {}, link);
    case 'X':
        return ask_for(statement(), "terminate", {}, link);
    default:
        return verdict::pass;
    }
}

follower::verdict follower::on_query(message const& m, conversation_context& link)
{
    if (discarding_)
        return verdict::pass;
    bool whole = true;
    auto body = m.body;
    copying_ = std::make_shared<statement const>(take_text(body, whole));
    return ask_for(*copying_, "query", asked::kind::query, link);
}

follower::verdict follower::on_parse(message const& m)
{
    bool whole = true;
    auto body = m.body;
    auto const name = take_text(body, whole);
    if (whole && !discarding_)
        statements_.put(name, std::make_shared<statement const>(take_text(body, whole)));
    if (!discarding_)
        enter(asked::kind::parse, nullptr);
    return verdict::pass;
}

follower::verdict follower::on_bind(message const& m)
{
    bool whole = true;
    auto body = m.body;
    auto const portal = take_text(body, whole);
    bool const named = whole;
    auto const name = take_text(body, whole);
    if (named && !discarding_)
        portals_.put(portal, whole ? statements_.find(name) : kept_statements::none());
    if (!discarding_)
        enter(asked::kind::bind, nullptr);
    return verdict::pass;
}

follower::verdict follower::on_close(message const& m)
{
    bool whole = true;
    auto body = m.body.substr(std::min<std::size_t>(1, m.body.size()));
    auto const name = take_text(body, whole);
    if (whole && !discarding_)
        (m.body.front() == 'S' ? statements_ : portals_).forget(name);
    if (!discarding_)
        enter(asked::kind::close, nullptr);
    return verdict::pass;
}

follower::verdict follower::on_execute(message const& m, conversation_context& link)
{
    if (discarding_)
        return verdict::pass;
    bool whole = true;
    auto body = m.body;
    auto const name = take_text(body, whole);
    copying_ = whole ? portals_.find(name) : kept_statements::none();
    return ask_for(*copying_, "query", asked::kind::execute, link);
}

/// What is in the place of a commit has failed by now, or has not: that the server tells.
follower::verdict follower::on_sync(conversation_context& link)
{
    if (copy_in_)
        return verdict::pass;
    discarding_ = false;
    auto const committing = std::exchange(committing_, nullptr);
    enter(asked::kind::sync, committing);
    if (!committing)
        return verdict::pass;
    put(stream::upstream, frame('S', ""), link);
    hold(stream::upstream, wait::ready, {}, never, link);
    return verdict::drop;
}

/// The client has sent all of its rows.
follower::verdict follower::on_copy_done(conversation_context& link)
{
    if (!copy_in_ || asked_.empty()) {
        enter(asked::kind::copy_end, nullptr);
        return verdict::pass;
    }
    auto const what = ask_for(*copying_, "copy", {}, link);
    copy_in_ = what == verdict::hold;
    return what;
}

/// Has the toxics decide on an operation; `is` is what its answers will be to.
follower::verdict follower::ask_for(statement const& what, std::string_view phase,
                                    std::optional<asked::kind> is, conversation_context& link)
{
    auto const ruling = ask(what, phase, link);
    return ruling ? apply(*ruling, what, phase, is, link) : verdict::hold;
}

/// Nothing: it has to wait first, and is asked for again.
std::optional<operation_ruling> follower::ask(statement const& what, std::string_view phase,
                                              conversation_context& link)
{
    if (ruled_)
        return std::exchange(ruled_, {});
    about_ = {ordinal_++, of(stream::upstream).seen, {}};
    if (!link.asks() || doom_.is_set())
        return operation_ruling();
    std::array<std::string_view, field_count> const facts{
        what.text(),       what.commands(),    user_, database_,
        application_name_, state_name(state_), phase};
    auto ruling = link.ask({about_.ordinal, about_.offset, facts});
    if (ruling.delay <= duration::zero())
        return ruling;
    auto const due = later(link.now(), std::exchange(ruling.delay, {}));
    ruled_ = std::move(ruling);
    hold(stream::upstream, wait::time, ruled_->delayed_by, due, link);
    return std::nullopt;
}

follower::verdict follower::apply(operation_ruling const& ruling, statement const& what,
                                  std::string_view phase, std::optional<asked::kind> is,
                                  conversation_context& link)
{
    if (!ruling.fault) {
        enter(is, nullptr);
        return verdict::pass;
    }
    auto made = std::make_shared<treatment>();
    auto const what_to_do = std::static_pointer_cast<fault const>(ruling.fault);
    made->what = what_to_do;
    made->toxic = ruling.toxic;
    made->about = about_;
    auto const& f = *what_to_do;
    if (f.ends())
        doom_.set(made);
    bool const is_statement = is && *is != asked::kind::startup;
    bool const is_copy = phase == "copy";
    switch (f.does) {
    case act::error:
        if (f.after && (is_statement || is_copy))
            break;
        if (f.fatal() || !(is_statement || is_copy))
            return answer_and_cut(std::move(made), link);
        made->commits = what.ends() == transaction_end::commit;
        return replace(f.error.raising_sql(), is, std::move(made), link);
    case act::rollback_at_commit:
        if (what.ends() != transaction_end::commit || !is_statement) {
            enter(is, nullptr);
            return verdict::pass;
        }
        made->commits = f.raised();
        return replace(f.raised() ? f.error.raising_sql() : "ROLLBACK", is, std::move(made), link);
    case act::disconnect:
        if (!f.after || !(is_statement || is_copy))
            return answer_and_cut(std::move(made), link);
        break;
    default:
        break;
    }
    if (phase == "cancel" || phase == "terminate")
        link.tell(made->toxic.id, about_, "it has no answer");
    else
        enter(is, std::move(made));
    return verdict::pass;
}

/// Waits for the answer to what is asked for; without `is`: that to what was asked for before.
void follower::enter(std::optional<asked::kind> is, treatment_ptr what)
{
    if (is)
        asked_.push_back({*is, false, std::move(what)});
    else if (what && !asked_.empty())
        asked_.front().treats = std::move(what);
}

/// Behind the answers to what was asked for before. The server does not see the operation.
follower::verdict follower::answer_and_cut(treatment_ptr what, conversation_context& link)
{
    over_ = true;
    if (stage_ == stage::startup || stage_ == stage::authentication || copy_in_)
        asked_.clear();  // what is asked for is not answered before this
    if (!asked_.empty())
        put(stream::upstream, frame('H', ""), link);  // the answers may wait for a Sync
    asked_.push_back({asked::kind::cut, false, std::move(what)});
    settle(link);
    return verdict::drop;
}

/// Sends `sql` in the place of the operation.
follower::verdict follower::replace(std::string_view sql, std::optional<asked::kind> is,
                                    treatment_ptr what, conversation_context& link)
{
    using kind = asked::kind;
    if (!is) {  // the end of a COPY: the client takes it back
        what->fails_copy = true;
        put(stream::upstream, frame('f', what->what->error.message + '\0'), link);
        enter(is, std::move(what));
        return verdict::drop;
    }
    if (*is != kind::execute) {
        put(stream::upstream, query_frame(sql), link);
        if (what->commits)
            hold(stream::upstream, wait::ready, {}, never, link);
        asked_.push_back({kind::query, false, std::move(what)});
        return verdict::drop;
    }
    put(stream::upstream, execute_frames(sql), link);
    for (auto const each : {kind::close, kind::close, kind::parse, kind::bind})
        asked_.push_back({each, true, what});
    asked_.push_back({kind::execute, false, what});
    if (what->commits && !committing_)
        committing_ = std::move(what);  // where it fails, what is behind it is skipped
    return verdict::drop;
}

}  // namespace aconite::postgres
