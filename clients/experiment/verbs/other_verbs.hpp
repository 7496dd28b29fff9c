#pragma once

#include "clients/experiment/verbs/files.hpp"

#include <aconite/client.hpp>

#include <CLI/App.hpp>

#include <cstdint>
#include <string>
#include <vector>

/// The verbs beside `run`: what they were given, and what they do; each returns an exit status.
namespace aconite::experiment {

struct validate_command {
    std::vector<std::string> files{};
    given beside{};
    bool schema = false;  ///< print the JSON Schema and check nothing
};
int validate_files(validate_command const& asked);

struct init_command {
    std::string what{};  ///< redis, postgres, kafka, compose
    std::string output{};
    std::string compose_file{};
    client::server_config server{};
};
void add_init_options(CLI::App& verb, init_command& into);
int write_first(init_command const& asked);

struct restore_command {
    std::string state{};
    bool only_look = false;
};
int restore_left(restore_command const& asked);

}  // namespace aconite::experiment
