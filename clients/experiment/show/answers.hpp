#pragma once

#include "clients/experiment/show/past_runs.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace aconite::experiment {

using show_request = boost::beast::http::request<boost::beast::http::string_body>;
using show_answer = boost::beast::http::response<boost::beast::http::string_body>;

/// What the server of past runs says to a request: `/` lists them, with
/// those that go on as they stand and looked at again every 2 s, `/runs/FOLDER/FILE` is a file of
/// one, with `?download` to be saved. Refuses what goes to a host that is neither an address nor
/// `localhost` (a page whose author made his own name point here), and what a page of another
/// origin asks for by itself. Never throws.
[[nodiscard]] show_answer answer_to(past_runs& runs, show_request const& asked);

/// The list as HTML.
[[nodiscard]] std::string runs_page(past_runs const& of, std::span<past_run const> rows);

}  // namespace aconite::experiment
