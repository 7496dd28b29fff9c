#pragma once

#include "proxy/pipeline/operation_rules.hpp"
#include "tests/support/toxic_line.hpp"

#include <aconite/conversation.hpp>
#include <aconite/toxic_type.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aconite::test {

/// A conversation between a client and a server that the test plays, on a clock of its own. What
/// goes on comes out at once.
class conversation_line : conversation_context, operation_observer {
public:
    /// An operation that a toxic acted on: `name=value` of all its facts.
    using facts = std::vector<std::pair<std::string, std::string>>;

    explicit conversation_line(protocol_type const& protocol)
        : conversation_line(protocol, protocol.common())
    {}
    /// Of a proxy that has others too.
    conversation_line(protocol_type const& protocol, std::shared_ptr<protocol_common> const& common)
        : protocol_(protocol), mind_(protocol.make(common))
    {}
    virtual ~conversation_line() = default;

    /// Adds a toxic of the protocol; its id. Throws if it is refused.
    std::uint64_t add(attribute_list const& attributes, attribute_list const& match = {},
                      std::shared_ptr<trigger> when = {}, stream on = stream::both)
    {
        specs_.push_back(
            {++last_id_, 7 * last_id_, rule_of(attributes, match), std::move(when), nullptr, on});
        changed();
        return last_id_;
    }

    /// Gives a toxic other attributes, and the match.
    void update(std::uint64_t id, attribute_list const& attributes,
                attribute_list const& match = {})
    {
        std::ranges::find(specs_, id, &operation_spec::id)->rule = rule_of(attributes, match);
        changed();
    }

    void remove(std::uint64_t id)
    {
        std::erase_if(specs_, [&](auto const& each) { return each.id == id; });
        changed();
    }

    /// Bytes of one side; what goes on of them, and to whom, is in `out`.
    void client(std::string_view bytes) { give(stream::upstream, bytes); }
    void server(std::string_view bytes) { give(stream::downstream, bytes); }
    void client_ends(ending how = ending::half_close) { ends(stream::upstream, how); }
    void server_ends(ending how = ending::half_close) { ends(stream::downstream, how); }

    /// Bytes of one side pass as far as they need not be seen: how many did.
    std::size_t unseen(stream on, std::string_view bytes)
    {
        auto const count = gave_up.empty()
                               ? std::min<std::uint64_t>(mind_->unseen_bytes(on), bytes.size())
                               : bytes.size();
        send(on, bytes.substr(0, count));
        if (gave_up.empty())
            mind_->on_unseen(on, count);
        return count;
    }

    /// Lets time pass, in one step or as the conversation asks for.
    void pass(duration by)
    {
        for (auto const end = now_ + by; now_ < end;) {
            now_ = std::min(end, alarm_);
            if (alarm_ <= now_) {
                alarm_ = never;
                if (gave_up.empty())
                    mind_->on_alarm(*this);
            }
        }
    }

    /// What has gone to the server, or to the client, since it was asked last.
    std::string to_server() { return std::exchange(out[0], {}); }
    std::string to_client() { return std::exchange(out[1], {}); }

    /// What the server gets for it.
    std::string sends(std::string_view bytes)
    {
        client(bytes);
        return to_server();
    }
    /// What the client gets for it.
    std::string answers(std::string_view bytes)
    {
        server(bytes);
        return to_client();
    }
    /// Both pass as they are.
    bool passes(std::string_view request, std::string_view answer)
    {
        return sends(request) == request && answers(answer) == answer;
    }
    /// A fact of the n-th operation that a toxic acted on.
    [[nodiscard]] std::string hit(std::size_t n, std::string_view field) const
    {
        for (auto const& [name, value] : hits.at(n))
            if (name == field)
                return value;
        return "no such field";
    }

