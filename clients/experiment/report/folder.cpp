#include "clients/experiment/report/folder.hpp"

#include "clients/experiment/report/escape.hpp"
#include "clients/experiment/report/html.hpp"
#include "clients/experiment/report/junit.hpp"
#include "clients/experiment/report/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace aconite::experiment {
namespace {

constexpr std::size_t slug_bytes = 60;
constexpr int same_name_max = 1000;
constexpr std::uintmax_t report_bytes_max = 256u << 20;
constexpr std::array verdict_names{"held", "not_held", "inconclusive", "could_not_run"};

problem file_problem(std::filesystem::path const& file, std::string_view why)
{
    return {500, one_line(file.string()) + ": " + std::string(why)};
}

/// Another one for another name: FNV-1a.
std::string mark_of(std::string_view name)
{
    std::uint32_t hash = 2166136261U;
    for (unsigned char const c : name)
        hash = (hash ^ c) * 16777619U;
    return fmt::format("{:08x}", hash);
}

/// A descriptor that is closed at the end.
class descriptor {
public:
    explicit descriptor(int number) : number_(number) {}
    ~descriptor()
    {
        if (number_ >= 0)
            ::close(number_);
    }
    descriptor(descriptor const&) = delete;
    descriptor& operator=(descriptor const&) = delete;
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

/// 0, or why not.
int write_all(int to, std::string_view text)
{
    while (!text.empty()) {
        auto const written = ::write(to, text.data(), text.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(to) == 0 ? 0 : errno;
}

result<std::string> content_of(std::filesystem::path const& file)
{
    descriptor const in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat about {};
    if (in.number() < 0 || ::fstat(in.number(), &about) != 0)
        return file_problem(file, std::strerror(errno));
    if (!S_ISREG(about.st_mode))
        return file_problem(file, "is no file");
    if (static_cast<std::uintmax_t>(about.st_size) > report_bytes_max)
        return file_problem(file, "is larger than 256 MB");
    std::string text;
    std::array<char, 65536> part;
    while (text.size() <= report_bytes_max) {
        auto const count = ::read(in.number(), part.data(), part.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return file_problem(file, std::strerror(errno));
        if (count == 0)
            return text;
        text.append(part.data(), static_cast<std::size_t>(count));
    }
    return file_problem(file, "is larger than 256 MB");
}

std::size_t reports_inside(std::filesystem::path const& folder)
{
    std::error_code ignored;
    std::size_t count = 0;
    for (auto const& each : std::filesystem::directory_iterator(folder, ignored))
        count += std::filesystem::exists(each.path() / "report.json", ignored) ? 1 : 0;
    return count;
}

}  // namespace

std::string slug_of(std::string_view name)
{
    std::string slug;
    bool is_whole = true;  // no letter is left out
    for (char const c : name) {
        is_whole = is_whole && static_cast<unsigned char>(c) < 0x80;
        bool const upper = c >= 'A' && c <= 'Z';
        if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            slug += upper ? static_cast<char>(c - 'A' + 'a') : c;
        else if (!slug.empty() && !slug.ends_with('-'))
            slug += '-';
    }
    auto const mark = is_whole && !slug.empty() ? std::string() : "-" + mark_of(name);
    if (slug.empty())
        slug = "experiment";
    slug.resize(std::min(slug.size(), slug_bytes - mark.size()));
    while (slug.ends_with('-'))
        slug.pop_back();
    return slug + mark;
}

std::string folder_name(std::string_view name, std::string_view started)
{
    constexpr std::string_view form = "0000-00-00T00:00:00";
    auto const slug = slug_of(name);
    if (started.size() <= form.size() || !started.ends_with('Z'))
        return slug;
    std::string when;
    for (std::size_t i = 0; i < form.size(); ++i) {
        bool const digit = started[i] >= '0' && started[i] <= '9';
        if (form[i] == '0' ? !digit : started[i] != form[i])
            return slug;
        if (form[i] == '0' || form[i] == 'T')
            when += started[i];
    }
    return slug + "-" + when + "Z";
}

result<std::filesystem::path> make_report_folder(std::filesystem::path const& parent,
                                                 std::string_view name, std::string_view started)
{
    std::error_code failed;
    std::filesystem::create_directories(parent, failed);
    if (failed)
        return file_problem(parent, failed.message());
    auto const plain = folder_name(name, started);
    for (int i = 1; i <= same_name_max; ++i) {
        auto const folder = parent / (i == 1 ? plain : fmt::format("{}-{}", plain, i));
        if (::mkdir(folder.c_str(), 0777) == 0)
            return folder;
        if (errno != EEXIST)
            return file_problem(folder, std::strerror(errno));
    }
    return file_problem(parent / plain, "is there, as are 999 more of that name");
}

result<void> write_whole(std::filesystem::path const& file, std::string_view text)
{
    static std::atomic<unsigned> ordinal{0};
    auto const partial = file.parent_path() /
                         fmt::format(".{}.{}-{}", file.filename().string(), ::getpid(), ordinal++);
    int failed = 0;
    {
        descriptor const out(
            ::open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
        if (out.number() < 0)
            return file_problem(file, std::strerror(errno));
        failed = write_all(out.number(), text);
    }
    if (failed == 0 && ::rename(partial.c_str(), file.c_str()) != 0)
        failed = errno;
    if (failed == 0)
        return {};
    ::unlink(partial.c_str());
    return file_problem(file, std::strerror(failed));
}

result<void> write_report(std::filesystem::path const& folder, json const& report)
{
    auto const main = folder / "report.json";
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::symlink_status(main, ignored)))
        return file_problem(main, "is there and is not written over");
    std::pair<char const*, std::string> const files[] = {
        {"report.md", markdown_of(report)},
        {"report.html", html_of(report)},
        {"junit.xml", junit_of(report)},
        {"report.json", report_text(report)},
    };
    for (auto const& [name, text] : files)
        if (auto const written = write_whole(folder / name, text); !written)
            return written;
    return {};
}

std::string report_text(json const& report)
{
    return report.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

result<json> report_in(std::string_view text, std::string_view name)
{
    auto const wrong = [&](std::string const& why) {
        return problem{400, one_line(name) + ": " + why};
    };
    auto parsed = api::parse_only_value(text);
    if (parsed.fault)
        return wrong(fmt::format("{}: no JSON: {}", api::position_in(text, parsed.fault->position),
                                 one_line(parsed.fault->text)));
    auto& report = parsed.value;
    if (!report.is_object())
        return wrong("is no report: not an object");
    auto const schema = number_of(report, "schema");
    if (!schema)
        return wrong("is no report: it has no number 'schema'");
    if (*schema != 1)
        return wrong("is of schema " + one_line(shown(report, "schema")) +
                     ", and only schema 1 is known: another version of aconite wrote it");
    if (text_of(report, "name").empty())
        return wrong("is no report: it has no text 'name'");
    auto const verdict = text_of(report, "verdict");
    if (std::ranges::find(verdict_names, verdict) == verdict_names.end())
        return wrong("is no report: 'verdict' must be held, not_held, inconclusive or "
                     "could_not_run, not " +
                     one_line(shown(report, "verdict")));
    return result<json>(boost::system::in_place_value, std::move(report));
}

result<json> read_report(std::filesystem::path const& where)
{
    std::error_code ignored;
    bool const is_folder = std::filesystem::is_directory(where, ignored);
    auto const file = is_folder ? where / "report.json" : where;
    if (is_folder && !std::filesystem::exists(file, ignored))
        if (auto const inside = reports_inside(where); inside > 0)
            return problem{404,
                           fmt::format("{}: is no report, there are {} in it: name one of "
                                       "them, or see all by `aconite report --serve {}`",
                                       one_line(where.string()), inside, one_line(where.string()))};
    auto const text = content_of(file);
    if (!text)
        return text.error();
    return report_in(*text, file.string());
}

}  // namespace aconite::experiment
