#pragma once

#include "clients/experiment/report/reading.hpp"

#include "clients/cpp/http.hpp"

#include <aconite/problem.hpp>

#include <string>
#include <string_view>

namespace aconite::experiment {

/// The body of `POST /v1/metrics` of OTLP over HTTP, in its JSON encoding: series of load and
/// probes at their times, summaries of each phase, checks, recovery and verdict as gauges, with the
/// attributes experiment and phase; the resource has experiment and run. Of any JSON.
[[nodiscard]] std::string otlp_body(json const& report);

/// The body of a `PUT` to a Prometheus Pushgateway: the newest value of the same gauges as text,
/// without times, which it refuses. Of any JSON.
[[nodiscard]] std::string pushgateway_body(json const& report);
/// `/metrics/job/<job>/experiment/<slug>`, escaped: the next run of the experiment takes its place.
[[nodiscard]] std::string pushgateway_path(json const& report, std::string_view job);

/// What a run is called: the experiment's name and when it began, as its folder is.
[[nodiscard]] std::string run_id(json const& report);

/// `http://collector:4318`, to which /v1/metrics is added unless it ends so.
result<void> push_otlp(json const& report, std::string_view address,
                       client::ask_settings const& how = {});
/// `http://pushgateway:9091`. A problem names who refused and what he said.
result<void> push_prometheus(json const& report, std::string_view address,
                             std::string_view job = "aconite",
                             client::ask_settings const& how = {});

}  // namespace aconite::experiment
