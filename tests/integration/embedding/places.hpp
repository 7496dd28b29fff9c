#pragma once

#include "api/http/router.hpp"
#include "api/http/server.hpp"
#include "api/routes/handlers.hpp"

#include <aconite/client.hpp>
#include <aconite/engine.hpp>

#include <memory>
#include <string>

namespace aconite::testing {

/// Where proxies can be: in this process, or behind the REST API of one.
class place {
public:
    virtual ~place() = default;
    virtual control& at() = 0;
};

class near_place final : public place {
public:
    control& at() override { return engine_; }

private:
    engine engine_;
};

class far_place final : public place {
public:
    far_place() : http_(api::router(api::all_routes(engine_, {})), {})
    {
        client::server_config config;
        config.url = http_.start("127.0.0.1", "0").value();
        server_ = std::make_unique<client::server>(config);
    }
    control& at() override { return *server_; }

private:
    engine engine_;
    api::server http_;
    std::unique_ptr<client::server> server_;
};

}  // namespace aconite::testing
