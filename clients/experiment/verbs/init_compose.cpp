#include "clients/experiment/verbs/init_compose.hpp"

#include "clients/experiment/file/node.hpp"
#include "clients/experiment/file/variables.hpp"
#include "proxy/net/number.hpp"

#include <aconite/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace aconite::experiment {
namespace {

/// A port of a container that this machine has too.
struct published_port {
    std::string address;  ///< host:port to connect to
    std::uint16_t inside = 0;
};

struct compose_service {
    std::string name;
    std::string container;
    std::string probe{};  ///< what it is called in expressions
    std::string image{};
    std::optional<published_port> port{};
    std::string health_path{};  ///< of a health check by HTTP at that port
    bool has_health_check = false;
};

/// With what `<<` brings along.
node const* member_of(node const& mapping, std::string_view key)
{
    if (auto const* own = mapping.find(key))
        return own;
    auto const* merged = mapping.find("<<");
    if (merged == nullptr)
        return nullptr;
    if (merged->is_mapping())
        return member_of(*merged, key);
    for (auto const& each : merged->items)
        if (auto const* found = member_of(each, key))
            return found;
    return nullptr;
}

std::string text_of_member(node const& mapping, std::string_view key)
{
    auto const* found = member_of(mapping, key);
    return found != nullptr && found->is_scalar() ? found->text : std::string();
}

/// All texts in it, with blanks between them.
std::string all_text(node const& in)
{
    auto text = in.text;
    for (auto const& each : in.items)
        text += " " + all_text(each);
    for (auto const& each : in.members)
        text += " " + all_text(each.value);
    return text;
}

std::optional<published_port> port_of(std::string host, std::string const& outside,
                                      std::string const& inside)
{
    auto const from = number_in<std::uint16_t>(outside);
    auto const to = number_in<std::uint16_t>(inside);
    if (!from || !to || *from == 0)
        return std::nullopt;
    if (host.empty() || host == "0.0.0.0" || host == "[::]" || host == "::")
        host = "127.0.0.1";
    return published_port{fmt::format("{}:{}", host, *from), *to};
}

/// `8080:80`, `127.0.0.1:8080:80/tcp` or a mapping; none for ranges, UDP and ports that are picked
/// when the container starts.
std::optional<published_port> read_port(node const& written)
{
    if (written.is_mapping()) {
        if (text_of_member(written, "protocol") == "udp")
            return std::nullopt;
        return port_of(text_of_member(written, "host_ip"), text_of_member(written, "published"),
                       text_of_member(written, "target"));
    }
    auto text = written.text;
    if (auto const slash = text.find('/'); slash != text.npos) {
        if (text.substr(slash) != "/tcp")
            return std::nullopt;
        text.resize(slash);
    }
    auto const last = text.rfind(':');
    if (last == text.npos)
        return std::nullopt;
    auto const before = last > 0 ? text.rfind(':', last - 1) : text.npos;
    auto const begin = before == text.npos ? 0 : before + 1;
    return port_of(before == text.npos ? std::string() : text.substr(0, before),
                   text.substr(begin, last - begin), text.substr(last + 1));
}

/// The path in `curl -f http://localhost:8080/health` if that is the container's port; else empty.
std::string health_path_in(std::string_view test, std::uint16_t port)
{
    constexpr std::string_view scheme = "http://";
    auto const begin = test.find(scheme);
    if (begin == test.npos)
        return {};
    auto url = test.substr(begin + scheme.size());
    url = url.substr(0, url.find_first_of(" \t\n\"'|;&)"));
    auto const slash = std::min(url.find('/'), url.size());
    auto const colon = url.substr(0, slash).rfind(':');
    auto const written = colon == url.npos ? std::string("80")
                                           : std::string(url.substr(colon + 1, slash - colon - 1));
    if (number_in<std::uint16_t>(written) != port)
        return {};
    return slash == url.size() ? "/" : std::string(url.substr(slash));
}

compose_service read_service(node::member const& written, std::string_view project)
{
    auto const& what = written.value;
    compose_service made{.name = written.key,
                         .container = text_of_member(what, "container_name"),
                         .image = text_of_member(what, "image")};
    if (made.container.empty())
        made.container = fmt::format("{}-{}-1", project, written.key);
    if (auto const* ports = member_of(what, "ports"))
        for (auto const& each : ports->items)
            if (!made.port)
                made.port = read_port(each);
    if (auto const* health = member_of(what, "healthcheck"); health != nullptr) {
        auto const* test = member_of(*health, "test");
        made.has_health_check = test != nullptr;
        if (test != nullptr && made.port)
            made.health_path = health_path_in(all_text(*test), made.port->inside);
    }
    return made;
}

/// A project's name as Compose makes it of a folder's: small letters, digits, - and _.
std::string project_name(std::string_view folder)
{
    std::string name;
    for (char c : folder) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
        bool const begins = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (begins || (!name.empty() && (c == '-' || c == '_')))
            name += c;
    }
    return name.empty() ? "project" : name;
}

