#include "clients/experiment/probes/docker_engine.hpp"

#include "clients/cpp/url.hpp"
#include "proxy/net/number.hpp"
#include "proxy/net/split.hpp"

#include <aconite/text.hpp>

#include <algorithm>
#include <utility>

namespace aconite::experiment {
namespace {

/// The newest whose requests are known to be those that are made here.
constexpr std::pair<int, int> newest_docker_api{1, 51};

/// `1.41`; none if it is no such thing.
std::optional<std::pair<int, int>> docker_version(json const& body, char const* name)
{
    if (!body.is_object() || !body.contains(name) || !body[name].is_string())
        return std::nullopt;
    auto const text = body[name].get<std::string>();
    std::string_view rest = text;
    auto const major = number_in<int>(take_part(rest, '.'));
    auto const minor = number_in<int>(rest);
    if (!major || !minor)
        return std::nullopt;
    return std::pair(*major, *minor);
}

/// What a refusal says: its `message`, or its first line.
std::string docker_refusal(docker_answer const& answer)
{
    auto const body = json::parse(answer.body, nullptr, false);
    if (body.is_object() && body.contains("message") && body["message"].is_string())
        return printable(body["message"].get<std::string>());
    auto const line = answer.body.substr(0, std::min(answer.body.find('\n'), std::size_t{300}));
    return "status " + std::to_string(answer.status) +
           (line.empty() ? std::string() : ": " + printable(line));
}

std::string member_text(json const& of, char const* name, std::string_view fallback = {})
{
    auto const found = of.is_object() ? of.find(name) : of.end();
    return found != of.end() && found->is_string() ? found->get<std::string>()
                                                   : std::string(fallback);
}

bool member_flag(json const& of, char const* name)
{
    auto const found = of.is_object() ? of.find(name) : of.end();
    return found != of.end() && found->is_boolean() && found->get<bool>();
}

template <class Number>
Number member_number(json const& of, char const* name)
{
    auto const found = of.is_object() ? of.find(name) : of.end();
    return found != of.end() && found->is_number() ? found->get<Number>() : Number{};
}

json member_object(json const& of, char const* name)
{
    auto const found = of.is_object() ? of.find(name) : of.end();
    return found != of.end() && found->is_object() ? *found : json::object();
}

}  // namespace

docker_engine::docker_engine(std::string_view socket)
{
    constexpr std::string_view scheme = "unix://";
    socket_ = socket.starts_with(scheme) ? socket.substr(scheme.size()) : socket;
}

result<void> docker_engine::negotiate(std::chrono::milliseconds limit)
{
    auto const answer = exchange("GET", "/version", {}, limit);
    if (!answer)
        return answer.error();
    if (answer->status != 200)
        return problem{static_cast<int>(answer->status),
                       "the Docker Engine refuses to tell its version: " + docker_refusal(*answer)};
    auto const body = json::parse(answer->body, nullptr, false);
    auto const theirs = docker_version(body, "ApiVersion");
    if (!theirs)
        return problem{0, "what answers at " + printable(socket_) + " is no Docker Engine"};
    auto const oldest = docker_version(body, "MinAPIVersion").value_or(std::pair(0, 0));
    auto const agreed = std::max(std::min(*theirs, newest_docker_api), oldest);
    prefix_ = "/v" + std::to_string(agreed.first) + "." + std::to_string(agreed.second);
    agreed_ = true;
    return {};
}

result<std::string> docker_engine::ask_text(std::string_view method, std::string_view path,
                                            json const& body, std::chrono::milliseconds limit)
{
    auto const begin = std::chrono::steady_clock::now();
    if (!agreed_)
        if (auto const done = negotiate(limit); !done)
            return done.error();
    auto const spent = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    auto const left = std::max(limit - spent, std::chrono::milliseconds(1));
    auto const text =
        body.is_null() ? std::string() : body.dump(-1, ' ', false, json::error_handler_t::replace);
    auto answer = exchange(method, prefix_ + std::string(path), text, left);
    if (!answer)
        return answer.error();
    if (answer->status / 100 != 2 && answer->status != 304)
        return problem{static_cast<int>(answer->status),
                       "the Docker Engine refuses: " + docker_refusal(*answer)};
    return std::move(answer->body);
}

result<json> docker_engine::ask(std::string_view method, std::string_view path, json const& body,
                                std::chrono::milliseconds limit)
{
    auto const text = ask_text(method, path, body, limit);
    if (!text)
        return text.error();
    if (text->empty())
        return result<json>(boost::system::in_place_value);
    auto parsed = json::parse(*text, nullptr, false);
    if (parsed.is_discarded())
        return problem{0, "the Docker Engine at " + printable(socket_) +
                              " answers with something that is no JSON"};
    return result<json>(boost::system::in_place_value, std::move(parsed));
}

result<container_state> docker_engine::inspect(std::string_view container,
                                               std::chrono::milliseconds limit)
{
    auto const body = ask("GET", container_path(container) + "/json", {}, limit);
    if (!body)
        return body.error();
    container_state found;
    found.id = member_text(*body, "Id");
    if (found.id.empty())
        return problem{0,
                       "the Docker Engine tells no id of container '" + printable(container) + "'"};
    found.name = member_text(*body, "Name");
    if (found.name.starts_with('/'))
        found.name.erase(0, 1);
    auto const state = member_object(*body, "State");
    found.running = member_flag(state, "Running");
    found.paused = member_flag(state, "Paused");
    found.status = member_text(state, "Status", found.running ? "running" : "exited");
    // Podman says that a paused one does not run, has an empty status of a health check, and a
    // state more of one that has just ended.
    if (found.status == "stopped")
        found.status = "exited";
    found.paused = found.paused || found.status == "paused";
    found.running = found.running || found.paused;
    found.health = member_text(member_object(state, "Health"), "Status", "none");
    if (found.health.empty())
        found.health = "none";
    found.exit_code = member_number<std::int64_t>(state, "ExitCode");
    found.restarts = member_number<std::int64_t>(*body, "RestartCount");
    found.limits = member_object(*body, "HostConfig");
    return found;
}

result<double> docker_engine::memory(std::string_view container, std::chrono::milliseconds limit)
{
    auto const body =
        ask("GET", container_path(container) + "/stats?stream=false&one-shot=true", {}, limit);
    if (!body)
        return body.error();
    auto const memory = member_object(*body, "memory_stats");
    if (!memory.contains("usage"))
        return problem{409, "container '" + printable(container) +
                                "' uses no memory that the engine knows of: does it run?"};
    auto const kinds = member_object(memory, "stats");
    auto const* const files =
        kinds.contains("total_inactive_file") ? "total_inactive_file" : "inactive_file";
    auto const used = member_number<double>(memory, "usage");
    return result<double>(boost::system::in_place_value,
                          std::max(used - member_number<double>(kinds, files), 0.0));
}

std::string container_path(std::string_view container)
{
    return "/containers/" + client::percent_encoded(container);
}

}  // namespace aconite::experiment
