// What undoes that an experiment made a proxy: run/servers.cpp.

#include "clients/experiment/actions/record.hpp"
#include "clients/experiment/actions/rows.hpp"
#include "clients/experiment/actions/toxics.hpp"

#include <aconite/text.hpp>

namespace aconite::experiment {
namespace {

constexpr int gone = 404;

/// Not one of the same name that somebody else has made since, and that leads elsewhere.
result<void> remove_proxy(json const& record, surroundings const& where)
{
    auto const name = record_text(record, "proxy");
    if (name.empty())
        return problem{400, "an undo record of a proxy lacks 'proxy'"};
    client::server server(server_of_record(record, where));
    auto const there = server.proxy(name);
    if (there && there->upstream != record_text(record, "upstream"))
        return {};
    auto const removed = there ? server.remove(name) : result<void>(there.error());
    if (!removed && removed.error().status != gone)
        return problem{removed.error().status,
                       "proxy '" + printable(name) + "': " + printable(removed.error().text)};
    return {};
}

}  // namespace

constinit undo_kind const undo_proxy_made{"proxy_made", remove_proxy};

}  // namespace aconite::experiment
