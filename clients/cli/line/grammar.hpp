#pragma once

#include "clients/cli/line/command_line.hpp"
#include "clients/cli/line/demo_options.hpp"
#include "clients/cli/line/identity.hpp"

#include <CLI/App.hpp>

#include <map>
#include <string>
#include <vector>

namespace aconite::cli {

/// The tree of verbs, bound to the fields of one command.
class grammar {
public:
    grammar(identity const& self, command& into);

    CLI::App& root() { return root_; }
    /// The verb that was parsed, or null.
    [[nodiscard]] verb const* parsed() const;
    /// What stands behind `lease run`.
    [[nodiscard]] std::vector<std::string> program() const;

private:
    CLI::App* add(CLI::App& parent, verb what, std::string name, std::vector<std::string> aliases,
                  std::string summary);
    CLI::Option* takes_proxy(CLI::App& verb);
    void takes_toxic(CLI::App& verb, bool with_values);
    void takes_aim(CLI::App& verb);
    void add_proxy_verbs();
    void add_toxic_verbs();
    void add_lease_verbs();
    void add_config_verbs();
    void add_journal_verbs();
    void add_condition_verbs();
    void add_own_verbs();
    void add_doctor();

    identity const& self_;
    command& into_;
    demo_settings demo_;  ///< read by the demo itself, as its verb stands first
    CLI::App root_;
    CLI::App* lease_run_ = nullptr;
    std::map<CLI::App const*, verb> verbs_;
};

}  // namespace aconite::cli
