#include "clients/experiment/load/generator.hpp"
#include "clients/experiment/load/generator_options.hpp"
#include "clients/experiment/load/kinds.hpp"
#include "clients/experiment/load/postgres_channel.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>
#include <libpq-fe.h>

#include <utility>

namespace aconite::experiment {
namespace {

constexpr std::int64_t postgres_connections_max = 256;

constexpr std::array own_postgres_fields = {
    field{.name = "sql",
          .type = field_type::words,
          .about = "a statement, or a list of them that are run in turn; they may hold {n}, {key}, "
                   "{uuid} and {connection}",
          .required = true},
    field{.name = "connection",
          .about = "host:port, postgresql://user@host:port/database, or host=... port=...; what it "
                   "does not say is taken from the environment (PGUSER, ...)"},
    connections_field(postgres_connections_max),
};
constexpr auto postgres_fields = with_generator_fields(own_postgres_fields);

/// `host:port` is a URI too.
std::string as_conninfo(std::string text)
{
    auto const is_address = !text.empty() && text.find("://") == std::string::npos &&
                            text.find('=') == std::string::npos;
    return is_address ? "postgresql://" + text : text;
}

/// What is wrong with a conninfo; empty if nothing.
std::string conninfo_fault(std::string const& text)
{
    char* fault = nullptr;
    auto* const read = PQconninfoParse(text.c_str(), &fault);
    PQconninfoFree(read);
    if (read != nullptr)
        return {};
    std::string why = fault != nullptr ? fault : "cannot be read";
    PQfreemem(fault);
    while (why.ends_with('\n'))
        why.pop_back();
    return printable(why);
}

result<std::unique_ptr<load>> make_postgres_load(settings const& how, surroundings const& where,
                                                 recorder& into)
{
    auto options = read_generator_options(how, where);
    if (!options)
        return options.error();
    if (options->connections > static_cast<std::uint64_t>(postgres_connections_max))
        return bad_field("connections",
                         fmt::format("must be at most {}", postgres_connections_max));
    auto plan = std::make_shared<postgres_plan>();
    plan->draws = options->draws;
    plan->connection = as_conninfo(how.text("connection"));
    if (auto const fault = conninfo_fault(plan->connection); !fault.empty())
        return bad_field("connection", fault);
    for (auto const& each : how.words("sql")) {
        if (each.empty() || each.find('\0') != std::string::npos)
            return bad_field("sql", "a statement must not be empty or have a zero byte in it");
        plan->statements.emplace_back(each);
    }
    if (plan->statements.empty())
        return bad_field("sql", "must have at least one statement");
    channel_maker const make = [plan = std::shared_ptr<postgres_plan const>(plan)](
                                   boost::asio::io_context& on, std::size_t number,
                                   channel::done_function done) {
        return std::make_unique<postgres_channel>(on, plan, number, std::move(done));
    };
    return std::make_unique<generator>(std::move(*options), make, into);
}

}  // namespace

load_kind const& postgres_load_kind()
{
    static load_kind const kind{{.name = "postgres",
                                 .about = "Statements of PostgreSQL, at a fixed rate",
                                 .fields = postgres_fields,
                                 .primary = "sql",
                                 .example =
                                     R"_({postgres: "INSERT INTO orders (id) VALUES ('{uuid}')", )_"
                                     R"_(connection: "127.0.0.1:5432", rate: 100/s})_"},
                                &make_postgres_load};
    return kind;
}

}  // namespace aconite::experiment
