#include "toxics/redis/miss.hpp"

#include <algorithm>
#include <utility>

namespace aconite::redis {
namespace {

constexpr std::string_view by_form[] = {"STRLEN",
                                        "BITCOUNT",
                                        "GETBIT",
                                        "EXISTS",
                                        "TOUCH",
                                        "DEL",
                                        "UNLINK",
                                        "COPY",
                                        "MOVE",
                                        "EXPIRE",
                                        "PEXPIRE",
                                        "EXPIREAT",
                                        "PEXPIREAT",
                                        "PERSIST",
                                        "SORT",
                                        "SORT_RO",
                                        "BITOP",
                                        "KEYS",
                                        "DBSIZE",
                                        "RANDOMKEY",
                                        "HGETALL",
                                        "HKEYS",
                                        "HVALS",
                                        "HLEN",
                                        "HSTRLEN",
                                        "HEXISTS",
                                        "HDEL",
                                        "LLEN",
                                        "LRANGE",
                                        "LREM",
                                        "LINSERT",
                                        "LPUSHX",
                                        "RPUSHX",
                                        "SCARD",
                                        "SMEMBERS",
                                        "SISMEMBER",
                                        "SINTER",
                                        "SUNION",
                                        "SDIFF",
                                        "SINTERCARD",
                                        "SREM",
                                        "SMOVE",
                                        "SINTERSTORE",
                                        "SUNIONSTORE",
                                        "SDIFFSTORE",
                                        "ZCARD",
                                        "ZCOUNT",
                                        "ZLEXCOUNT",
                                        "ZRANGE",
                                        "ZREVRANGE",
                                        "ZRANGEBYLEX",
                                        "ZREVRANGEBYLEX",
                                        "ZRANGEBYSCORE",
                                        "ZREVRANGEBYSCORE",
                                        "ZINTER",
                                        "ZUNION",
                                        "ZDIFF",
                                        "ZINTERCARD",
                                        "ZINTERSTORE",
                                        "ZUNIONSTORE",
                                        "ZDIFFSTORE",
                                        "ZRANGESTORE",
                                        "ZPOPMIN",
                                        "ZPOPMAX",
                                        "ZREM",
                                        "ZREMRANGEBYRANK",
                                        "ZREMRANGEBYSCORE",
                                        "ZREMRANGEBYLEX",
                                        "GEOSEARCH",
                                        "GEOSEARCHSTORE",
                                        "GEORADIUS",
                                        "GEORADIUS_RO",
                                        "GEORADIUSBYMEMBER",
                                        "GEORADIUSBYMEMBER_RO",
                                        "XLEN",
                                        "XRANGE",
                                        "XREVRANGE",
                                        "XACK",
                                        "XDEL",
                                        "XTRIM",
                                        "PFCOUNT",
                                        "EVAL",
                                        "EVAL_RO",
                                        "EVALSHA",
                                        "EVALSHA_RO",
                                        "FCALL",
                                        "FCALL_RO"};
constexpr std::string_view by_nil[] = {"GET",
                                       "GETDEL",
                                       "GETEX",
                                       "GETSET",
                                       "SET",
                                       "DUMP",
                                       "HGET",
                                       "HRANDFIELD",
                                       "LINDEX",
                                       "LPOS",
                                       "LMOVE",
                                       "RPOPLPUSH",
                                       "SPOP",
                                       "SRANDMEMBER",
                                       "ZSCORE",
                                       "ZRANK",
                                       "ZREVRANK",
                                       "ZRANDMEMBER",
                                       "GEODIST",
                                       "OBJECT ENCODING",
                                       "OBJECT REFCOUNT",
                                       "OBJECT FREQ",
                                       "MEMORY USAGE",
                                       "OBJECT IDLETIME"};
/// EXEC: of what it watched something was changed.
constexpr std::string_view by_no_list[] = {"BLPOP",    "BRPOP",      "BLMPOP",    "LMPOP", "BLMOVE",
                                           "BZPOPMIN", "BZPOPMAX",   "BZMPOP",    "ZMPOP", "XREAD",
                                           "EXEC",     "XREADGROUP", "BRPOPLPUSH"};
constexpr std::string_view by_popped[] = {"LPOP", "RPOP"};
constexpr std::string_view by_nil_each[] = {"MGET", "HMGET", "ZMSCORE", "GEOHASH"};
constexpr std::string_view by_no_list_each[] = {"GEOPOS"};
constexpr std::string_view by_zero_each[] = {"SMISMEMBER", "BITFIELD_RO"};
constexpr std::string_view by_text[] = {"GETRANGE", "SUBSTR", "LCS"};

constexpr std::pair<std::span<std::string_view const>, miss> by_kind[] = {
    {by_form, miss::form},           {by_nil, miss::nil},
    {by_no_list, miss::no_list},     {by_popped, miss::popped},
    {by_nil_each, miss::nil_each},   {by_no_list_each, miss::no_list_each},
    {by_zero_each, miss::zero_each}, {by_text, miss::text}};

constexpr std::string_view no_cursor = "*2\r\n$1\r\n0\r\n*0\r\n";
constexpr std::string_view no_time = ":-2\r\n";
constexpr std::string_view no_key = "-ERR no such key\r\n";
/// With none the words of the command say more.
constexpr std::pair<std::string_view, std::string_view> lines[] = {{"SCAN", no_cursor},
                                                                   {"HSCAN", no_cursor},
                                                                   {"SSCAN", no_cursor},
                                                                   {"ZSCAN", no_cursor},
                                                                   {"TTL", no_time},
                                                                   {"PTTL", no_time},
                                                                   {"EXPIRETIME", no_time},
                                                                   {"PEXPIRETIME", no_time},
                                                                   {"TYPE", "+none\r\n"},
                                                                   {"RENAMENX", no_key},
                                                                   {"XINFO STREAM", no_key},
                                                                   {"XINFO GROUPS", no_key},
                                                                   {"XINFO CONSUMERS", no_key},
                                                                   {"BITPOS", ""},
                                                                   {"XPENDING", ""},
                                                                   {"XCLAIM", ""},
                                                                   {"XAUTOCLAIM", ""}};

constexpr auto const* line_of(std::string_view name)
{
    using row = std::pair<std::string_view, std::string_view>;
    auto const* const found = std::ranges::find(lines, name, &row::first);
    return found == std::end(lines) ? nullptr : found;
}

std::string list_of_each(std::string_view one, std::int64_t count)
{
    auto made = "*" + std::to_string(count) + "\r\n";
    for (std::int64_t i = 0; i < count; ++i)
        made.append(one);
    return made;
}

/// Of a list, set or map.
std::string empty_one(found_answer const& answer)
{
    return answer.elements < 0 ? "*-1\r\n" : std::string(1, answer.type) + "0\r\n";
}

std::string empty_text(char type)
{
    if (type == ':')
        return ":0\r\n";
    constexpr std::string_view matches = "$7\r\nmatches\r\n*0\r\n$3\r\nlen\r\n:0\r\n";
    if (type == '*' || type == '%')
        return std::string(type == '*' ? "*4\r\n" : "%2\r\n").append(matches);
    return "$0\r\n\r\n";
}

/// As it may stand in the line of an error.
std::string in_line(std::string word)
{
    std::ranges::replace_if(
        word, [](char c) { return c == '\r' || c == '\n'; }, ' ');
    return word;
}

}  // namespace

miss miss_of(std::string_view name, bool is_known)
{
    if (!is_known)
        return miss::form;
    for (auto const& [names, what] : by_kind)
        if (std::ranges::find(names, name) != names.end())
            return what;
    return line_of(name) != nullptr ? miss::line : miss::none;
}

std::string miss_line(std::string_view name, std::span<std::string const> words)
{
    auto const* const row = line_of(name);
    if (row == nullptr || !row->second.empty())
        return std::string(row == nullptr ? "" : row->second);
    auto const word = [&](std::size_t n) { return n < words.size() ? words[n] : std::string(); };
    if (name == "BITPOS")
        return word(2) == "1" ? ":-1\r\n" : ":0\r\n";
    return std::string("-NOGROUP No such key '")
        .append(in_line(word(1)))
        .append("' or consumer group '")
        .append(in_line(word(2)))
        .append("'\r\n");
}

std::string nothing_found(miss what, found_answer const& answer)
{
    std::string const nil = answer.resp3 ? "_\r\n" : "$-1\r\n";
    std::string const no_list = answer.resp3 ? "_\r\n" : "*-1\r\n";
    bool const is_list = answer.type == '*' || answer.type == '~' || answer.type == '%';
    switch (what) {
    case miss::no_list:
        return no_list;
    case miss::popped:
        return is_list ? no_list : nil;
    case miss::nil_each:
        return list_of_each(nil, std::max<std::int64_t>(answer.elements, 0));
    case miss::no_list_each:
        return list_of_each(no_list, std::max<std::int64_t>(answer.elements, 0));
    case miss::zero_each:
        return list_of_each(":0\r\n", std::max<std::int64_t>(answer.elements, 0));
    case miss::text:
        return empty_text(answer.type);
    default:
        break;
    }
    if (is_list)
        return empty_one(answer);
    if (what == miss::form && answer.type == ':')
        return ":0\r\n";
    return what == miss::form && answer.type == '#' ? "#f\r\n" : nil;
}

}  // namespace aconite::redis