/// What an expression can name.
std::string probe_name(std::string_view service)
{
    std::string name(service);
    for (char& c : name)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
            c = '_';
    constexpr std::array<std::string_view, 5> taken = {"and", "or", "not", "true", "false"};
    bool const begins = (name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z');
    if (!begins || std::ranges::find(taken, name) != taken.end())
        name.insert(0, "service_");
    return name;
}

/// In double quotes, as YAML has it.
std::string quoted_text(std::string_view text)
{
    std::string made = "\"";
    for (char const c : printable(text)) {
        if (c == '"' || c == '\\')
            made += '\\';
        if (c == '{' && made.ends_with('$'))  // ${ would be a variable, $${ is not
            made += "${";
        else
            made += c;
    }
    return made + "\"";
}

/// The one that others most likely need.
compose_service const& victim_of(std::vector<compose_service> const& all)
{
    constexpr std::array<std::string_view, 9> stores = {
        "postgres", "redis", "kafka", "mysql", "mariadb", "mongo", "rabbitmq", "nats", "valkey"};
    for (auto const& each : all)
        for (auto const store : stores)
            if (each.image.find(store) != each.image.npos)
                return each;
    return all.back();
}

std::string probe_line(compose_service const& of)
{
    auto const name = of.probe;
    if (!of.health_path.empty())
        return fmt::format("  {}: {{http: {}, expect_status: 200}}\n", name,
                           quoted_text("http://" + of.port->address + of.health_path));
    return fmt::format("  {}: {{tcp: {}}}\n", name, quoted_text(of.port->address));
}

constexpr std::string_view head_of_compose_file =
    R"(# A first experiment with the services of a Compose file: one of them dies.
#
# Check it:  aconite validate FILE
# Run it:    docker compose up --wait, then aconite run FILE   (the report is in aconite-reports/)
# All keys:  docs/experiments.md; for an editor: aconite validate --schema
)";

constexpr std::string_view load_of_compose_file = R"(
# Nothing is learned from a system that has nothing to do: requests to what matters.
# load:
#   http: http://127.0.0.1:8080/
#   rate: 20/s
)";

std::string write_compose_experiment(std::vector<compose_service> const& all)
{
    auto const& victim = victim_of(all);
    auto const name = quoted_text(victim.name);
    std::string text(head_of_compose_file);
    text += fmt::format("name: {}\n", quoted_text(victim.name + " dies"));
    text += fmt::format("description: {}\n", quoted_text("The container of " + victim.name +
                                                         " is killed, and started 10 s later."));
    text += "hypothesis: All is as before within 60 s after it is back.\n\n"
            "# What faults can be aimed at: containers by their names.\ntargets:\n";
    for (auto const& each : all)
        text += fmt::format("  {}: {{container: {}}}\n", quoted_text(each.name),
                            quoted_text(each.container));
    text +=
        "\n# Looked at every `interval`: 1 if somebody answers, else 0. For what is stored, ask\n"
        "# databases: sql, redis, kafka, prometheus, command.\nprobes:\n";
    for (auto const& each : all)
        if (each.port)
            text += probe_line(each);
    text += fmt::format("  victim.state: {{container: {}, of: state}}\n",
                        quoted_text(victim.container));

    text += "\n# Holds before the fault, or there is no experiment, and again at the end.\n"
            "steady_state:\n";
    std::string all_answer;
    for (auto const& each : all)
        if (each.port)
            all_answer += fmt::format("{}{} == 1", all_answer.empty() ? "" : " and ", each.probe);
    text += "  - {name: it runs, expect: \"victim.state == 'running'\"}\n";
    if (!all_answer.empty())
        text += fmt::format("  - {{name: all answer, expect: \"{}\", within: 60s}}\n", all_answer);
    text += load_of_compose_file;
    text +=
        fmt::format("\nphases:\n  - {{name: baseline, duration: 10s, description: All as it is.}}\n"
                    "  - name: outage\n    duration: 10s\n    actions:\n"
                    "      # Others: {{pause: {0}}}, {{stop: {0}}}, {{restart: {0}}}\n"
                    "      - {{kill: {0}}}\n"
                    "  - name: recovery\n    duration: 30s\n    actions:\n      - {{start: {0}}}\n",
                    name);
    text += "\n# What the hypothesis says, to be checked.\nvalidation:\n";
    text += fmt::format("  - {{container: {}, condition: {}, within: 60s, after_phase: outage}}\n",
                        name, victim.has_health_check ? "healthy" : "running");
    if (!all_answer.empty())
        text += fmt::format("  - {{name: all answer again, expect: \"{}\", within: 60s}}\n",
                            all_answer);
    return text;
}

}  // namespace

result<std::string> experiment_of_compose(std::string_view text, std::string_view project)
{
    auto read = read_yaml(text, yaml_rules::of_others);
    if (auto const* fault = std::get_if<file_fault>(&read))
        return problem{
            0, fmt::format("{}:{}: {}", fault->at.line, fault->at.column, printable(fault->text))};
    auto& root = std::get<node>(read);
    faults unknown;  // Compose takes an empty text for those
    variables().fill(root, unknown);
    auto const* services = root.find("services");
    if (services == nullptr || !services->is_mapping() || services->members.empty())
        return problem{0, "there are no 'services' in it"};
    auto const named = text_of_member(root, "name");
    auto const called = project_name(named.empty() ? project : named);
    std::vector<compose_service> all;
    for (auto const& each : services->members) {
        all.push_back(read_service(each, called));
        auto& name = all.back().probe = probe_name(each.key);
        while (std::ranges::count(all, name, &compose_service::probe) > 1)
            name += "_";  // `a-b` and `a_b`
    }
    return write_compose_experiment(all);
}

}  // namespace aconite::experiment