    std::array<std::string, stream_count> out;
    std::array<std::optional<ending>, stream_count> ended;
    std::uint64_t cut_by = 0;  ///< the toxic that ended it
    std::vector<facts> hits;
    std::vector<std::string> told;
    std::string gave_up;  ///< why; empty: it is followed
    /// Where brokers are reached through the proxy, by number; others cannot be.
    std::map<std::int64_t, server_place> brokers;
    /// Where servers are reached through the proxy that are known by where they are.
    std::vector<std::pair<server_place, server_place>> servers;
    std::optional<server_place> own_place;  ///< where the server of this connection is
    std::vector<std::string> bypasses;
    std::vector<std::string> unknown;
    std::uint64_t connections = 1;

    [[nodiscard]] conversation& mind() { return *mind_; }

private:
    // Who gave up is asked no more, and all passes.
    void give(stream on, std::string_view bytes)
    {
        gave_up.empty() ? mind_->on_data(on, bytes, *this) : send(on, bytes);
    }
    void ends(stream on, ending how)
    {
        gave_up.empty() ? mind_->on_end(on, how, *this) : end(on, how, 0);
    }

    [[nodiscard]] time_point now() const override { return now_; }
    void send(stream on, std::string_view bytes) override
    {
        auto const i = static_cast<std::size_t>(on);
        if (!over_ && !ended[i])
            out[i].append(bytes);
    }
    void end(stream on, ending how, std::uint64_t toxic) override
    {
        auto& place = ended[static_cast<std::size_t>(on)];
        if (over_ || place)
            return;
        place = how;
        cut_by = toxic;
        over_ = how != ending::half_close;
    }
    void wake_at(time_point at) override { alarm_ = at; }
    [[nodiscard]] bool asks() const override { return !rules_.empty(); }
    [[nodiscard]] bool asks(stream on) const override { return rules_.any_on(on); }
    operation_ruling ask(operation const& what) override
    {
        return rules_.ask(what, {now_, connections});
    }
    void tell(std::uint64_t, operation const&, std::string_view how) override
    {
        told.emplace_back(how);
    }
    [[nodiscard]] bool lives(toxic_version const& toxic) const override
    {
        return rules_.lives(toxic);
    }
    std::optional<server_place> place_of(std::int64_t broker, server_place const&) override
    {
        auto const found = brokers.find(broker);
        return found == brokers.end() ? std::nullopt : std::optional(found->second);
    }
    std::optional<server_place> place_at(server_place const& there) override
    {
        auto const found =
            std::ranges::find(servers, there, &std::pair<server_place, server_place>::first);
        return found == servers.end() ? std::nullopt : std::optional(found->second);
    }
    [[nodiscard]] std::optional<server_place> server() const override { return own_place; }
    void tell_bypass(std::string_view where) override { bypasses.emplace_back(where); }
    void tell_unknown(std::string_view what) override { unknown.emplace_back(what); }
    void give_up(std::string_view why) override { gave_up = why; }
    void on_hit(std::uint64_t, operation const& what, duration) override
    {
        auto& all = hits.emplace_back();
        for (std::size_t i = 0; i < what.facts.size(); ++i)
            all.emplace_back(protocol_.match[i].name, what.facts[i]);
    }
    [[nodiscard]] std::shared_ptr<operation_rule const> rule_of(attribute_list const& attributes,
                                                                attribute_list const& match) const
    {
        auto const* row = builtin_toxics().find(protocol_.name);
        if (row == nullptr)
            throw std::runtime_error("no such toxic type: " + std::string(protocol_.name));
        attribute_values values(row->attributes);
        for (auto const& [name, value] : attributes)
            values.set(name, value).value();
        row->check(values).value();
        attribute_values fields(row->protocol->match);
        for (auto const& [name, value] : match)
            fields.set(name, value).value();
        return std::shared_ptr<operation_rule const>(
            new operation_rule const {{*row, fields, values}, row->fault(values)});
    }
    void changed()
    {
        rules_.apply(specs_, now_);
        if (gave_up.empty())
            mind_->on_change(*this);
    }

    protocol_type const& protocol_;
    std::unique_ptr<conversation> mind_;
    operation_rules rules_{*this};
    std::vector<operation_spec> specs_;
    std::uint64_t last_id_ = 0;
    time_point now_{std::chrono::hours(1000)};
    time_point alarm_ = never;
    bool over_ = false;
};

}  // namespace aconite::test
