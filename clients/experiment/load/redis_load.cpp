#include "clients/experiment/load/generator.hpp"
#include "clients/experiment/load/generator_options.hpp"
#include "clients/experiment/load/kinds.hpp"
#include "clients/experiment/load/stream_channel.hpp"

#include <hiredis/hiredis.h>

#include <utility>

namespace aconite::experiment {
namespace {

constexpr std::array own_redis_fields = {
    field{.name = "command",
          .type = field_type::words,
          .about = "its words; each may hold {n}, {key}, {uuid} and {connection}",
          .required = true},
    field{.name = "server", .about = "host:port; 127.0.0.1:6379 by default"},
    field{.name = "password", .about = "for AUTH"},
    field{.name = "database", .type = field_type::whole, .about = "for SELECT", .maximum = 1e6},
    connections_field(10'000),
};
constexpr auto redis_fields = with_generator_fields(own_redis_fields);

void append_command(std::string& out, std::vector<std::string> const& words)
{
    std::vector<char const*> texts;
    std::vector<std::size_t> sizes;
    for (auto const& each : words) {
        texts.push_back(each.data());
        sizes.push_back(each.size());
    }
    char* made = nullptr;
    auto const size =
        redisFormatCommandArgv(&made, static_cast<int>(words.size()), texts.data(), sizes.data());
    if (size > 0)
        out.append(made, static_cast<std::size_t>(size));
    redisFreeCommand(made);
}

struct redis_talk_settings {
    std::vector<request_text> words;
    std::string greeting{};  ///< what is said first on a new connection
    unsigned greeting_answers = 0;
    std::shared_ptr<request_draws const> draws;
};

/// The first word of an error, which says its kind: `OOM`, `READONLY`, `ERR`.
std::string redis_error(std::string_view text)
{
    constexpr std::size_t longest = 32;
    auto const word = text.substr(0, std::min(text.find(' '), longest));
    for (char const c : word)
        if ((c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_')
            return "ERR";
    return std::string(word.empty() ? "ERR" : word);
}

class redis_talk final : public dialogue {
public:
    redis_talk(std::shared_ptr<redis_talk_settings const> how, std::size_t number)
        : how_(std::move(how)), number_(number)
    {}

    void opened() override
    {
        reader_.reset(redisReaderCreate());
        fresh_ = true;
    }

    void ask(ticket const& what, std::string& out) override
    {
        awaited_ = 1;
        if (std::exchange(fresh_, false)) {
            out += how_->greeting;
            awaited_ += how_->greeting_answers;
        }
        error_.clear();
        std::vector<std::string> words;
        for (auto const& each : how_->words)
            words.push_back(each.filled(*how_->draws, what.number, number_));
        append_command(out, words);
    }

    std::optional<end> hear(std::string_view bytes) override
    {
        if (bytes.empty())
            return std::nullopt;
        if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK)
            return end{false, "no Redis protocol"};
        while (awaited_ > 0) {
            void* got = nullptr;
            if (redisReaderGetReply(reader_.get(), &got) != REDIS_OK)
                return end{false, "no Redis protocol"};
            if (got == nullptr)
                return std::nullopt;
            std::unique_ptr<redisReply, void (*)(void*)> const reply(static_cast<redisReply*>(got),
                                                                     &freeReplyObject);
            --awaited_;
            if (reply->type == REDIS_REPLY_ERROR && error_.empty()) {
                error_ = redis_error({reply->str, static_cast<std::size_t>(reply->len)});
                greeted_ = greeted_ && awaited_ == 0;
            }
        }
        // A connection that was not let in is made anew.
        return end{std::exchange(greeted_, true), error_};
    }

private:
    struct free_reader {
        void operator()(redisReader* reader) const { redisReaderFree(reader); }
    };

    std::shared_ptr<redis_talk_settings const> how_;
    std::size_t number_;
    std::unique_ptr<redisReader, free_reader> reader_;
    bool fresh_ = true;
    bool greeted_ = true;
    unsigned awaited_ = 0;
    std::string error_;
};

result<std::unique_ptr<load>> make_redis_load(settings const& how, surroundings const& where,
                                              recorder& into)
{
    auto options = read_generator_options(how, where);
    if (!options)
        return options.error();
    auto const to = client::parse_url(how.text("server", "127.0.0.1:6379"));
    if (!to)
        return bad_field("server", to.error().text);
    if (to->secure || !to->prefix.empty())
        return bad_field("server", "must be host:port");
    auto const words = how.words("command");
    if (words.empty() || words.front().empty())
        return bad_field("command", "must have at least one word");
    auto talk = std::make_shared<redis_talk_settings>();
    talk->draws = options->draws;
    for (auto const& each : words)
        talk->words.emplace_back(each);
    if (how.has("password")) {
        append_command(talk->greeting, {"AUTH", how.text("password")});
        ++talk->greeting_answers;
    }
    if (how.has("database")) {
        append_command(talk->greeting, {"SELECT", std::to_string(how.whole("database"))});
        ++talk->greeting_answers;
    }
    auto channels = stream_channels(
        *to, [talk](std::size_t number) { return std::make_unique<redis_talk>(talk, number); });
    return std::make_unique<generator>(std::move(*options), std::move(channels), into);
}

}  // namespace

load_kind const& redis_load_kind()
{
    static load_kind const kind{
        {.name = "redis",
         .about = "A command of Redis, at a fixed rate",
         .fields = redis_fields,
         .primary = "command",
         .example =
             R"({redis: [SET, "user:{key}", "{uuid}"], server: "127.0.0.1:6379", rate: 100/s})"},
        &make_redis_load};
    return kind;
}

}  // namespace aconite::experiment
