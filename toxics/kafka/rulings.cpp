// What toxics say of a request, and what is done with it then.
#include "toxics/kafka/follower.hpp"
#include "toxics/kafka/frame_head.hpp"
#include "toxics/kafka/question.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace aconite::kafka {
namespace {

std::string text_of_acks(std::int64_t acks)
{
    return acks < 0 ? "all" : std::to_string(acks);
}

/// So that each fetch names its partitions: one that goes on with a session is told that there is
/// none, by the broker, and others begin none. KIP-227. True: the broker refuses this one.
bool leave_session(std::string& frame, outline const& request)
{
    constexpr std::int64_t other_session = 1 << 30;
    constexpr std::int64_t no_session_epoch = -1;
    auto const* const id = request.find("SessionId");
    auto const* const epoch = request.find("SessionEpoch");
    if (id == nullptr || epoch == nullptr)
        return false;
    if (id->value != 0 && epoch->value > 0) {
        set_number(frame, *id, id->value ^ other_session);
        return true;
    }
    set_number(frame, *id, 0);
    set_number(frame, *epoch, no_session_epoch);
    return false;
}

/// Of an answer that is to be treated brokers send no more than can be held, but for a first batch
/// of records that is larger.
void ask_for_less(std::string& frame, outline const& request)
{
    constexpr std::int64_t bytes_max = 2 << 20;
    if (auto const* const most = request.find("MaxBytes"); most != nullptr)
        set_number(frame, *most, std::min(most->value, bytes_max));
}

/// Whether the fault is done to a request, not to its answer.
bool is_done_without_answer(fault const& what)
{
    switch (what.does) {
    case act::error:
    case act::disconnect:
        return !what.after;
    case act::fake_ack:
    case act::lose_request:
    case act::delay:
        return true;
    default:
        return false;
    }
}

/// Whether a Metadata asks about all topics.
bool is_about_all(std::int16_t version, outline const& request)
{
    return version == 0 ? request.topics.empty() : request.topics.empty() && !request.no_topics;
}

std::vector<std::string> names_in(outline const& request)
{
    std::vector<std::string> names;
    for (auto const& each : request.topics)
        names.push_back(each.topic);
    return names;
}

}  // namespace

void follower::rule_on(std::string frame, request_head const& head, outline request,
                       conversation_context& link)
{
    std::optional<asked> expects = asked{head.api_key, head.version, head.correlation};
    if (head.api_key == api_key::metadata)
        expects->key = frame.substr(length_bytes, 4) + frame.substr(request_head_bytes);
    if (!link.asks()) {
        pass_request({std::move(frame), std::move(expects)}, link);
        return;
    }
    name_topics(request);
    if (head.api_key == api_key::fetch && leave_session(frame, request)) {
        pass_request({std::move(frame), std::move(expects)}, link);
        return;
    }
    request_facts facts{.client_id = request.client_id,
                        .group = request.group,
                        .transactional_id = request.transactional_id};
    facts.name_api(head.api_key);
    if (auto const* acks = request.find("Acks")) {
        facts.acks = text_of_acks(acks->value);
        if (acks->value == 0)
            expects.reset();
    }
    bool const is_for_all =
        head.api_key == api_key::metadata && is_about_all(head.version, request);
    question const asking(facts, request, is_for_all ? topics_->names() : names_in(request));
    auto const about = asking.about(ordinal_++, offset_);
    auto ruling = doom_.is_set() ? operation_ruling{} : link.ask(about);
    if (ruling.fault && !carry_out(ruling, about, frame, request, facts, expects, link))
        return;
    if (ruling.delay > duration::zero()) {
        auto const size = frame.size();
        waits_.begin({std::move(frame), std::move(expects)}, size, ruling, link);
        return;
    }
    pass_request({std::move(frame), std::move(expects)}, link);
}

/// Does a fault to a request, and notes what is to be done to its answer. False: the request goes
/// no further.
bool follower::carry_out(operation_ruling& ruling, operation const& about, std::string& frame,
                         outline const& request, request_facts const& facts,
                         std::optional<asked>& expects, conversation_context& link)
{
    auto how = std::make_shared<treatment>();
    how->what = std::static_pointer_cast<fault const>(ruling.fault);
    how->toxic = ruling.toxic.id;
    how->filter = std::move(ruling.filter);
    how->facts = facts;
    auto const& what = *how->what;
    if (what.does == act::lose_request) {
        loses_ = true;
        return false;
    }
    if (what.does == act::disconnect && !what.after) {
        state_.end(what.cut, how->toxic, link);
        return false;
    }
    if (!expects) {
        if (what.does == act::fake_ack && admits_all(*how, request))
            return false;
        if (what.does == act::fake_ack || !is_done_without_answer(what)) {
            link.tell(how->toxic, about,
                      what.does == act::fake_ack ? "stored: with others, and it has no answer"
                                                 : "passed: it has no answer");
            return true;
        }
    }
    // And records beside an error would take the room of other partitions'.
    bool const executes_nothing = facts.api_key == api_key::fetch;
    bool const before = what.does == act::fake_ack || what.does == act::empty_fetch ||
                        (what.does == act::error && (!what.after || executes_nothing));
    if (before && !make_harmless(frame, request, *how))
        link.tell(how->toxic, about, "executed: there is no way to refuse it");
    if (what.does == act::empty_fetch && !how->moved.empty())
        if (auto const* wait = request.find("MaxWaitMs")) {
            ruling.delay += std::chrono::milliseconds(wait->value);
            ruling.delayed_by = ruling.toxic;
        }
    if (executes_nothing) {
        ask_for_less(frame, request);
        // An error is told at once, not when there is something new.
        if (auto const* wait = request.find("MaxWaitMs");
            wait != nullptr && what.does == act::error)
            set_number(frame, *wait, 0);
    }
    if (what.ends())
        doom_.set(how);
    if (expects)
        expects->how = std::move(how);
    return true;
}

}  // namespace aconite::kafka
