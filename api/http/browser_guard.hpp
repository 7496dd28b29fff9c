#pragma once

#include "api/http/http.hpp"

namespace aconite::api {

/// True for what is not to be served because a web page made a browser send it: a `Mozilla/` user
/// agent, as the reference has it, or headers that tell of another origin. Scripts send none of
/// these.
///
/// Our own page is let in. It says `Aconite-Page: 1`, which a page of another origin cannot without
/// asking first (a preflight, and nothing here answers one). A page whose author made his own host
/// name point to this server is of our origin, for the browser; so what a browser sends must also
/// go to a host that cannot be the name of somebody else's site: an address, a name without a dot,
/// or one that ends in `.localhost` or `.internal`.
bool comes_from_a_page(request const& r);

}  // namespace aconite::api
