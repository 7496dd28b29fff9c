#include "toxics/mongodb/request.hpp"

#include "toxics/mongodb/bson.hpp"

#include <algorithm>
#include <array>

namespace aconite::mongodb {
namespace {

constexpr char sequence_section = 1;
/// More sequences of documents have no command in front of their body.
constexpr int sections_max = 8;
constexpr std::size_t document_bytes_min = 5;
/// A database and a collection have at most 255 bytes.
constexpr std::size_t name_bytes_max = 320;
/// What is kept of a text.
constexpr std::size_t kept_max = 256;
/// Of a query behind its collection: how many documents to skip and to return.
constexpr std::size_t counts_bytes = 8;
/// What stands in front of the documents of a reply.
constexpr std::size_t reply_head_bytes = head_bytes + 20;

constexpr std::array<std::string_view, 3> hellos = {"hello", "isMaster", "ismaster"};
constexpr std::array<std::string_view, 5> logins = {"saslStart", "saslContinue", "authenticate",
                                                    "getnonce", "logout"};

bool is_one_of(auto const& names, std::string_view name)
{
    return std::ranges::find(names, name) != names.end();
}

/// The document at `at`; its length may not have come yet.
body_place document_at(std::string_view beginning, std::size_t at)
{
    body_place found{at, at + 4};
    if (found.wanted > beginning.size())
        return found;
    auto const size = std::size_t{number_at(beginning, at)};
    found.wanted = at + size;
    found.is_bad = size < document_bytes_min || found.wanted > read_head(beginning).bytes;
    return found;
}

body_place body_of_message(std::string_view beginning)
{
    auto at = flags_end;
    for (int i = 0; i < sections_max; ++i) {
        if (at >= beginning.size())
            return {0, at + 1};
        auto const kind = beginning[at++];
        if (kind == body_section)
            return document_at(beginning, at);
        if (kind != sequence_section)
            break;
        if (at + 4 > beginning.size())
            return {0, at + 4};
        at += number_at(beginning, at);
    }
    return {.is_bad = true};
}

body_place body_of_query(std::string_view beginning)
{
    auto const end = beginning.substr(0, flags_end + name_bytes_max).find('\0', flags_end);
    if (end == std::string_view::npos)
        return {0, beginning.size() + 1, beginning.size() >= flags_end + name_bytes_max};
    return document_at(beginning, end + 1 + counts_bytes);
}

/// The collection behind the database.
std::string collection_of(std::string_view name)
{
    auto const dot = name.find('.');
    return std::string(dot == std::string_view::npos ? std::string_view{} : name.substr(dot + 1));
}

std::string kept(std::string_view text)
{
    return std::string(text.substr(0, kept_max));
}

std::string app_name_in(std::string_view client)
{
    auto const application = find_field(client, "application");
    if (!application || application->type != bson_type::document)
        return {};
    auto const name = find_field(application->value, "name");
    return name ? kept(name->text()) : std::string{};
}

void note_first(bson_field const& field, request& made)
{
    made.command = kept(field.name);
    made.collection = kept(field.text());
    made.is_hello = is_one_of(hellos, field.name);
    made.opens = made.is_hello || is_one_of(logins, field.name);
    made.ends_transaction = field.name == "commitTransaction" || field.name == "abortTransaction";
}

void note_other(bson_field const& field, request& made)
{
    if (field.name == "$db")
        made.database = kept(field.text());
    else if (field.name == "collection" && made.collection.empty())
        made.collection = kept(field.text());
    else if (field.name == "txnNumber")
        made.can_be_retried = true;
    else if (field.name == "autocommit")
        made.in_transaction = !field.is_true();
    else if (field.name == "client" && made.is_hello && field.type == bson_type::document)
        made.app_name = app_name_in(field.value);
}

/// Old clients put a command into a field of another document.
std::string_view command_in(std::string_view body)
{
    auto const first = bson_reader(body).next();
    bool const wraps = first && first->type == bson_type::document &&
                       (first->name == "$query" || first->name == "query");
    return wraps ? first->value : body;
}

}  // namespace

body_place find_body(std::string_view beginning)
{
    auto const head = read_head(beginning);
    auto found = head.kind == op_code::query   ? body_of_query(beginning)
                 : head.kind == op_code::reply ? document_at(beginning, reply_head_bytes)
                                               : body_of_message(beginning);
    found.is_bad = found.is_bad || found.wanted > head.bytes;
    return found;
}

std::optional<request> read_request(std::string_view beginning)
{
    auto const place = find_body(beginning);
    if (!place.is_in(beginning))
        return std::nullopt;
    auto const head = read_head(beginning);
    auto body = beginning.substr(place.at, place.wanted - place.at);
    request made;
    std::string_view asked_of;
    if (head.kind == op_code::query) {
        asked_of = beginning.substr(flags_end, beginning.find('\0', flags_end) - flags_end);
        body = command_in(body);
    } else {
        made.has_answer = (flags_in(beginning) & flag::more_to_come) == 0;
    }
    bson_reader fields(body);
    if (auto const first = fields.next())
        note_first(*first, made);
    while (auto const field = fields.next())
        note_other(*field, made);
    if (fields.is_bad())
        return std::nullopt;
    if (head.kind != op_code::query)
        return made;
    made.database = kept(asked_of.substr(0, asked_of.find('.')));
    if (auto collection = collection_of(asked_of); collection != "$cmd") {
        made = request{.command = "find", .database = std::move(made.database)};
        made.collection = std::move(collection);
    }
    return made;
}

bool may_be_hello(std::string_view beginning)
{
    if (read_head(beginning).kind == op_code::query)
        return true;
    constexpr std::size_t name_at = flags_end + 6;  // its section, its length, the field's type
    if (beginning.size() <= name_at || beginning[flags_end] != body_section)
        return false;
    auto const name = beginning.substr(name_at);
    return std::ranges::any_of(hellos, [&](std::string_view each) {
        return name.size() > each.size() && name.starts_with(each) && name[each.size()] == '\0';
    });
}

}  // namespace aconite::mongodb
