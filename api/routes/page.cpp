// The web page at / and the files that it is made of. It has no knowledge of its own: it asks the
// API like any other client.
#include "api/http/web_file.hpp"
#include "api/routes/handlers.hpp"

#include <string>
#include <utility>

namespace aconite::api {
namespace {

constexpr route_doc page_doc{.name = "Page", .summary = "A file of the web page."};
constexpr std::string_view index_name = "index.html";

/// Nothing from elsewhere, nothing inline, in no frame, and no text that becomes markup.
constexpr auto policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
                        "connect-src 'self'; base-uri 'none'; form-action 'none'; "
                        "frame-ancestors 'none'; require-trusted-types-for 'script'; "
                        "trusted-types 'none'";

constexpr std::pair<std::string_view, char const*> content_types[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
};

response show(web_file const& file)
{
    response answer(http::status::ok, 11);
    for (auto const& [suffix, type] : content_types)
        if (file.name.ends_with(suffix))
            answer.set(http::field::content_type, type);
    answer.set(http::field::cache_control, "no-cache");
    answer.set("Content-Security-Policy", policy);
    answer.set("Cross-Origin-Resource-Policy", "same-origin");
    answer.set("Referrer-Policy", "no-referrer");
    answer.set("X-Content-Type-Options", "nosniff");
    answer.body() = file.text;
    return answer;
}

/// `/` for the page itself, `/page/NAME` for the rest. The paths live as long as the program.
std::string_view path_of(web_file const& file)
{
    static auto const paths = [] {
        std::vector<std::string> made;
        for (auto const& each : web_files())
            made.push_back(each.name == index_name ? "/" : "/page/" + std::string(each.name));
        return made;
    }();
    return paths[static_cast<std::size_t>(&file - web_files().data())];
}

}  // namespace

std::vector<route> page_routes()
{
    std::vector<route> routes;
    for (auto const& file : web_files()) {
        route each{
            {http::verb::get}, path_of(file), page_doc, [&file](call&) { return show(file); }};
        each.for_browsers = true;
        routes.push_back(std::move(each));
    }
    return routes;
}

}  // namespace aconite::api
