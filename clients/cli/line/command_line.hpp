#pragma once

#include "clients/cli/line/identity.hpp"

#include <string>
#include <variant>
#include <vector>

namespace aconite::cli {

enum class verb {
    list,
    inspect,
    create,
    toggle,
    remove,
    add_toxic,
    update_toxic,
    remove_toxic,
    reset,
    lease_run,
    config_get,
    config_apply,
    config_check,
    version,
    journal,
    mark,
    stats,
    wait,
    insist,
    health,
    replay,
    doctor,
    completion,
};

/// What was asked for, as typed: nothing is checked yet.
struct command {
    verb what = verb::list;
    std::string host = "http://localhost:8474";
    /// If any are given, `host` is the first of them.
    std::vector<std::string> servers;
    bool insecure = false;  ///< takes any certificate of an https server
    std::string output;     ///< "json", or empty for people
    [[nodiscard]] bool for_scripts() const { return !output.empty(); }
    std::string proxy;
    std::string listen;
    std::string upstream;
    std::string toxic_name;
    std::string toxic_type;
    std::string toxicity;
    std::vector<std::string> attributes;
    std::vector<std::string> match;
    std::vector<std::string> trigger;
    std::string ttl;
    std::string schedule;
    std::string seed;
    std::string lease;
    std::string label;
    std::string protocol;
    std::string broker_ports;
    std::string broker_host;
    bool disabled = false;  ///< a new proxy, as yet
    /// What to run under a lease, and for how long that lives without a heart-beat.
    std::vector<std::string> program;
    std::string lease_ttl = "10s";
    std::string file;  ///< a configuration, or a journal
    bool yaml = false;
    /// Of the journal.
    std::string since;
    std::string tail;
    std::string kinds;
    std::string text;
    std::string shell;  ///< whose completion is asked for
    bool follow = false;
    /// A proxy, maybe, and conditions, and for how long they are waited for; or proxies to check.
    std::vector<std::string> words;
    std::string timeout = "10s";
    /// A journal to replay.
    bool recreate = false;
    bool to_upstream = false;
    bool to_downstream = false;
    bool to_both = false;
    /// The verb's help, shown when an argument is missing.
    std::string usage;
};

/// How a run of the program ended: what to print where, and the exit status.
struct outcome {
    int status = 0;
    std::string out;
    std::string err;
};

/// Reads the arguments (without the program's name). An outcome instead of a command when
/// there is nothing to do but print: help, the version, a mistake. TOXIPROXY_URL of the
/// environment is the host's default, ACONITE_LEASE that of a new toxic's lease under our own name.
std::variant<command, outcome> parse(identity const& self,
                                     std::vector<std::string> const& arguments);

}  // namespace aconite::cli
