// tcp: whether a port takes connections, and how long that takes.

#include "clients/experiment/probes/dial.hpp"
#include "clients/experiment/probes/kinds.hpp"

namespace aconite::experiment {
namespace {

constexpr std::string_view tcp_of[] = {"ok", "time"};
constexpr field tcp_fields[] = {
    {.name = "address", .about = "host:port", .required = true},
    {.name = "of",
     .type = field_type::choice,
     .about = "ok (default): 1 if a connection stands within the time, else 0; "
              "time: how long that took, in seconds",
     .choices = tcp_of},
};

class tcp_look final : public probe {
public:
    tcp_look(host_port where, bool time) : where_(std::move(where)), time_(time) {}

    result<value> look(std::chrono::milliseconds limit) override
    {
        deadline const until(limit);
        auto const begin = time_point::clock::now();
        auto const connection = dial(where_, until);
        if (!time_)
            return value(connection ? 1.0 : 0.0);
        if (!connection)
            return connection.error();
        return value(std::chrono::duration<double>(time_point::clock::now() - begin).count());
    }

private:
    host_port where_;
    bool time_;
};

result<std::unique_ptr<probe>> make_tcp(settings const& how, surroundings const&)
{
    auto where = read_host_port(how.text("address"));
    if (!where)
        return where.error();
    return std::make_unique<tcp_look>(std::move(*where), how.text("of") == "time");
}

}  // namespace

probe_kind tcp_probe()
{
    return {{.name = "tcp",
             .about = "whether a port takes connections",
             .fields = tcp_fields,
             .primary = "address",
             .example = R"({tcp: "127.0.0.1:5432"})"},
            make_tcp};
}

}  // namespace aconite::experiment
