#include "toxics/mongodb/answer.hpp"

#include "toxics/mongodb/bson.hpp"
#include "toxics/mongodb/request.hpp"

#include <algorithm>
#include <iterator>

namespace aconite::mongodb {
namespace {

constexpr std::string_view lists[] = {"hosts", "passives", "arbiters"};
constexpr std::string_view singles[] = {"me", "primary"};

bool is_among(auto const& names, std::string_view name)
{
    return std::ranges::find(names, name) != std::end(names);
}

void put_member(bson_field const& field, bson_writer& into, member_namer const& name_of)
{
    if (field.type == bson_type::text)
        into.put(field.name, name_of(field.text()));
    else
        into.put(field);
}

/// False: it is not as a list is.
bool put_members(bson_field const& field, bson_writer& into, member_namer const& name_of)
{
    bson_writer made;
    bson_reader members(field.value);
    while (auto const each = members.next())
        put_member(*each, made, name_of);
    into.put(field.name, bson_type::list, made.take());
    return !members.is_bad();
}

}  // namespace

std::optional<std::string> rewrite_hello(std::string_view message, member_namer const& name_of)
{
    auto const place = find_body(message);
    if (!place.is_in(message) || !has_right_checksum(message))
        return std::nullopt;
    bson_writer body;
    bson_reader fields(message.substr(place.at, place.wanted - place.at));
    while (auto const field = fields.next()) {
        if (field->name == "compression")
            continue;
        if (is_among(singles, field->name))
            put_member(*field, body, name_of);
        else if (!is_among(lists, field->name) || field->type != bson_type::list)
            body.put(*field);
        else if (!put_members(*field, body, name_of))
            return std::nullopt;
    }
    if (fields.is_bad())
        return std::nullopt;
    std::string made(message.substr(0, place.at));
    made.append(body.take()).append(message.substr(place.wanted));
    end_message(made);
    return made;
}

bool is_good_answer(std::string_view message)
{
    auto const place = find_body(message);
    if (!place.is_in(message))
        return false;
    auto const ok = find_field(message.substr(place.at), "ok");
    return ok && ok->is_true();
}

std::string answer_with(std::string_view document, op_code kind, std::int32_t id,
                        std::int32_t answers)
{
    std::string made;
    if (kind == op_code::query || kind == op_code::reply) {
        constexpr std::uint32_t await_capable = 8;
        begin_message(made, id, answers, op_code::reply);
        put_number(made, await_capable);
        put_number(made, 0, 8);  // the cursor
        put_number(made, 0);     // from the first document on
        put_number(made, 1);     // of one
    } else {
        begin_message(made, id, answers, op_code::message);
        put_number(made, 0);  // no flags
        made.push_back(body_section);
    }
    made.append(document);
    end_message(made);
    return made;
}

}  // namespace aconite::mongodb
