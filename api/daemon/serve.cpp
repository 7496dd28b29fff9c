#include "api/daemon/serve.hpp"

#include "api/daemon/configuration.hpp"
#include "api/daemon/go_flags.hpp"
#include "api/daemon/json_log.hpp"
#include "api/daemon/repeated_task.hpp"
#include "api/http/server.hpp"
#include "api/routes/handlers.hpp"
#include "api/version.hpp"
#include "proxy/net/address.hpp"
#include "toxics/packet_loss.hpp"

#include <aconite/engine.hpp>
#include <aconite/processors.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <fmt/core.h>

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <optional>

namespace aconite::daemon {
namespace {

constexpr std::chrono::seconds stop_patience{30};
/// A reload may wait for a name server, or for a file that is none.
constexpr std::chrono::seconds reload_patience{1};

/// A problem that ends the start: for people on stderr, for programs in the log.
int give_up(json_log const& log, std::string const& program, std::string_view message,
            std::string const& error, std::string const& config = {})
{
    if (config.empty()) {
        log_field const fields[] = {{"error", error}};
        log.write(log_level::error, message, fields);
    } else {
        log_field const fields[] = {{"config", config}, {"error", error}};
        log.write(log_level::error, message, fields);
    }
    fmt::print(stderr, "{}: {}\n", program, one_line(error));
    return EXIT_FAILURE;
}

/// Unset or empty: everything. An unknown word is told in the log and means the same.
json_log make_log()
{
    char const* wanted = std::getenv("LOG_LEVEL");
    if (wanted == nullptr || *wanted == '\0')
        return {STDOUT_FILENO, log_level::trace};
    auto const level = level_from(wanted);
    json_log const log(STDOUT_FILENO, level.value_or(log_level::trace));
    if (!level) {
        log_field const fields[] = {{"error", "known are trace, debug, info, warn, error, fatal, "
                                              "panic, disabled and -1 to 7"}};
        log.write(log_level::error, fmt::format("unknown LOG_LEVEL value: \"{}\"", wanted), fields);
    }
    return log;
}

/// Each connection takes two descriptors or more: all that we may have.
void raise_descriptor_limit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// The environment speaks where the command line does not.
config_source source_of(settings const& wanted)
{
    auto const from_environment = [](char const* name) {
        auto const* const value = std::getenv(name);
        return std::string(value == nullptr ? "" : value);
    };
    return {wanted.config.empty() ? from_environment("ACONITE_CONFIG") : wanted.config,
            from_environment("ACONITE_PROXIES"), wanted.ignore_body_toxics};
}

engine_config engine_settings(settings const& wanted, json_log const& log)
{
    engine_config config;
    config.shards = static_cast<unsigned>(wanted.threads);
    if (wanted.seed)
        config.seed = static_cast<std::uint64_t>(*wanted.seed);
    config.log = log.sink("engine");
    config.log_least = log.least();
    config.journal_records = static_cast<std::size_t>(wanted.journal_records);
    config.keep_alive = std::chrono::seconds(wanted.keep_alive);
    config.half_closed_limit = std::chrono::seconds(wanted.half_closed_limit);
    if (wanted.packet_loss == "discard")
        config.toxics.add(toxics::discarding_packet_loss_type);
    return config;
}

/// Runs until it is time to stop. From then on a signal to stop kills.
void await_end(boost::asio::signal_set& signals, repeated_task& reloads)
{
    signals.async_wait([&](auto, int number) {
        if (number == SIGHUP) {
            reloads.ask();
            await_end(signals, reloads);
            return;
        }
        signals.remove(SIGINT);
        signals.remove(SIGTERM);
    });
}

int run(settings const& wanted, std::string const& program)
{
    // From here on a signal is kept until there is something to stop.
    boost::asio::io_context waiting;
    boost::asio::signal_set signals(waiting, SIGINT, SIGTERM);
    auto const source = source_of(wanted);
    if (!source.file.empty())
        signals.add(SIGHUP);
    std::signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();

    auto const log = make_log();
    log_field const version[] = {{"version", api::toxiproxy_version}};
    log.write(log_level::info, "Starting Toxiproxy", version);

    engine proxies(engine_settings(wanted, log));
    auto const seed = std::to_string(proxies.seed());
    log_field const decided_by[] = {{"seed", seed}};
    log.write(log_level::info, "Random decisions by seed", decided_by);
    auto const threads = std::to_string(proxies.threads());
    auto const processors = to_text(find_processors());
    log_field const moved_by[] = {{"threads", threads}, {"processors", processors}};
    log.write(log_level::info, "Data threads", moved_by);
    if (auto const failed = load(proxies, log, source))
        return give_up(log, program, failed->message, failed->error, source.file);

    api::api_options const options{!wanted.no_extras, wanted.ignore_body_toxics,
                                   wanted.proxy_metrics, wanted.runtime_metrics};
    api::server server(api::router(api::all_routes(proxies, options)), log.sink("api"));
    auto const address = server.start(wanted.host, wanted.port);
    if (!address)
        return give_up(log, program, "Server finished with error", address.error().text);
    auto const shown = wanted.port == "0" ? *address : join_host_port(wanted.host, wanted.port);
    log_field const where[] = {{"address", shown}};
    log.write(log_level::info, "Starting Toxiproxy HTTP server", where);

    repeated_task reloads([&] { reload(proxies, log, source); });
    await_end(signals, reloads);
    waiting.run();
    log.write(log_level::info, "Shutdown started", {});
    server.stop(stop_patience);
    if (!reloads.stop(reload_patience))
        std::_Exit(EXIT_SUCCESS);  // it uses the engine
    return EXIT_SUCCESS;
}

}  // namespace

int serve(int argc, char** argv)
{
    std::string const program = argc > 0 ? argv[0] : "toxiproxy-server";
    auto const arguments =
        std::span(argv, static_cast<std::size_t>(argc)).subspan(argc > 0 ? 1 : 0);
    auto const parsed =
        parse_flags(std::span<char const* const>(arguments.data(), arguments.size()));
    if (auto const* stop = std::get_if<flag_stop>(&parsed)) {
        if (!stop->error.empty())
            fmt::print(stderr, "{}\n", one_line(stop->error));
        fmt::print(stderr, "{}", usage(program));
        return stop->status;
    }
    auto const& wanted = std::get<settings>(parsed);
    if (wanted.version) {
        fmt::print("toxiproxy-server version {}\n", api::toxiproxy_version);
        return EXIT_SUCCESS;
    }
    try {
        return run(wanted, program);
    } catch (std::exception const& e) {
        fmt::print(stderr, "{}: {}\n", program, e.what());
        return EXIT_FAILURE;
    }
}

}  // namespace aconite::daemon
