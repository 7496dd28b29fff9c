// Faults of a server elsewhere: prints what it says of a toxic.
#include <aconite/client.hpp>
#include <aconite/scoped_proxy.hpp>

#include <iostream>

int main(int, char** arguments)
{
    aconite::client::server_config config;
    config.url = arguments[1];
    aconite::client::server server(config);
    aconite::scoped_proxy proxy(server, "remote", "127.0.0.1:9");
    auto const slow = proxy.downstream("latency", {{"latency", 100}});
    std::cout << slow.name() << ' ' << slow.hits() << " hits\n";
}
