#include "clients/experiment/verbs/init_texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace aconite::experiment {
namespace {

constexpr std::string_view redis_text =
    R"(# A first experiment: what does a slow Redis do to those who wait for it?
#
# Check it:  aconite validate FILE
# Run it:    aconite run FILE              (the report is in aconite-reports/)
# All keys:  docs/experiments.md; for an editor: aconite validate --schema
name: Redis is slow
description: Each answer of Redis takes 100 ms longer, for 5 s.
hypothesis: >
  A request takes as much longer as one answer of Redis does, none fails, and it is over when it is
  over.

# What ${NAME} below stands for. `--set NAME=VALUE` and the environment win.
vars:
  REDIS: "@UPSTREAM@"        # Redis itself
  REDIS_PROXY: "@LISTEN@"  # the proxy in front of it: your service connects here

@PROXIES@
# What faults are aimed at.
targets:
  redis: {proxy: "@NAME@"}

# Looked at every `interval`, past the proxy. More of them: sql, http, tcp, kafka, prometheus,
# command, container.
interval: 500ms
probes:
  redis.answer: {redis: [PING], server: "${REDIS}"}

# Holds before the fault, or there is no experiment, and again at the end.
steady_state:
  - {name: Redis answers, expect: "redis.answer == 'PONG'"}

# Through the proxy, as your service does it; better still: requests to your service
# (http: http://127.0.0.1:8080/).
load:
  redis: [PING]
  server: "${REDIS_PROXY}"
  rate: 20/s
  connections: 10

phases:
  - {name: baseline, duration: 5s, description: Redis as it is.}
  - name: slow
    duration: 5s
    actions:
      # Others: {down: redis}, {partition: redis}, {netem: {loss: 10%}, target: redis}
      - {toxic: {type: latency, attributes: {latency: 100ms}}, target: redis}
  - {name: recovery, duration: 5s, description: Redis as it was.}

# What the hypothesis says, to be checked.
validation:
  - {name: none fails, expect: load.errors == 0}
  - {name: 100 ms more are 100 ms more, expect: "during(load.p50, slow) >= 100ms and during(load.p50, slow) < 500ms"}
  - {name: it is over when it is over, expect: recovery(redis) < 2s}
)";

constexpr std::string_view postgres_text = R"(# A first experiment: PostgreSQL is gone for a while.
#
# Check it:  aconite validate FILE
# Run it:    aconite run FILE              (the report is in aconite-reports/)
# All keys:  docs/experiments.md; for an editor: aconite validate --schema
name: PostgreSQL is gone
description: Nobody reaches PostgreSQL for 5 s; connections are closed, new ones are refused.
hypothesis: >
  Whoever needs the database is told so at once, and is served again 2 s after it is back.

# What ${NAME} below stands for. `--set NAME=VALUE` and the environment win.
vars:
  POSTGRES: "@UPSTREAM@"        # PostgreSQL itself
  POSTGRES_PROXY: "@LISTEN@"  # the proxy in front of it: your service connects here
  DATABASE_USER: postgres
  DATABASE: postgres

@PROXIES@
# What faults are aimed at.
targets:
  postgres: {proxy: "@NAME@"}

# Looked at every `interval`, past the proxy. Count your own rows here, and compare them in
# `validation`: `expect: delta(db.orders) == load.ok`. More of them: http, tcp, kafka, redis,
# prometheus, command, container.
interval: 500ms
probes:
  db.answer:
    sql: SELECT 1
    connection: postgresql://${DATABASE_USER}@${POSTGRES}/${DATABASE}

# Holds before the fault, or there is no experiment, and again at the end.
steady_state:
  - {name: PostgreSQL answers, expect: db.answer == 1}

# Through the proxy, as your service does it; better still: requests to your service
# (http: http://127.0.0.1:8080/).
load:
  postgres: SELECT 1
  connection: postgresql://${DATABASE_USER}@${POSTGRES_PROXY}/${DATABASE}
  rate: 20/s
  connections: 4

phases:
  - {name: baseline, duration: 5s, description: PostgreSQL as it is.}
  - name: gone
    duration: 5s
    actions:
      # Others: {toxic: {type: latency, attributes: {latency: 100ms}}, target: postgres},
      # {partition: postgres}; with `protocol: postgres` at the proxy also
      # {preset: lose_commit_ack, target: postgres}
      - {down: postgres}
  - {name: recovery, duration: 5s, description: PostgreSQL as it was.}

# What the hypothesis says, to be checked.
validation:
  - {name: all is well before, expect: "during(load.error_rate, baseline) == 0"}
  - {name: it is told that the database is gone, expect: "during(load.error_rate, gone) > 50%"}
  - {name: it is over when it is over, expect: recovery(postgres) < 2s}
)";

