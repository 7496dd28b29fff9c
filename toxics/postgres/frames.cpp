#include "toxics/postgres/frames.hpp"

#include <array>
#include <utility>

namespace aconite::postgres {
namespace {

/// As a dollar-quoted literal, which needs no escapes and looks at no setting.
std::string literal(std::string_view text)
{
    std::string const body(text);
    std::string tag = "$t$";
    // Nowhere before the end, nor across it.
    for (int n = 0; (body + tag).find(tag) != body.size(); ++n)
        tag = "$t" + std::to_string(n) + "$";
    return tag + body + tag;
}

}  // namespace

std::string execute_frames(std::string_view sql)
{
    using namespace std::string_literals;
    static std::string const name = "aconite fault"s + '\0';
    auto const none = "\0\0"s;
    return frame('C', "P" + name) + frame('C', "S" + name) +
           frame('P', name + std::string(sql) + '\0' + none) +
           frame('B', name + name + none + none + none) + frame('E', name + number_text(0));
}

std::string error_text::frame() const
{
    std::string body;
    std::array const fields{std::pair{'S', &severity}, std::pair{'V', &severity},
                            std::pair{'C', &sqlstate}, std::pair{'M', &message},
                            std::pair{'D', &detail},   std::pair{'H', &hint}};
    for (auto const& [code, text] : fields)
        if (!text->empty())
            body.append(1, code).append(*text).append(1, '\0');
    body.push_back('\0');
    return postgres::frame(severity == "WARNING" ? 'N' : 'E', body);
}

std::string error_text::raising_sql() const
{
    auto block = "BEGIN RAISE EXCEPTION USING ERRCODE = " + literal(sqlstate) +
                 ", MESSAGE = " + literal(message);
    if (!detail.empty())
        block += ", DETAIL = " + literal(detail);
    if (!hint.empty())
        block += ", HINT = " + literal(hint);
    return "DO " + literal(block + "; END");
}

std::string_view error_field(std::string_view body, char code)
{
    while (!body.empty() && body.front() != '\0') {
        char const found = body.front();
        body.remove_prefix(1);
        bool whole = true;
        auto const text = take_text(body, whole);
        if (found == code)
            return text;
    }
    return {};
}

}  // namespace aconite::postgres
