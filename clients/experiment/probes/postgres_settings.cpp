#include "clients/experiment/probes/faults.hpp"
#include "clients/experiment/probes/postgres_connection.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <cstdlib>

namespace aconite::experiment {
namespace {

/// `host=a`: a keyword and an equals sign.
bool is_conninfo(std::string_view text)
{
    auto const end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_");
    auto const sign = text.find_first_not_of(' ', std::min(end, text.size()));
    return end != 0 && sign != std::string_view::npos && text[sign] == '=';
}

bool has_setting(postgres_settings const& all, std::string_view name)
{
    return std::ranges::any_of(all, [&](auto const& each) { return each.first == name; });
}

}  // namespace

result<postgres_settings> read_postgres_settings(std::string_view text)
{
    bool const is_short =
        !text.empty() && !is_conninfo(text) && text.find("://") == std::string_view::npos;
    auto const whole = (is_short ? "postgresql://" : "") + std::string(text);
    char* fault = nullptr;
    std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> const parsed(
        PQconninfoParse(whole.c_str(), &fault), &PQconninfoFree);
    std::unique_ptr<char, decltype(&PQfreemem)> const reason(fault, &PQfreemem);
    if (parsed == nullptr) {
        std::string_view why = fault != nullptr ? fault : "out of memory";
        why = why.substr(0, why.find('\n'));
        // libpq quotes all of what it could not read.
        if (why.find(text) != std::string_view::npos && !text.empty())
            why = "it cannot be read";
        return wrong("connection", why);
    }
    postgres_settings made;
    for (auto const* each = parsed.get(); each->keyword != nullptr; ++each)
        if (each->val != nullptr)
            made.emplace_back(each->keyword, each->val);
    if (is_short) {
        if (!has_setting(made, "user") && std::getenv("PGUSER") == nullptr)
            made.emplace_back("user", "postgres");
        if (!has_setting(made, "dbname") && std::getenv("PGDATABASE") == nullptr)
            made.emplace_back("dbname", "postgres");
    }
    if (!has_setting(made, "fallback_application_name"))
        made.emplace_back("fallback_application_name", "aconite-experiment");
    if (!has_setting(made, "client_encoding"))
        made.emplace_back("client_encoding", "UTF8");
    return made;
}

}  // namespace aconite::experiment