constexpr std::string_view kafka_text =
    R"(# A first experiment: the network to Kafka fails for a while.
#
# Check it:  aconite validate FILE
# Run it:    aconite run FILE              (the report is in aconite-reports/)
# All keys:  docs/experiments.md; for an editor: aconite validate --schema
#
# A broker tells its clients where to go on. A proxy with `protocol: kafka` tells them addresses of
# its own in their place, so the broker advertises itself, as always.
name: Kafka cannot be reached
description: Nothing passes between Kafka and its clients for 5 s, and nothing is closed.
hypothesis: >
  Records that are produced meanwhile wait. Each that was acknowledged is there in the end, once.

# What ${NAME} below stands for. `--set NAME=VALUE` and the environment win; ${RUN} is another one
# in each run.
vars:
  KAFKA: "@UPSTREAM@"        # Kafka itself
  KAFKA_PROXY: "@LISTEN@"  # the proxy in front of it: your service connects here
  TOPIC: experiment.${RUN}

@PROXIES@
# What faults are aimed at.
targets:
  kafka: {proxy: "@NAME@"}

# Looked at every `interval`. More of them: sql, http, tcp, redis, prometheus, command, container.
interval: 500ms
probes:
  kafka.records: {kafka: "${TOPIC}", brokers: "${KAFKA}", of: records}
  kafka.port: {tcp: "${KAFKA}"}

# Holds before the fault, or there is no experiment, and again at the end.
steady_state:
  - {name: Kafka accepts connections, expect: kafka.port == 1}

# Through the proxy, as your service does it; better still: requests to your service
# (http: http://127.0.0.1:8080/).
load:
  kafka: "${TOPIC}"
  brokers: "${KAFKA_PROXY}"
  rate: 20/s
  timeout: 30s

phases:
  - {name: baseline, duration: 5s, description: Kafka as it is.}
  - name: partition
    duration: 5s
    actions:
      # Others: {down: kafka}, {toxic: {type: latency, attributes: {latency: 500ms}}, target: kafka},
      # {preset: lost_event, trigger: {times: 1}, target: kafka}: docs/kafka.md
      - {partition: kafka}
  - {name: recovery, duration: 10s, description: Kafka as it was.}

# What the hypothesis says, to be checked.
validation:
  - {name: what was acknowledged is there, expect: kafka.records >= load.ok, within: 30s}
  - {name: it is over when it is over, expect: recovery(kafka) < 10s}
)";

first_kind const kinds[] = {
    {"redis", "6379", {"redis", "127.0.0.1:26379", "127.0.0.1:6379"}, "", redis_text},
    {"postgres", "5432", {"postgres", "127.0.0.1:25432", "127.0.0.1:5432"}, "", postgres_text},
    {"kafka", "9092", {"kafka", "127.0.0.1:19092", "127.0.0.1:9092"}, "kafka", kafka_text},
};

/// A variable of the file that stands for an address.
std::string variable_of(first_kind const& kind, std::string_view end)
{
    std::string name(kind.name);
    std::ranges::transform(name, name.begin(),
                           [](char c) { return static_cast<char>(c - 'a' + 'A'); });
    return fmt::format("${{{}{}}}", name, end);
}

std::string proxies_section(first_kind const& kind, first_proxy const& proxy)
{
    if (proxy.is_there)
        return fmt::format(
            "# The proxy \"{}\" is there already, else it would stand here: proxies.\n",
            proxy.name);
    return fmt::format("# Made if it is not there, and then removed again at the end.\n"
                       "proxies:\n  - {{name: \"{}\", listen: \"{}\", upstream: \"{}\"{}}}\n",
                       proxy.name, variable_of(kind, "_PROXY"), variable_of(kind, ""),
                       kind.protocol.empty() ? std::string()
                                             : fmt::format(", protocol: {}", kind.protocol));
}

}  // namespace

first_kind const* find_first_kind(std::string_view name)
{
    auto const* const found = std::ranges::find(kinds, name, &first_kind::name);
    return found == std::end(kinds) ? nullptr : found;
}

std::string first_experiment(first_kind const& kind, first_proxy const& proxy)
{
    std::string text(kind.text);
    std::pair<std::string_view, std::string> const marks[] = {
        {"@NAME@", proxy.name},
        {"@LISTEN@", proxy.listen},
        {"@UPSTREAM@", proxy.upstream},
        {"@PROXIES@", proxies_section(kind, proxy)}};
    for (auto const& [mark, filled] : marks)
        for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + filled.size()))
            text.replace(at, mark.size(), filled);
    return text;
}

}  // namespace aconite::experiment
