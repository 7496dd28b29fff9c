// What toxics say of a request, and what is done with it then.
#include "toxics/mongodb/answer.hpp"
#include "toxics/mongodb/follower.hpp"
#include "toxics/mongodb/protocol.hpp"

#include <array>
#include <utility>

namespace aconite::mongodb {

/// What becomes of a request, as `ruling` says then. None: it goes no further, and nothing is told.
std::optional<follower::passage> follower::rule_on(std::string bytes, request const& what,
                                                   operation_ruling& ruling,
                                                   conversation_context& link)
{
    if (what.is_hello && !what.app_name.empty())
        app_name_ = what.app_name;
    bool const is_rewritten = what.is_hello && what.has_answer;
    passage made{.bytes = std::move(bytes),
                 .id = request_.id,
                 .expects = is_rewritten ? std::optional(asked{.is_hello = true}) : std::nullopt};
    if (!link.asks() || doom_.is_set())
        return made;
    std::array<std::string_view, fact_count> const facts = {
        what.command,
        what.database,
        what.collection,
        app_name_,
        what.in_transaction ? "yes" : "no",
        what.opens ? "opening" : "operation",
    };
    operation const about{ordinal_++, offset_, facts};
    ruling = link.ask(about);
    if (!ruling.fault)
        return made;
    return carry_out(ruling, about, std::move(made), what, link);
}

std::optional<follower::passage> follower::carry_out(operation_ruling const& ruling,
                                                     operation const& about, passage made,
                                                     request const& what,
                                                     conversation_context& link)
{
    auto how = std::make_shared<treatment>();
    how->what = std::static_pointer_cast<fault const>(ruling.fault);
    how->toxic = ruling.toxic.id;
    auto const& fault = *how->what;
    if (fault.does == act::disconnect && !fault.after) {
        state_.end(fault.cut, how->toxic, link);
        return std::nullopt;
    }
    bool const before = fault.does == act::error && !fault.after;
    if (!what.has_answer && !before) {
        link.tell(how->toxic, about, "passed: it has no answer");
        return made;
    }
    if (fault.does == act::error)
        how->error = fault.error_document(what);
    if (!before) {
        if (fault.ends())
            doom_.set(how);
        return passage{.bytes = std::move(made.bytes),
                       .id = made.id,
                       .expects = asked{what.is_hello, std::move(how)}};
    }
    made.bytes.clear();
    made.expects.reset();
    auto told = what.has_answer ? answer_with(how->error, request_.kind, next_id_++, request_.id)
                                : std::string();
    auto const then = what.has_answer ? fault.then : outcome::goes_on;
    if (then != outcome::goes_on)
        doom_.set(how);
    made.refusal = own_answer{std::move(told), then, std::move(how)};
    return made;
}

}  // namespace aconite::mongodb
