// netem in the container's own network, by tc in a helper container.
#include "clients/experiment/actions/netem.hpp"
#include "clients/experiment/actions/record.hpp"
#include "clients/experiment/actions/rows.hpp"
#include "clients/experiment/probes/docker_engine.hpp"

#include "clients/cpp/url.hpp"

#include <aconite/text.hpp>

#include <algorithm>

namespace aconite::experiment {
namespace {

/// Ours among the queueing disciplines: what has another handle is not touched.
constexpr auto* netem_handle = "ac01:";
constexpr std::chrono::seconds for_tc{30};

/// What a container printed: frames of 8 bytes and text.
std::string without_frames(std::string_view log)
{
    std::string text;
    while (log.size() > 8) {
        std::size_t size = 0;
        for (std::size_t i = 4; i < 8; ++i)
            size = size << 8 | static_cast<unsigned char>(log[i]);
        text += log.substr(8, size);
        log.remove_prefix(std::min(size, log.size() - 8) + 8);
    }
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

struct tc_order {
    std::string container;  ///< in whose network
    std::string image;
    std::string helper;  ///< its name
    std::vector<std::string> words;
};

/// Removes the helper, whatever became of it.
void remove_helper(docker_engine& engine, std::string const& name)
{
    [[maybe_unused]] auto const gone =
        engine.ask_text("DELETE", container_path(name) + "?force=true&v=true");
}

/// Runs tc in the container's network; the problem is what it said.
result<void> run_tc(docker_engine& engine, tc_order const& order)
{
    std::vector<std::string> command{"tc"};
    command.insert(command.end(), order.words.begin(), order.words.end());
    json const helper{{"Image", order.image},
                      {"Entrypoint", json::array()},
                      {"Cmd", command},
                      {"User", "0"},
                      {"HostConfig",
                       {{"NetworkMode", "container:" + order.container},
                        {"CapDrop", {"ALL"}},
                        {"CapAdd", {"NET_ADMIN"}}}}};
    auto const made = engine.ask(
        "POST", "/containers/create?name=" + client::percent_encoded(order.helper), helper);
    if (!made)
        return problem{made.error().status,
                       "helper of image '" + printable(order.image) + "': " + made.error().text};
    auto const path = container_path(order.helper);
    auto const finish = [&]() -> result<void> {
        if (auto const begun = engine.ask_text("POST", path + "/start"); !begun)
            return problem{begun.error().status, "helper of image '" + printable(order.image) +
                                                     "': " + begun.error().text};
        auto const end = engine.ask("POST", path + "/wait?condition=not-running", {}, for_tc);
        if (!end)
            return end.error();
        auto const status = record_whole(*end, "StatusCode");
        if (status == 0)
            return {};
        auto const log = engine.ask_text("GET", path + "/logs?stdout=true&stderr=true");
        return problem{500, "tc ended with status " + std::to_string(status) +
                                (log ? ": " + printable(without_frames(*log)) : "")};
    };
    auto const done = finish();
    remove_helper(engine, order.helper);
    return done;
}

class container_netem final : public action {
public:
    container_netem(std::vector<std::string> words, std::string image, std::string interface,
                    std::string container, std::string_view socket)
        : words_(std::move(words)),
          image_(std::move(image)),
          interface_(std::move(interface)),
          container_(std::move(container)),
          engine_(socket)
    {}

    result<std::vector<json>> undo_plan() override
    {
        auto const before = engine_.inspect(container_);
        if (!before)
            return problem{before.error().status,
                           "container '" + printable(container_) + "': " + before.error().text};
        id_ = before->id;
        helper_ = "aconite-experiment-" + unique_mark();
        std::vector<json> plan;
        plan.push_back({{"kind", "container_netem"},
                        {"id", id_},
                        {"name", before->name},
                        {"socket", engine_.socket()},
                        {"image", image_},
                        {"interface", interface_},
                        {"helper", helper_}});
        return plan;
    }

    result<void> start() override
    {
        std::vector<std::string> words{"qdisc", "add",    "dev",        interface_,
                                       "root",  "handle", netem_handle, "netem"};
        words.insert(words.end(), words_.begin(), words_.end());
        auto const done = run_tc(engine_, {id_, image_, helper_, std::move(words)});
        if (!done)
            return problem{done.error().status, "netem in the network of container '" +
                                                    printable(container_) +
                                                    "': " + done.error().text};
        return {};
    }

    result<evidence> look() override
    {
        return evidence{{}, "in force on " + printable(interface_) + " of the container"};
    }

private:
    std::vector<std::string> words_;
    std::string image_;
    std::string interface_;
    std::string container_;
    std::string id_;
    std::string helper_;
    docker_engine engine_;
};

result<void> end_container_netem(json const& record, surroundings const& where)
{
    auto const id = record_text(record, "id");
    auto const image = record_text(record, "image");
    auto const interface = record_text(record, "interface");
    auto const helper = record_text(record, "helper");
    if (id.empty() || image.empty() || interface.empty() || helper.empty())
        return problem{400, "an undo record of netem lacks 'id', 'image', 'interface' or 'helper'"};
    docker_engine engine(where.docker_socket.empty() ? record_text(record, "socket")
                                                     : where.docker_socket);
    remove_helper(engine, helper);  // of a run that was ended in the middle
    auto const now = engine.inspect(id);
    if (!now && now.error().status == 404)
        return {};
    if (!now)
        return now.error();
    if (!now->running)  // its network went with it
        return {};
    auto const done =
        run_tc(engine, {id,
                        image,
                        helper + "-undo",
                        {"qdisc", "del", "dev", interface, "root", "handle", netem_handle}});
    // tc's own refusal: there is no such discipline.
    if (!done && done.error().text.find("tc ended with status 2") == std::string::npos)
        return done.error();
    return {};
}

}  // namespace

result<std::unique_ptr<action>> make_container_netem(settings const& how, target const& aimed,
                                                     surroundings const& where)
{
    if (aimed.container.empty())
        return problem{400, "netem: 'via: container', but target '" + printable(aimed.name) +
                                "' is no container"};
    if (how.text("image").empty())
        return problem{400, "netem: 'via: container' needs an 'image' that has tc in it"};
    auto words = netem_words(how);
    if (!words)
        return words.error();
    return std::unique_ptr<action>(std::make_unique<container_netem>(
        std::move(*words), how.text("image"), how.text("interface", "eth0"), aimed.container,
        where.docker_socket));
}

constinit undo_kind const undo_container_netem{"container_netem", end_container_netem};

}  // namespace aconite::experiment
