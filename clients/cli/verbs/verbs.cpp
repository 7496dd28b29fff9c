#include "clients/cli/verbs/verbs.hpp"

#include "clients/cli/doctor/doctor.hpp"
#include "clients/cli/help/completion_script.hpp"
#include "clients/cli/line/asking.hpp"
#include "clients/cli/line/numbers.hpp"
#include "clients/cli/line/servers.hpp"
#include "clients/cli/replay/replay.hpp"
#include "clients/cli/verbs/conditions.hpp"
#include "clients/cli/verbs/config_verbs.hpp"
#include "clients/cli/verbs/journal.hpp"
#include "clients/cli/verbs/lease_run.hpp"
#include "clients/cli/verbs/proxy_verbs.hpp"
#include "clients/cli/verbs/stats.hpp"
#include "clients/cli/verbs/toxic_verbs.hpp"
#include "clients/cpp/codec.hpp"

#include <aconite/client.hpp>
#include <aconite/text.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <utility>

namespace aconite::cli {
namespace {

using nlohmann::json;

outcome run_with_lease(command const& asked, identity const& self)
{
    if (asked.program.empty())
        fail("A command to run is missing.", asked.usage);
    auto const ttl = read_time_ms({1, time_ms_max}, asked.lease_ttl);
    if (!ttl)
        fail("--ttl " + ttl.error().text + ".");
    auto const end = run_under_lease(server_of(asked, self), *ttl, asked.program);
    if (!end)
        fail("Failed to open a lease: " + reason(end.error()));
    auto const complaint = end->complaint.empty() ? "" : self.program + ": " + end->complaint;
    if (!end->has_run)
        fail(complaint, {}, end->status);
    return {end->status, "", complaint.empty() ? "" : printable(complaint) + "\n"};
}

outcome tell_versions(command const& asked, identity const& self)
{
    client::server const server(server_of(asked, self));
    auto const answer = server.version();
    if (!answer)
        fail("Failed to retrieve the server's version: " + answer.error().text);
    return say(asked,
               fmt::format("{}\nserver at {}: {}", self.version_line, printable(asked.host),
                           printable(*answer)),
               {{"client", self.drop_in ? compatible_version : own_version}, {"server", *answer}});
}

outcome run_verb(command const& asked, identity const& self, style how)
{
    switch (asked.what) {
    case verb::list:
        return list_proxies(asked, self, how);
    case verb::reset:
        return reset_proxies(asked, self);
    case verb::lease_run:
        return run_with_lease(asked, self);
    case verb::config_get:
        return show_config(asked, self);
    case verb::config_apply:
        return apply_config(asked, self);
    case verb::config_check:
        return check_config(asked);
    case verb::version:
        return tell_versions(asked, self);
    case verb::journal:
        return show_journal(asked, self);
    case verb::mark:
        return leave_mark(asked, self);
    case verb::stats:
        return show_stats(asked, self, how);
    case verb::wait:
        return wait_for(asked, self);
    case verb::insist:
        return insist_on(asked, self);
    case verb::health:
        return check_health(asked, self);
    case verb::replay:
        return replay_journal(asked, self);
    case verb::completion:
        return asked.for_scripts()
                   ? say(asked, {},
                         {{"shell", asked.shell}, {"script", completion_script(asked.shell)}})
                   : outcome{0, completion_script(asked.shell), ""};
    case verb::doctor:
        return run_doctor(asked, self, how);
    case verb::add_toxic:
    case verb::update_toxic:
    case verb::remove_toxic:
        require(asked, asked.proxy, "Proxy name is missing.");
        break;
    default:
        require(asked, asked.proxy, "Proxy name is required as the first argument.");
    }
    switch (asked.what) {
    case verb::inspect:
        return inspect_proxy(asked, self, how);
    case verb::create:
        return create_proxy(asked, self);
    case verb::toggle:
        return toggle_proxy(asked, self, how);
    case verb::remove:
        return delete_proxy(asked, self);
    case verb::add_toxic:
        return add_toxic(asked, self);
    case verb::update_toxic:
        return update_toxic(asked, self);
    default:
        return remove_toxic(asked, self);
    }
}

}  // namespace

outcome run(command const& asked, identity const& self, style how)
{
    try {
        return run_verb(asked, self, how);
    } catch (failure const& why) {
        return failed(why, asked.for_scripts());
    } catch (json::exception const& error) {
        auto const text = "unexpected answer from the server: " + client::codec::reason(error);
        return failed({1, text, {}}, asked.for_scripts());
    }
}

outcome run_line(identity const& self, std::vector<std::string> const& arguments, style how)
{
    auto read = parse(self, arguments);
    if (auto* end = std::get_if<outcome>(&read))
        return std::move(*end);
    auto const& asked = std::get<command>(read);
    auto const run_one = [&self, how](command const& one) { return run(one, self, how); };
    try {
        return asked.servers.size() > 1 ? run_on_each(asked, run_one) : run_one(asked);
    } catch (std::exception const& error) {  // such as no thread for each of so many servers
        return failed({1, self.program + ": " + error.what(), {}}, asked.for_scripts());
    }
}

int run_command_line(identity const& self, std::vector<std::string> const& arguments)
{
    auto end = run_line(self, arguments, style_of_stdout(!self.drop_in));
    auto const written = std::fwrite(end.out.data(), 1, end.out.size(), stdout);
    if ((written < end.out.size() || std::fflush(stdout) != 0) && end.status == 0)
        end = {1, "", fmt::format("{}: cannot write: {}\n", self.program, std::strerror(errno))};
    std::fputs(end.err.c_str(), stderr);
    return end.status;
}

}  // namespace aconite::cli
