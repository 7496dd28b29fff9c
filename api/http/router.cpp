#include "api/http/router.hpp"

#include "api/http/browser_guard.hpp"
#include "api/http/path.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <random>

namespace aconite::api {
namespace {

/// What the segments put in place of the pattern's `{name}`; none if they do not match.
std::optional<std::vector<std::string>> match(std::vector<std::string> const& pattern,
                                              std::vector<std::string> const& segments)
{
    if (pattern.size() != segments.size())
        return std::nullopt;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i].starts_with('{') && !segments[i].empty())
            names.push_back(segments[i]);
        else if (pattern[i] != segments[i])
            return std::nullopt;
    }
    return names;
}

bool takes(route const& r, http::verb method)
{
    return r.methods.empty() || std::ranges::find(r.methods, method) != r.methods.end();
}

response not_found()
{
    return text_answer(http::status::not_found, "404 page not found\n");
}

response moved_to(std::string path, std::string_view target)
{
    if (auto const query = target.find('?'); query != std::string_view::npos)
        path.append(target.substr(query));
    auto answer = empty_answer(http::status::moved_permanently);
    answer.set(http::field::location, path);
    return answer;
}

}  // namespace

std::string new_request_id()
{
    static constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuv";
    static std::uint64_t const process = [] {
        std::random_device entropy;
        return (std::uint64_t{entropy()} << 32) | entropy();
    }();
    static std::atomic<std::uint64_t> count{0};

    // 10 digits of 5 bits for the process, 10 for the request.
    std::string id(20, '0');
    auto from = process;
    auto ordinal = count++;
    for (std::size_t i = 0; i < 10; ++i, from >>= 5, ordinal >>= 5) {
        id[9 - i] = digits[from & 31];
        id[19 - i] = digits[ordinal & 31];
    }
    return id;
}

router::router(std::vector<route> routes)
{
    for (auto& each : routes) {
        auto segments = *segments_of(each.pattern);  // patterns have no escapes
        routes_.push_back({std::move(each), std::move(segments)});
    }
}

way router::find(request const& r) const
{
    std::string_view const target(r.target().data(), r.target().size());
    auto const path = path_of(target);
    if (auto clean = cleaned(path); clean != path)
        return {nullptr, {}, moved_to(std::move(clean), target)};
    auto const segments = segments_of(path);
    if (!segments)
        return {nullptr, {}, text_answer(http::status::bad_request, "400 Bad Request\n")};

    bool known_path = false;
    for (auto const& [route, pattern] : routes_) {
        auto names = match(pattern, *segments);
        if (!names)
            continue;
        known_path = true;
        if (takes(route, r.method()))
            return {&route, *std::move(names), {}};
    }
    return {nullptr, {}, known_path ? empty_answer(http::status::method_not_allowed) : not_found()};
}

routed follow(way found, request const& r, std::chrono::steady_clock::time_point began)
{
    routed done;
    if (found.to == nullptr) {
        done.answer = std::move(found.refusal);
        return done;
    }
    done.request_id = new_request_id();
    done.handler_name = found.to->doc.name;
    call c{r, std::move(found.names), {}, began};
    if (!found.to->for_browsers && comes_from_a_page(r))
        done.answer = text_answer(http::status::forbidden, "User agent not allowed\n");
    else
        done.answer = found.to->handle(c);
    warn_of(done.answer, c.ignored);
    done.answer.set("X-Toxiproxy-Request-Id", done.request_id);
    done.ignored = std::move(c.ignored);
    done.again = c.again;
    done.more = std::move(c.more);
    return done;
}

}  // namespace aconite::api
