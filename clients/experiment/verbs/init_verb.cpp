#include "clients/experiment/verbs/init_compose.hpp"
#include "clients/experiment/verbs/init_texts.hpp"
#include "clients/experiment/verbs/other_verbs.hpp"
#include "clients/experiment/verbs/text_file.hpp"
#include "clients/experiment/verbs/verbs.hpp"

#include <aconite/text.hpp>

#include <CLI/App.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>

namespace aconite::experiment {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds first_look{2'000};

/// Where a client of this machine reaches it.
std::string reachable(std::string const& listen)
{
    auto const colon = listen.rfind(':');
    auto const host = listen.substr(0, colon);
    bool const is_any = colon == 0 || host == "0.0.0.0" || host == "[::]";
    return is_any && colon != listen.npos ? "127.0.0.1" + listen.substr(colon) : listen;
}

/// What is written into a text between double quotes.
bool is_plain(std::string const& text)
{
    return std::ranges::none_of(text, [](char c) {
        return c == '"' || c == '\\' || c == '$' || c == '@' || static_cast<unsigned char>(c) < ' ';
    });
}

/// One of the server's proxies that looks like that kind.
std::optional<first_proxy> proxy_that_is_there(first_kind const& kind,
                                               std::vector<proxy_info> const& all)
{
    auto const port = fmt::format(":{}", kind.port);
    for (bool const by_protocol : {true, false})
        for (auto const& each : all) {
            bool const fits =
                by_protocol ? each.protocol == kind.name : each.upstream.ends_with(port);
            if (fits && each.enabled && is_plain(each.name))
                return first_proxy{each.name, reachable(each.listen), each.upstream, true};
        }
    return std::nullopt;
}

std::string experiment_of_server(first_kind const& kind, client::server_config config)
{
    config.connect_timeout = config.answer_timeout = first_look;
    auto const all = client::server(config).proxies();
    if (!all) {
        std::fprintf(stderr, "aconite init: %s; the usual ports are written\n",
                     printable(all.error().text).c_str());
        return first_experiment(kind, kind.usual);
    }
    auto const there = proxy_that_is_there(kind, *all);
    return first_experiment(kind, there ? *there : kind.usual);
}

result<std::string> experiment_of_file(std::string file)
{
    std::error_code none;
    if (file.empty())
        for (auto const* usual :
             {"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"})
            if (file.empty() && fs::exists(usual, none))
                file = usual;
    if (file.empty())
        return problem{0, "there is no compose.yaml here; -f FILE names another one"};
    auto const text = text_of(file);
    if (!text)
        return text.error();
    auto const folder = fs::absolute(file, none).lexically_normal().parent_path().filename();
    auto made = experiment_of_compose(*text, folder.string());
    if (!made)
        return problem{0, fmt::format("{}: {}", file, made.error().text)};
    return made;
}

/// Never over a file that is there.
int write_new_file(std::string const& file, std::string const& text)
{
    std::FILE* out = std::fopen(file.c_str(), "wx");
    if (out == nullptr) {
        std::fprintf(stderr, "aconite init: %s: %s\n", file.c_str(), std::strerror(errno));
        return status_could_not_run;
    }
    bool const written = std::fwrite(text.data(), 1, text.size(), out) == text.size();
    if (std::fclose(out) != 0 || !written) {
        std::fprintf(stderr, "aconite init: %s: could not be written\n", file.c_str());
        return status_could_not_run;
    }
    std::printf("%s is written; try: aconite run %s\n", file.c_str(), file.c_str());
    return status_held;
}

}  // namespace

void add_init_options(CLI::App& verb, init_command& into)
{
    verb.add_option("what", into.what, "redis, postgres, kafka or compose")
        ->type_name("")
        ->required()
        ->check(CLI::IsMember({"redis", "postgres", "kafka", "compose"}));
    verb.add_option("-o,--output", into.output, "a new file, instead of printing it")
        ->type_name("FILE");
    verb.add_option("-f,--file", into.compose_file, "the Compose file; compose.yaml by default")
        ->type_name("FILE");
    verb.footer("With the server it looks for a proxy in front of that kind, else the usual ports\n"
                "are written.\n"
                "Example: aconite init redis -o slow-redis.yaml");
}

int write_first(init_command const& asked)
{
    auto const* kind = find_first_kind(asked.what);
    auto const text = kind != nullptr
                          ? result<std::string>(experiment_of_server(*kind, asked.server))
                          : experiment_of_file(asked.compose_file);
    if (!text) {
        std::fprintf(stderr, "aconite init: %s\n", text.error().text.c_str());
        return status_could_not_run;
    }
    if (!asked.output.empty())
        return write_new_file(asked.output, *text);
    std::fputs(text->c_str(), stdout);
    return status_held;
}

}  // namespace aconite::experiment
