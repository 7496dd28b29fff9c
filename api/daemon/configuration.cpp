#include "api/daemon/configuration.hpp"

#include "api/daemon/config_file.hpp"
#include "api/daemon/proxies_variable.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

namespace aconite::daemon {
namespace {

constexpr std::string_view variable = "ACONITE_PROXIES";

/// All that a source has, or why it cannot be had.
struct configuration {
    std::vector<proxy_config> proxies;
    std::size_t from_file = 0;  ///< of them, the first ones
    std::optional<config_failure> failure;
};

configuration failed(std::string_view message, std::string error)
{
    return {{}, 0, config_failure{message, std::move(error)}};
}

configuration read(engine const& e, json_log const& log, config_source const& source)
{
    configuration made;
    api::ignored_members ignored;
    if (!source.file.empty()) {
        auto const text = read_file(source.file);
        if (!text)
            return failed("Error reading config file", text.error().text);
        api::decode_options const options{e.toxic_types(), source.ignore_toxics};
        auto proxies = read_config(source.file, *text, options, ignored);
        if (!proxies)
            return failed("Failed to populate proxies from file", proxies.error().text);
        made.proxies = *std::move(proxies);
        made.from_file = made.proxies.size();
    }
    auto more = read_proxies_variable(source.proxies);
    if (more) {
        std::ranges::move(*more, std::back_inserter(made.proxies));
        if (auto const fits = check(e.toxic_types(), made.proxies); !fits)
            more = fits.error();
    }
    if (!more)
        return failed("Error reading ACONITE_PROXIES",
                      fmt::format("{}: {}", variable, more.error().text));
    for (auto const& name : ignored) {
        log_field const fields[] = {{"config", source.file}, {"fields", name}};
        log.write(log_level::warn, "Ignored unknown field", fields);
    }
    return made;
}

void tell_reload(json_log const& log, config_source const& source, reconfigure_result const& done)
{
    for (auto const& [name, why] : done.failed) {
        log_field const fields[] = {{"name", name}, {"error", why.text}};
        log.write(log_level::error, "Unable to put proxy in force", fields);
    }
    auto const count = [](auto const& list) { return std::to_string(list.size()); };
    auto const created = count(done.created);
    auto const updated = count(done.updated);
    auto const removed = count(done.removed);
    auto const unchanged = count(done.unchanged);
    auto const failed_ones = count(done.failed);
    log_field const fields[] = {{"config", source.file},  {"created", created},
                                {"updated", updated},     {"removed", removed},
                                {"unchanged", unchanged}, {"failed", failed_ones}};
    log.write(log_level::info, "Reloaded configuration", fields);
}

}  // namespace

std::optional<config_failure> load(engine& e, json_log const& log, config_source const& source)
{
    auto const wanted = read(e, log, source);
    if (wanted.failure)
        return wanted.failure;
    auto const done = e.populate(wanted.proxies);
    auto const count = done.proxies.size();
    if (done.failure) {
        auto const where = count < wanted.from_file ? source.file : std::string(variable);
        auto const which = done.failure->status == 500
                               ? fmt::format("proxy '{}': ", wanted.proxies[count].name)
                               : "";
        return config_failure{"Failed to populate proxies from file",
                              fmt::format("{}: {}{}", where, which, done.failure->text)};
    }
    auto const told = std::to_string(count);
    log_field const fields[] = {{"proxies", told}};
    if (!source.file.empty())
        log.write(log_level::info, "Populated proxies from file", fields);
    else if (count > 0)
        log.write(log_level::info, "Populated proxies from ACONITE_PROXIES", fields);
    return std::nullopt;
}

void reload(engine& e, json_log const& log, config_source const& source)
{
    std::string error;
    try {
        auto wanted = read(e, log, source);
        if (wanted.failure) {
            error = wanted.failure->error;
        } else {
            auto const done = e.reconfigure(std::move(wanted.proxies), source.ignore_toxics);
            if (done)
                tell_reload(log, source, *done);
            else
                error = done.error().text;
        }
    } catch (std::exception const& unexpected) {
        error = unexpected.what();
    }
    if (error.empty())
        return;
    log_field const fields[] = {{"config", source.file}, {"error", error}};
    log.write(log_level::error, "Failed to reload configuration", fields);
}

}  // namespace aconite::daemon
