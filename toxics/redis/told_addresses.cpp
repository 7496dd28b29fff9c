#include "toxics/redis/told_addresses.hpp"

#include "proxy/net/letters.hpp"
#include "toxics/redis/address_text.hpp"
#include "toxics/redis/host_port.hpp"
#include "toxics/redis/reply.hpp"

#include <cstddef>
#include <optional>
#include <utility>

namespace aconite::redis {
namespace {

struct telling_command {
    std::string_view name;
    std::string_view subcommand;  ///< empty: it has none
    telling tells;
};

constexpr telling_command telling_commands[] = {
    {"CLUSTER", "SLOTS", telling::slots},
    {"CLUSTER", "SHARDS", telling::shards},
    {"CLUSTER", "NODES", telling::nodes},
    {"CLUSTER", "REPLICAS", telling::nodes},
    {"CLUSTER", "SLAVES", telling::nodes},
    {"SENTINEL", "GET-MASTER-ADDR-BY-NAME", telling::address},
    {"SENTINEL", "MASTERS", telling::instances},
    {"SENTINEL", "MASTER", telling::instances},
    {"SENTINEL", "REPLICAS", telling::instances},
    {"SENTINEL", "SLAVES", telling::instances},
    {"SENTINEL", "SENTINELS", telling::instances},
    {"SENTINEL", "INFO-CACHE", telling::info},
    {"ROLE", "", telling::role},
    {"INFO", "", telling::info},
};

/// Puts the addresses of a book into one value.
class placer {
public:
    placer(reply_edit& edit, address_book& book) : edit_(&edit), book_(&book) {}

    void put(telling what, reply const& value)
    {
        switch (what) {
        case telling::slots:
            for (auto const& range : value.parts)
                for (std::size_t i = 2; i < range.parts.size(); ++i)
                    put_slot_node(range.parts[i]);
            break;
        case telling::shards:
            for (auto const& shard : value.parts)
                if (auto const* const nodes = shard.find("nodes"); nodes != nullptr)
                    for (auto const& node : nodes->parts)
                        put_shard_node(node);
            break;
        case telling::nodes:
        case telling::info:
            put_lines(what, value);
            break;
        case telling::address:
            if (value.parts.size() == 2)
                put_pair(&value.parts[0], &value.parts[1]);
            break;
        case telling::instances:
            put_instances(value);
            break;
        case telling::role:
            put_role(value);
            break;
        case telling::event:
            if (value.parts.size() > 2)
                put_text(value.parts.back(), event_inside(value.parts[value.parts.size() - 2].text,
                                                          value.parts.back().text, *book_));
            break;
        case telling::nothing:
            break;
        }
    }

private:
    void put_text(reply const& what, std::string_view text)
    {
        if (what.is_text() && !what.is_null)
            edit_->set(what, text);
    }

    /// Null: there is none.
    void put_pair(reply const* host, reply const* port)
    {
        if (host == nullptr || port == nullptr || !host->is_text() || host->is_null)
            return;
        if (auto const place = book_->inside(host->text, port->number())) {
            edit_->set(*host, place->host);
            edit_->set(*port, std::to_string(place->port));
        }
    }

    /// The names that a node has beside its endpoint.
    void put_names(reply const& node, std::string_view host)
    {
        for (auto const* const name : {"ip", "hostname"})
            if (auto const* const found = node.find(name); found != nullptr && !found->text.empty())
                put_text(*found, host);
    }

    /// Where a node is that is unknown by the name it should be called by (`?`), its IP address
    /// tells.
    static std::string_view host_of(reply const& endpoint, reply const* ip)
    {
        bool const asks_ip = endpoint.text == "?" && ip != nullptr && !ip->text.empty();
        return asks_ip ? ip->text : endpoint.text;
    }

    /// [endpoint, port, id, [more names of it]]
    void put_slot_node(reply const& node)
    {
        if (node.parts.size() < 2)
            return;
        auto const& endpoint = node.parts[0];
        auto const* const more = node.parts.size() > 3 ? &node.parts[3] : nullptr;
        auto const host = host_of(endpoint, more != nullptr ? more->find("ip") : nullptr);
        auto const place = book_->inside(host, node.parts[1].number());
        if (!place)
            return;
        edit_->set(endpoint, place->host);
        edit_->set(node.parts[1], std::to_string(place->port));
        if (more != nullptr)
            put_names(*more, place->host);
    }

    void put_shard_node(reply const& node)
    {
        auto const* const ip = node.find("ip");
        auto const* const endpoint = node.find("endpoint");
        auto const* const named = endpoint != nullptr ? endpoint : ip;
        if (named == nullptr)
            return;
        std::optional<server_place> place;
        for (auto const* const name : {"port", "tls-port"}) {
            auto const* const port = node.find(name);
            if (port == nullptr)
                continue;
            auto made = book_->inside(host_of(*named, ip), port->number());
            if (!made)
                continue;
            edit_->set(*port, std::to_string(made->port));
            if (!place)
                place = std::move(made);
        }
        if (!place)
            return;
        if (endpoint != nullptr)
            edit_->set(*endpoint, place->host);
        put_names(node, place->host);
    }

    /// Of each text in it.
    void put_lines(telling what, reply const& value)
    {
        for (auto const& each : value.parts)
            put_lines(what, each);
        if (value.type == '$' || value.type == '=')
            put_text(value, what == telling::nodes ? nodes_inside(value.text, *book_)
                                                   : info_inside(value.text, *book_));
    }

    void put_instances(reply const& value)
    {
        if (value.parts.empty())
            return;
        if (value.parts[0].is_text()) {
            put_instance(value);
            return;
        }
        for (auto const& each : value.parts)
            put_instance(each);
    }

    void put_instance(reply const& of)
    {
        auto const* const name = of.find("name");
        if (name != nullptr && name->is_text()) {  // of a replica it is its address
            auto const there = host_port_text::of(name->text);
            if (auto const place =
                    there.port < 0 ? std::nullopt : book_->inside(there.host, there.port))
                put_text(*name, there.written(*place));
        }
        put_pair(of.find("ip"), of.find("port"));
        put_pair(of.find("master-host"), of.find("master-port"));
    }

    /// ["master", offset, [[ip, port, offset], ...]] or ["slave", ip, port, state, offset]
    void put_role(reply const& value)
    {
        if (value.parts.size() < 3)
            return;
        if (value.parts[0].text == "slave")
            put_pair(&value.parts[1], &value.parts[2]);
        else if (value.parts[0].text == "master")
            for (auto const& replica : value.parts[2].parts)
                if (replica.parts.size() > 1)
                    put_pair(&replica.parts[0], &replica.parts[1]);
    }

    reply_edit* edit_;
    address_book* book_;
};

}  // namespace

telling told_by(std::span<std::string const> words)
{
    if (words.empty())
        return telling::nothing;
    for (auto const& each : telling_commands) {
        if (each.name.size() != words[0].size() || !same_name(each.name, words[0]))
            continue;
        if (each.subcommand.empty() || (words.size() > 1 && same_name(each.subcommand, words[1])))
            return each.tells;
    }
    return telling::nothing;
}

bool put_addresses(telling what, std::string_view answer, address_book& book, std::string& into)
{
    auto const value = read_reply(answer);
    if (!value)
        return false;
    reply_edit edit(answer);
    placer(edit, book).put(what, *value);
    into = edit.made();
    return true;
}

}  // namespace aconite::redis
