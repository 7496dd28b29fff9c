#include "toxics/kafka/address_edit.hpp"
#include "toxics/kafka/number.hpp"

namespace aconite::kafka {
namespace {

/// A kind of endpoints.
constexpr std::int64_t controllers = 2;

bool is_node(field const& what)
{
    return what.name == "NodeId" || what.name == "BrokerId";
}

}  // namespace

bool address_edit::wants(field const& what)
{
    return !complete_ && (is_node(what) || what.name == "Host" || what.name == "Port" ||
                          what.name == "EndpointType");
}

void address_edit::on_number(field const& what, place where, std::int64_t value)
{
    // In each structure that has all three they stand in this order: node, host, port.
    if (what.name == "EndpointType") {
        of_controllers_ = value == controllers;
    } else if (is_node(what)) {
        node_ = static_cast<std::int32_t>(value);
        host_.reset();
    } else if (!complete_)
        on_port(where, static_cast<std::int32_t>(value));
}

void address_edit::on_text(field const&, place where, std::optional<std::string_view> text)
{
    if (text && text->size() <= host_bytes_max) {
        host_ = *text;
        host_place_ = where;
    }
}

void address_edit::on_array_end(field const& what, std::uint64_t)
{
    complete_ = complete_ || (ends_with_brokers_ && what.name == "Brokers");
}

void address_edit::on_port(place where, std::int32_t port)
{
    if (!host_) {
        ++counts_.outside;
        return;
    }
    // There is no such broker: the group has no coordinator, for one.
    if (host_->empty() || port < 0 || node_ < 0 || is_too_large())
        return;
    // A controller may have the number of a broker, and is somewhere else.
    auto const by = book_->inside(of_controllers_ ? -1 : node_, *host_, port);
    if (!by || by->host.empty() || by->host.size() > host_bytes_max) {
        ++counts_.outside;
        return;
    }
    ++counts_.rewritten;
    replace(where, port, *by);
}

void address_edit::replace(place where_port, std::int32_t port, broker_address const& by)
{
    if (by.host != *host_) {
        copy_to(host_place_.begin);
        put_host(by.host);
        copied_ = static_cast<std::size_t>(host_place_.end);
    }
    if (by.port != port) {
        copy_to(where_port.begin);
        put_number(made_, by.port, 4);
        copied_ = static_cast<std::size_t>(where_port.end);
    }
}

void address_edit::put_host(std::string_view host)
{
    auto const size = static_cast<std::uint32_t>(host.size());
    if (compact_)
        put_variable(made_, size + 1);
    else
        put_number(made_, size, 2);
    made_.append(host);
}

/// A tagged field has its size before it, which is known when it was visited.
void address_edit::on_tagged(field const* what, place where, std::uint32_t size)
{
    if (what == nullptr || what->name != "NodeEndpoints")
        return;
    copy_to(where.begin);
    tag_size_at_ = made_.size();
    copy_to(where.end);
    tag_begins_at_ = made_.size();
    tag_size_ = size;
}

void address_edit::on_tagged_end(field const& what, std::uint64_t at)
{
    if (what.name != "NodeEndpoints")
        return;
    copy_to(at);
    auto const size = static_cast<std::uint32_t>(made_.size() - tag_begins_at_);
    if (size == tag_size_)
        return;
    std::string text;
    put_variable(text, size);
    made_.replace(tag_size_at_, tag_begins_at_ - tag_size_at_, text);
}

void address_edit::copy_to(std::uint64_t offset)
{
    auto const end = static_cast<std::size_t>(offset);
    made_.append(*held_, copied_, end - copied_);
    copied_ = end;
}

}  // namespace aconite::kafka
