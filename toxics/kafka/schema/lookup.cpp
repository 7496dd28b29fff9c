#include "toxics/kafka/schema/tables.hpp"

#include <algorithm>

namespace aconite::kafka {
namespace {

template <class Row, class Column, class Value>
Row const* row_with(std::span<Row const> all, Column column, Value value)
{
    auto const found = std::ranges::find(all, value, column);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

std::span<field const> rows(row_range which)
{
    return tables::fields().subspan(which.first, which.count);
}

message const* find_message(std::int16_t api_key, direction way)
{
    for (auto const& each : tables::messages())
        if (each.api_key == api_key && each.way == way && api_key >= 0)
            return &each;
    return nullptr;
}

message const& request_header()
{
    return tables::messages()[0];
}

message const& response_header()
{
    return tables::messages()[1];
}

api const* find_api(std::int16_t key)
{
    return row_with(tables::apis(), &api::key, key);
}

api const* find_api(std::string_view name)
{
    return row_with(tables::apis(), &api::name, name);
}

error const* find_error(std::int16_t code)
{
    return row_with(tables::errors(), &error::code, code);
}

error const* find_error(std::string_view name)
{
    return row_with(tables::errors(), &error::name, name);
}

}  // namespace aconite::kafka
