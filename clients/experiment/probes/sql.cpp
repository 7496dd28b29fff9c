// sql: what a query gives.

#include "clients/experiment/probes/faults.hpp"
#include "clients/experiment/probes/kinds.hpp"
#include "clients/experiment/probes/postgres_connection.hpp"
#include "proxy/net/number.hpp"

#include <algorithm>
#include <cmath>

namespace aconite::experiment {
namespace {

constexpr std::string_view sql_of[] = {"auto", "value", "ids"};
constexpr field sql_fields[] = {
    {.name = "query",
     .about = "gives one column: a value, or several rows, which are ids",
     .required = true},
    {.name = "connection",
     .about = "of PostgreSQL: host=... dbname=..., postgres://..., or user@host:port/database; what"
              " is missing is taken from PGHOST and its like"},
    {.name = "of",
     .type = field_type::choice,
     .about = "auto (default): a value if it is one row, ids if there are several; value: no "
              "other than one row will do; ids: any number of rows, none too",
     .choices = sql_of},
};

// Of pg_type: these never change.
constexpr unsigned oid_bool = 16;
constexpr unsigned oid_numbers[] = {20, 21, 23, 26, 700, 701, 1700};
/// From here on a double may be another number.
constexpr double exact_max = 9007199254740992.0;

value cell_value(unsigned type, std::string const& text)
{
    if (type == oid_bool)
        return text == "t" ? 1.0 : 0.0;
    if (std::ranges::find(oid_numbers, type) != std::end(oid_numbers))
        if (auto const number = number_in<double>(text);
            number && (std::abs(*number) < exact_max || text.find('.') != std::string::npos))
            return *number;
    return text;
}

class sql_look final : public probe {
public:
    sql_look(postgres_settings where, std::string query, std::string of)
        : connection_(std::move(where)), query_(std::move(query)), of_(std::move(of))
    {}

    result<value> look(std::chrono::milliseconds limit) override
    {
        auto const found = connection_.ask(query_, deadline(limit));
        if (!found)
            return found.error();
        auto const rows = found->cells.size();
        if (of_ != "ids" && rows == 0)
            return wrong(connection_.who(), "the query gives no row: with of: ids that is no ids");
        if (of_ == "value" && rows > 1)
            return wrong(connection_.who(), fmt::format("the query gives {} rows, not one", rows));
        if (of_ != "ids" && rows == 1)
            return cell_value(found->type, found->cells[0].value_or(""));
        id_list ids;
        ids.reserve(rows);
        for (auto const& each : found->cells)
            ids.push_back(each.value_or(""));
        return value(std::move(ids));
    }

private:
    postgres_connection connection_;
    std::string query_;
    std::string of_;
};

result<std::unique_ptr<probe>> make_sql(settings const& how, surroundings const&)
{
    auto query = how.text("query");
    if (query.find_first_not_of(" \t\r\n;") == std::string::npos)
        return wrong("query", "is empty");
    auto where = read_postgres_settings(how.text("connection"));
    if (!where)
        return where.error();
    return std::make_unique<sql_look>(std::move(*where), std::move(query), how.text("of", "auto"));
}

}  // namespace

probe_kind sql_probe()
{
    return {{.name = "sql",
             .about = "what a query of PostgreSQL gives",
             .fields = sql_fields,
             .primary = "query",
             .example = R"({sql: "SELECT count(*) FROM orders", connection: "127.0.0.1:5432"})"},
            make_sql};
}

}  // namespace aconite::experiment
