// An embedder's program with a toxic of its own: prints what a client got through it.
#include <aconite/engine.hpp>
#include <aconite/scoped_proxy.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cctype>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

namespace {

// The text of docs/embedding.md, which a test compares.
class shout final : public aconite::toxic {
    void on_data(aconite::chunk c, aconite::toxic_context& link) override
    {
        if (!link.hit())
            return link.pass(std::move(c));
        std::string loud(c.bytes.view());
        for (auto& letter : loud)
            letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
        c.bytes = aconite::slice::copy_of(loud);
        link.pass(std::move(c));
    }
};

constexpr aconite::toxic_type shout_type{
    .name = "shout",
    .summary = "turns letters into capitals",
    .attributes = {},
    .make = [](aconite::attribute_values const&) -> std::unique_ptr<aconite::toxic> {
        return std::make_unique<shout>();
    },
};

/// A socket of 127.0.0.1; listens on a free port if `port` is 0, else is connected to it.
int socket_at(unsigned short& port)
{
    int const fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons(port);
    socklen_t size = sizeof at;
    auto* const plain = reinterpret_cast<sockaddr*>(&at);
    bool const fine = port != 0 ? connect(fd, plain, size) == 0
                                : bind(fd, plain, size) == 0 && listen(fd, 1) == 0 &&
                                      getsockname(fd, plain, &size) == 0;
    if (!fine)
        throw std::runtime_error("no socket");
    port = ntohs(at.sin_port);
    return fd;
}

}  // namespace

int main()
{
    unsigned short port = 0;
    int const listener = socket_at(port);
    std::thread server([&] {
        int const peer = accept(listener, nullptr, nullptr);
        [[maybe_unused]] auto const sent = send(peer, "hello", 5, MSG_NOSIGNAL);
        close(peer);
    });

    aconite::engine_config config;
    config.toxics.add(shout_type);
    aconite::engine engine(config);
    aconite::scoped_proxy proxy(engine, "p", "127.0.0.1:" + std::to_string(port));
    auto const loud = proxy.downstream("shout");

    auto through = proxy.port();
    int const client = socket_at(through);
    char got[6] = {};
    auto const count = recv(client, got, 5, MSG_WAITALL);
    server.join();
    close(client);
    close(listener);
    std::cout << got << ' ' << count << " bytes, " << loud.hits() << " hit\n";
}
