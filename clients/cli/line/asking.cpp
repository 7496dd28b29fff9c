#include "clients/cli/line/asking.hpp"

#include "clients/cpp/codec.hpp"

#include <fmt/format.h>

#include <utility>

namespace aconite::cli {

void fail(std::string const& text, std::string usage)
{
    throw failure{{1, std::move(usage), text + "\n"}};
}

std::string reason(problem const& why)
{
    return why.status == 0 ? why.text : fmt::format("HTTP {}: {}", why.status, why.text);
}

client::server_config server_of(command const& asked, identity const& self)
{
    return {.url = asked.host, .user_agent = self.user_agent};
}

nlohmann::json ask(client::server const& server, std::string const& context,
                   std::string_view method, std::string const& path, nlohmann::json const& body)
{
    auto const answer =
        server.request(method, path, body.is_null() ? "" : client::codec::dump(body));
    if (!answer)
        fail(context + reason(answer.error()));
    return answer->empty() ? nlohmann::json() : nlohmann::json::parse(*answer);
}

}  // namespace aconite::cli
