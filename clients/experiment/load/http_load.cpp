#include "clients/experiment/load/generator.hpp"
#include "clients/experiment/load/generator_options.hpp"
#include "clients/experiment/load/http_answer.hpp"
#include "clients/experiment/load/http_plan.hpp"
#include "clients/experiment/load/kinds.hpp"
#include "clients/experiment/load/stream_channel.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace aconite::experiment {
namespace {

constexpr std::array own_http_fields = {
    field{.name = "url",
          .about = "http://host:port/path or https://...; it, the headers and the body may hold "
                   "{n}, {key}, {uuid} and {connection}",
          .required = true},
    field{.name = "method", .about = "GET by default, POST where there is a body"},
    field{.name = "headers", .type = field_type::object, .about = "names and texts"},
    field{.name = "body", .type = field_type::any, .about = "a text, or a value that is JSON then"},
    field{.name = "expect_status",
          .type = field_type::words,
          .about = "statuses that are no errors, as 201 or 4xx; 2xx by default"},
    field{.name = "verify",
          .type = field_type::flag,
          .about = "whether https needs a certificate that is trusted (default: true)"},
    field{.name = "requests",
          .type = field_type::any,
          .about = "a list of {method, path, headers, body} that are sent in turn"},
    connections_field(10'000),
};
constexpr auto http_fields = with_generator_fields(own_http_fields);

class http_talk final : public dialogue {
public:
    http_talk(std::shared_ptr<http_plan const> plan, std::shared_ptr<request_draws const> draws,
              std::size_t number)
        : plan_(std::move(plan)), draws_(std::move(draws)), number_(number)
    {}

    void ask(ticket const& what, std::string& out) override
    {
        auto const& step = plan_->steps[what.number % plan_->steps.size()];
        answer_.begin(step.head);
        step.start.fill(out, *draws_, what.number, number_);
        if (step.sends_body) {
            auto const body = step.body.filled(*draws_, what.number, number_);
            fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n\r\n{}", body.size(),
                           body);
        } else {
            out += "\r\n";
        }
    }

    std::optional<end> hear(std::string_view bytes) override
    {
        switch (answer_.hear(bytes)) {
        case http_answer_reader::state::more:
            return std::nullopt;
        case http_answer_reader::state::wrong:
            return end{false, "no HTTP"};
        case http_answer_reader::state::whole:
            break;
        }
        return judged(answer_.keep());
    }

    end closed() override
    {
        return answer_.closed() == http_answer_reader::state::whole ? judged(false)
                                                                    : dialogue::closed();
    }

private:
    [[nodiscard]] end judged(bool keep) const
    {
        auto const status = answer_.status();
        return {keep, plan_->expects(status) ? std::string() : fmt::format("HTTP {}", status)};
    }

    std::shared_ptr<http_plan const> plan_;
    std::shared_ptr<request_draws const> draws_;
    std::size_t number_;
    http_answer_reader answer_;
};

result<std::unique_ptr<load>> make_http_load(settings const& how, surroundings const& where,
                                             recorder& into)
{
    auto options = read_generator_options(how, where);
    if (!options)
        return options.error();
    auto read = read_http_plan(how);
    if (!read)
        return read.error();
    auto const to = read->where;
    auto const plan = std::make_shared<http_plan const>(std::move(*read));
    auto channels = stream_channels(
        to,
        [plan, draws = options->draws](std::size_t number) {
            return std::make_unique<http_talk>(plan, draws, number);
        },
        how.flag("verify", true));
    return std::make_unique<generator>(std::move(*options), std::move(channels), into);
}

}  // namespace

load_kind const& http_load_kind()
{
    static load_kind const kind{
        {.name = "http",
         .about = "HTTP requests, at a fixed rate",
         .fields = http_fields,
         .primary = "url",
         .example =
             R"({http: "http://127.0.0.1:8082/orders", body: '{"id": "{uuid}"}', rate: 50/s})"},
        &make_http_load};
    return kind;
}

}  // namespace aconite::experiment
