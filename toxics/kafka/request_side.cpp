// The half of a conversation that the client speaks.
#include "toxics/kafka/carriers.hpp"
#include "toxics/kafka/follower.hpp"
#include "toxics/kafka/frame_head.hpp"
#include "toxics/kafka/layout.hpp"
#include "toxics/kafka/walker.hpp"

#include <algorithm>
#include <utility>

namespace aconite::kafka {
namespace {

/// What a request has behind its length at least.
constexpr std::uint32_t request_size_min = 8;
/// Behind so many bytes of a Produce its acks have come, if it is one.
constexpr std::size_t acks_bytes_max = 128 * 1024;
/// And they are most likely among the first so many.
constexpr std::size_t look_at_once = 64;
/// So many kinds of requests that are not known are told of.
constexpr std::size_t unknown_max = 64;
/// The first byte of what TLS begins with.
constexpr char tls_handshake = 0x16;

/// Looks for what a Produce waits for.
class acks_finder final : public visitor {
public:
    std::optional<std::int16_t> found;

    bool wants(field const& what) override { return what.name == "Acks"; }
    void on_number(field const&, place, std::int64_t value) override
    {
        found = static_cast<std::int16_t>(value);
    }
};

/// `bytes` is the beginning of a frame, behind its length. None: more of it is needed. In a version
/// that is not known they stand where they did, or nobody can tell.
std::optional<std::int16_t> acks_in(std::string_view bytes, std::int16_t version,
                                    std::uint32_t size)
{
    auto const newest = find_message(api_key::produce, direction::request)->newest;
    auto const layout =
        layout_of(direction::request, api_key::produce, std::min<std::int16_t>(version, newest));
    if (!layout)
        return -1;
    acks_finder finder;
    walker over(*layout, size, finder);
    while (!bytes.empty() && !finder.found && over.error().empty()) {
        auto const skipped = std::min<std::uint64_t>(over.unseen(), bytes.size());
        auto const some = bytes.substr(0, skipped > 0 ? skipped : look_at_once);
        if (skipped > 0)
            over.on_unseen(skipped);
        else
            over.feed(some);
        bytes.remove_prefix(some.size());
    }
    return over.error().empty() ? finder.found : -1;
}

/// How many tokens a client of SASL's first version sends; -1: nobody can tell.
int tokens_of(std::string_view mechanism)
{
    if (mechanism == "PLAIN" || mechanism == "OAUTHBEARER")
        return 1;
    return mechanism.starts_with("SCRAM-") ? 2 : -1;
}

}  // namespace

void follower::take_requests(std::string_view bytes, conversation_context& link)
{
    if (waits_) {
        waits_.add(bytes);
        return;
    }
    message_run run(requests_, stream::upstream, bytes, link);
    while (!run.is_over() && state_.is_open() && !waits_ && !loses_) {
        if (run.at_beginning()) {
            if (!begin_request(run.rest(), link))
                break;
        } else if (run.go_on()) {
            finish_request(link);
        }
    }
    if (!state_.is_open() || loses_)
        return;
    if (waits_) {
        waits_.add(run.rest());
        return;
    }
    run.finish();
    give_up_if_due(link);
}

/// Decides what becomes of the frame that begins here. False: more of it is needed.
bool follower::begin_request(std::string_view rest, conversation_context& link)
{
    if (!std::exchange(begun_, true) && rest.front() == tls_handshake) {
        not_followed("encrypted");
        return true;
    }
    if (rest.size() < length_bytes)
        return false;
    request_head head;
    head.size = static_cast<std::uint32_t>(number_at_offset(rest, 0, length_bytes));
    if (raw_requests_ > 0 && head.size <= frame_size_max) {
        --raw_requests_;
        expect({.raw = true});
        requests_.passing = head.whole();
        offset_ += head.whole();
        return true;
    }
    if (head.size < request_size_min || head.size > frame_size_max) {
        not_followed("not Kafka's protocol");
        return true;
    }
    if (rest.size() < request_head_bytes)
        return false;
    head.api_key = static_cast<std::int16_t>(number_at_offset(rest, 4, 2));
    head.version = static_cast<std::int16_t>(number_at_offset(rest, 6, 2));
    head.correlation = static_cast<std::int32_t>(number_at_offset(rest, 8, 4));
    tell_if_unknown(head, link);

    bool const sasl = head.api_key == api_key::sasl_handshake && head.version == 0;
    bool const known = layout_of(direction::request, head.api_key, head.version).has_value();
    bool const wanted = sasl || head.api_key == api_key::metadata || link.asks();
    if (known && wanted && head.size <= frame_bytes_max) {
        frame_head_ = head;
        requests_.wanted = head.whole();
        return true;
    }
    bool answered = true;
    if (head.api_key == api_key::produce) {
        auto const acks = acks_in(rest.substr(length_bytes, head.size), head.version, head.size);
        if (!acks && rest.size() < std::min<std::uint64_t>(head.whole(), acks_bytes_max))
            return false;
        answered = acks.value_or(-1) != 0;
    }
    if (answered) {
        asked what{head.api_key, head.version, head.correlation};
        what.unsure = head.api_key == api_key::produce && !known;
        expect(std::move(what));
    }
    if (known && link.asks() && !std::exchange(told_large_, true))
        link.tell_unknown("a request of more than 4 MiB");
    requests_.passing = head.whole();
    offset_ += head.whole();
    return true;
}

void follower::tell_if_unknown(request_head const& head, conversation_context& link)
{
    if (is_known(head.api_key, head.version) || unknown_.size() >= unknown_max ||
        !unknown_.emplace(head.api_key, head.version).second)
        return;
    auto const* const api = find_api(head.api_key);
    auto const name =
        (api != nullptr ? std::string(api->name) : "API " + std::to_string(head.api_key)) + " v" +
        std::to_string(head.version);
    link.tell_unknown(name);
    if (may_carry_addresses(head.api_key))
        link.tell_bypass("in " + name);
}

/// A request that was held is whole.
void follower::finish_request(conversation_context& link)
{
    auto frame = std::exchange(requests_.held, {});
    auto const head = frame_head_;
    auto request = read_outline(direction::request, head.api_key, head.version, head.size,
                                std::string_view(frame).substr(length_bytes));
    if (!request) {
        link.tell_unknown("a request that is not as its kind is");
        pass_request({std::move(frame), asked{head.api_key, head.version, head.correlation}}, link);
        offset_ += head.whole();
        return;
    }
    if (head.api_key == api_key::sasl_handshake && head.version == 0)
        raw_requests_ = tokens_of(request->mechanism);
    rule_on(std::move(frame), head, *std::move(request), link);
    offset_ += head.whole();
    if (raw_requests_ < 0)
        not_followed("SASL tokens of a mechanism that is not known");
}

void follower::pass_request(passage what, conversation_context& link)
{
    link.send(stream::upstream, what.bytes);
    if (what.expects)
        expect(*std::move(what.expects));
}

/// Those that perhaps have no answer stop nobody.
void follower::expect(asked what)
{
    while (unanswered_.size() + 1 >= unanswered_max && unanswered_.front().unsure)
        unanswered_.pop_front();
    kept_bytes_ += what.kept();
    unanswered_.push_back(std::move(what));
}

/// The request that waits goes on, and what came behind it.
void follower::let_go(conversation_context& link)
{
    auto waited = waits_.take(link);
    pass_request(std::move(waited.request), link);
    take_requests(waited.behind, link);
    if (waited.end)
        on_end(stream::upstream, *waited.end, link);
}

}  // namespace aconite::kafka
