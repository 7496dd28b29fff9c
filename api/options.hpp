#pragma once

namespace aconite::api {

/// What the API shows and accepts beside the reference's endpoints.
struct api_options {
    /// Everything but the reference's own endpoints.
    bool extras = true;
    bool ignore_body_toxics = false;
    /// What /metrics shows; it is 404 if neither is set.
    bool proxy_metrics = false;
    bool runtime_metrics = false;
};

}  // namespace aconite::api
