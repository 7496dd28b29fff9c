#include "clients/experiment/load/generator.hpp"
#include "clients/experiment/load/generator_options.hpp"
#include "clients/experiment/load/kinds.hpp"
#include "clients/experiment/load/stream_channel.hpp"

#include <utility>

namespace aconite::experiment {
namespace {

constexpr std::array own_tcp_fields = {
    field{.name = "address", .about = "host:port", .required = true},
    field{.name = "send",
          .about = "what a request is; without it each one is a new connection, which is closed "
                   "again. May hold {n}, {key}, {uuid} and {connection}"},
    field{.name = "expect", .about = "what an answer ends with; without it none is waited for"},
    field{.name = "expect_bytes",
          .type = field_type::bytes,
          .about = "how long an answer is, instead of what it ends with",
          .minimum = 1},
    connections_field(10'000),
};
constexpr auto tcp_fields = with_generator_fields(own_tcp_fields);

struct tcp_talk_settings {
    request_text send;
    bool sends = false;
    std::string expect{};
    std::uint64_t expect_bytes = 0;
    std::shared_ptr<request_draws const> draws;
};

class tcp_talk final : public dialogue {
public:
    tcp_talk(tcp_talk_settings how, std::size_t number) : how_(std::move(how)), number_(number) {}

    void ask(ticket const& what, std::string& out) override
    {
        how_.send.fill(out, *how_.draws, what.number, number_);
        received_ = 0;
        tail_.clear();
    }

    std::optional<end> hear(std::string_view bytes) override
    {
        received_ += bytes.size();
        if (how_.expect_bytes > 0)
            return received_ < how_.expect_bytes ? std::nullopt
                                                 : over(received_ == how_.expect_bytes);
        if (how_.expect.empty())
            return over(how_.sends);
        tail_ += bytes;
        auto const found = tail_.find(how_.expect);
        if (found != std::string::npos)
            return over(found + how_.expect.size() == tail_.size());
        // What could be the beginning of it.
        tail_.erase(0, tail_.size() - std::min(tail_.size(), how_.expect.size() - 1));
        return std::nullopt;
    }

    [[nodiscard]] bool ignores_surplus() const override
    {
        return how_.expect.empty() && how_.expect_bytes == 0;
    }

private:
    static std::optional<end> over(bool keep) { return end{keep, {}}; }

    tcp_talk_settings how_;
    std::size_t number_;
    std::uint64_t received_ = 0;
    std::string tail_;
};

result<std::unique_ptr<load>> make_tcp_load(settings const& how, surroundings const& where,
                                            recorder& into)
{
    auto options = read_generator_options(how, where);
    if (!options)
        return options.error();
    auto const to = client::parse_url(how.text("address"));
    if (!to)
        return bad_field("address", to.error().text);
    if (to->secure || !to->prefix.empty())
        return bad_field("address", "must be host:port");
    if (how.has("expect") && how.has("expect_bytes"))
        return bad_field("expect_bytes", "is there beside `expect`: an answer has one end only");
    if (!how.has("send") && (how.has("expect") || how.has("expect_bytes")))
        return bad_field("send", "is missing: without it nothing is expected");
    if (how.has("expect") && how.text("expect").empty())
        return bad_field("expect", "must not be empty");
    tcp_talk_settings const talk{
        request_text(how.text("send")), how.has("send"), how.text("expect"),
        static_cast<std::uint64_t>(how.number("expect_bytes")), options->draws};
    auto channels = stream_channels(
        *to, [talk](std::size_t number) { return std::make_unique<tcp_talk>(talk, number); });
    return std::make_unique<generator>(std::move(*options), std::move(channels), into);
}

}  // namespace

load_kind const& tcp_load_kind()
{
    static load_kind const kind{
        {.name = "tcp",
         .about = "Connections, or texts and their answers, at a fixed rate",
         .fields = tcp_fields,
         .primary = "address",
         .example = R"({tcp: "127.0.0.1:7000", send: "PING {n}\n", expect: "\n", rate: 50/s})"},
        &make_tcp_load};
    return kind;
}

}  // namespace aconite::experiment
