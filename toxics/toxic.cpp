#include <aconite/toxic.hpp>

namespace aconite {

void toxic::on_start(toxic const*, toxic_context&) {}

void toxic::on_end(ending how, toxic_context& link)
{
    link.end(how, link.now());
}

void toxic::on_alarm(toxic_context&) {}

void toxic::on_remove(toxic_context&) {}

void toxic::on_abandon(toxic_context&) {}

}  // namespace aconite
