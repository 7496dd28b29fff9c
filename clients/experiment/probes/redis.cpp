// redis: what one command answers.

#include "clients/experiment/probes/faults.hpp"
#include "clients/experiment/probes/kinds.hpp"
#include "clients/experiment/probes/redis_connection.hpp"

#include <optional>

namespace aconite::experiment {
namespace {

constexpr field redis_fields[] = {
    {.name = "command",
     .type = field_type::words,
     .about = "[LLEN, jobs] or 'LLEN jobs'. A number or a text; a list is ids; nil is ''",
     .required = true},
    {.name = "server",
     .about = "host:port or redis://user:password@host:port/database; default 127.0.0.1:6379"},
};

/// At blanks that stand in no quotes; none if a quote is not closed.
std::optional<std::vector<std::string>> split_words(std::string_view text)
{
    std::vector<std::string> words;
    char quote = 0;
    bool within = false;
    for (char const c : text) {
        if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
            within = false;
            continue;
        }
        if (!within)
            words.emplace_back();
        within = true;
        if (quote != 0 ? c == quote : c == '"' || c == '\'')
            quote = quote != 0 ? '\0' : c;
        else
            words.back() += c;
    }
    return quote == 0 ? std::optional(words) : std::nullopt;
}

class redis_look final : public probe {
public:
    redis_look(redis_address where, std::vector<std::string> words)
        : connection_(std::move(where)), words_(std::move(words))
    {}

    result<value> look(std::chrono::milliseconds limit) override
    {
        return connection_.ask(words_, deadline(limit));
    }

private:
    redis_connection connection_;
    std::vector<std::string> words_;
};

result<std::unique_ptr<probe>> make_redis(settings const& how, surroundings const&)
{
    auto words = how.words("command");
    if (words.size() == 1) {
        auto split = split_words(words[0]);
        if (!split)
            return wrong("command", "a quote is not closed");
        words = std::move(*split);
    }
    if (words.empty() || words[0].empty())
        return wrong("command", "is empty");
    auto where = read_redis_address(how.text("server", "127.0.0.1:6379"));
    if (!where)
        return where.error();
    return std::make_unique<redis_look>(std::move(*where), std::move(words));
}

}  // namespace

probe_kind redis_probe()
{
    return {{.name = "redis",
             .about = "what a command of Redis answers",
             .fields = redis_fields,
             .primary = "command",
             .example = R"({redis: [LLEN, jobs], server: "127.0.0.1:6379"})"},
            make_redis};
}

}  // namespace aconite::experiment
