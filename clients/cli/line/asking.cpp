#include "clients/cli/line/asking.hpp"

#include "clients/cli/line/numbers.hpp"
#include "clients/cli/text/format.hpp"
#include "clients/cpp/codec.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace aconite::cli {

void fail(std::string text, std::string usage, int status)
{
    throw failure{status, std::move(text), std::move(usage)};
}

outcome failed(failure const& why, bool for_scripts)
{
    return {why.status, for_scripts ? client::codec::dump({{"error", why.text}}) + "\n" : why.usage,
            printable(why.text) + "\n"};
}

std::string reason(problem const& why)
{
    return why.status == 0 ? why.text : fmt::format("HTTP {}: {}", why.status, why.text);
}

client::server_config server_of(command const& asked, identity const& self)
{
    auto const of = asked.servers.size() > 1 ? printable(asked.host) + ": " : std::string();
    return {.url = asked.host,
            .user_agent = self.user_agent,
            .verify_certificate = !asked.insecure,
            .on_warning = [of](auto warning) {
                fmt::print(stderr, "{}warning: {}\n", of, printable(warning));
            }};
}

namespace {

std::string body_text(std::string const& context, nlohmann::json const& body)
{
    try {
        return body.is_null() ? "" : body.dump();
    } catch (nlohmann::json::type_error const&) {
        fail(context + "a name or text is not UTF-8");
    }
}

}  // namespace

nlohmann::json ask(client::server const& server, std::string const& context,
                   std::string_view method, std::string const& path, nlohmann::json const& body)
{
    auto const answer = server.request(method, path, body_text(context, body));
    if (!answer)
        fail(context + reason(answer.error()));
    return answer->empty() ? nlohmann::json() : nlohmann::json::parse(*answer);
}

void require(command const& asked, std::string const& value, std::string const& text)
{
    if (value.empty())
        fail(text, asked.usage);
}

void require_flag(command const& asked, std::string const& value, std::string const& name)
{
    require(asked, value, fmt::format("Required argument '{}' was empty.", name));
}

void append_seed(command const& asked, nlohmann::json& body)
{
    if (asked.seed.empty())
        return;
    auto const seed = read_whole({}, asked.seed);
    if (!seed)
        fail("--seed " + seed.error().text + ".");
    body["seed"] = *seed;
}

outcome say(command const& asked, std::string line, nlohmann::json const& object)
{
    return {0, asked.for_scripts() ? to_text(object) : line + "\n", ""};
}

}  // namespace aconite::cli
