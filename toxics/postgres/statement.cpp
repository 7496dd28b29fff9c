#include "toxics/postgres/statement.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace aconite::postgres {
namespace {

/// What a statement begins with; more words tell nothing.
constexpr std::size_t words_max = 4;
/// Of that many statements in one text the commands are told.
constexpr std::size_t statements_max = 32;

bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool begins_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool continues_word(char c)
{
    return begins_word(c) || (c >= '0' && c <= '9') || c == '$';
}

char upper(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// Goes through a text, token by token.
class lexer {
public:
    explicit lexer(std::string_view sql) : rest_(sql) {}

    /// The next word in capitals, one of ";" "(" ")", "?" for what else stands there, empty at the
    /// end.
    std::string next()
    {
        for (skip_blanks(); !rest_.empty(); skip_blanks()) {
            char const c = rest_.front();
            if (begins_word(c))
                return word();
            if (c == '\'') {
                quoted('\'', false);
            } else if (c == '"') {
                quoted('"', false);
            } else if (c == '$') {
                dollar_quoted();
            } else {
                rest_.remove_prefix(1);
                if (c == ';' || c == '(' || c == ')')
                    return std::string(1, c);
            }
            return "?";
        }
        return {};
    }

private:
    void skip_blanks()
    {
        for (;;) {
            if (!rest_.empty() && is_space(rest_.front()))
                rest_.remove_prefix(1);
            else if (rest_.starts_with("--"))
                rest_.remove_prefix(std::min(rest_.find_first_of("\r\n"), rest_.size()));
            else if (rest_.starts_with("/*"))
                skip_comment();
            else
                return;
        }
    }

    /// Comments nest.
    void skip_comment()
    {
        std::size_t depth = 0;
        do {
            bool const opens = rest_.starts_with("/*");
            bool const closes = rest_.starts_with("*/");
            depth += opens ? 1 : 0;
            depth -= closes ? 1 : 0;
            rest_.remove_prefix(opens || closes ? 2 : 1);
        } while (depth > 0 && !rest_.empty());
    }

    std::string word()
    {
        auto const end = std::ranges::find_if_not(rest_, continues_word);
        std::string made(rest_.begin(), end);
        rest_.remove_prefix(made.size());
        // E'it\'s', B'1', U&"x": the quote belongs to the letter.
        if (made.size() == 1 && !rest_.empty() && rest_.front() == '\'') {
            quoted('\'', upper(made[0]) == 'E');
            return "?";
        }
        std::ranges::transform(made, made.begin(), upper);
        return made;
    }

    /// A doubled quote ends one text and begins another, which comes to the same.
    void quoted(char quote, bool with_backslashes)
    {
        rest_.remove_prefix(1);
        while (!rest_.empty()) {
            bool const escape = with_backslashes && rest_.front() == '\\';
            bool const end = rest_.front() == quote;
            rest_.remove_prefix(std::min<std::size_t>(escape ? 2 : 1, rest_.size()));
            if (end)
                return;
        }
    }

    /// $$...$$ and $tag$...$tag$; $1 is a parameter.
    void dollar_quoted()
    {
        auto const end = rest_.find('$', 1);
        auto const tag = rest_.substr(0, end == std::string_view::npos ? end : end + 1);
        auto const name = tag.substr(1, tag.size() - std::min<std::size_t>(tag.size(), 2));
        bool const is_tag = end != std::string_view::npos &&
                            (name.empty() || begins_word(name.front())) &&
                            std::ranges::all_of(name, continues_word);
        if (!is_tag) {
            rest_.remove_prefix(1);
            return;
        }
        rest_.remove_prefix(tag.size());
        auto const close = rest_.find(tag);
        rest_.remove_prefix(close == std::string_view::npos ? rest_.size() : close + tag.size());
    }

    std::string_view rest_;
};

/// One statement's command, and how it ends a transaction.
struct command {
    std::string name;
    transaction_end ends = transaction_end::none;
};

command command_of(std::vector<std::string> const& words)
{
    auto const at = [&](std::size_t i) { return i < words.size() ? words[i] : std::string(); };
    auto const first = at(0);
    auto const second = at(1);
    if (first == "COMMIT" || first == "END") {
        if (second == "PREPARED")
            return {"COMMIT PREPARED"};
        return {"COMMIT", transaction_end::commit};
    }
    if (first == "PREPARE" && second == "TRANSACTION")
        return {"PREPARE TRANSACTION", transaction_end::commit};
    if (first == "ROLLBACK" || first == "ABORT") {
        if (second == "PREPARED")
            return {"ROLLBACK PREPARED"};
        auto const behind = second == "WORK" || second == "TRANSACTION" ? at(2) : second;
        if (behind == "TO")
            return {"ROLLBACK TO"};
        return {"ROLLBACK", transaction_end::rollback};
    }
    if (first == "START" && second == "TRANSACTION")
        return {"BEGIN"};
    return {first};
}

/// One statement as far as it was read.
class reading {
public:
    /// Whether it ends with this token.
    bool take(std::string const& token)
    {
        if (token == ";")
            return depth_ == 0 && blocks_ == 0;
        if (token == "(")
            ++depth_;
        else if (token == ")")
            depth_ -= depth_ > 0 ? 1 : 0;
        bool const is_word = begins_word(token.front());
        if (!is_word)
            in_front_ = in_front_ && words_.empty();  // "(SELECT 1) UNION ..."
        else if (in_front_ && words_.size() < words_max)
            words_.push_back(token);
        if (is_word && is_routine())
            count_block(token);
        if (is_word && depth_ == 0 && direction_.empty() && (token == "FROM" || token == "TO"))
            direction_ = token;
        return false;
    }

    /// What it asks for; without a name if there is nothing.
    [[nodiscard]] command made() const
    {
        auto found = command_of(words_);
        if (found.name == "COPY" && !direction_.empty())
            found.name += ",COPY " + direction_;
        return found;
    }

private:
    /// CREATE FUNCTION and PROCEDURE, whose body may be statements between BEGIN ATOMIC and END.
    [[nodiscard]] bool is_routine() const
    {
        auto const has = [&](char const* word) {
            return std::ranges::find(words_, word) != words_.end();
        };
        return !words_.empty() && words_.front() == "CREATE" &&
               (has("FUNCTION") || has("PROCEDURE"));
    }
    /// CASE ends with END too.
    void count_block(std::string const& word)
    {
        if (word == "BEGIN" || (word == "CASE" && blocks_ > 0))
            ++blocks_;
        else if (word == "END" && blocks_ > 0)
            --blocks_;
    }

    std::vector<std::string> words_;
    std::string direction_;  ///< of a COPY
    std::size_t depth_ = 0;  ///< of parentheses
    std::size_t blocks_ = 0;
    bool in_front_ = true;
};

}  // namespace

statement statement::of_command(std::string_view name)
{
    statement made;
    made.commands_ = name;
    return made;
}

void statement::read() const
{
    if (!unread_)
        return;
    unread_ = false;
    lexer tokens(text_);
    reading now;
    std::size_t count = 0;
    auto const finish = [&] {
        auto const found = std::exchange(now, {}).made();
        if (found.name.empty() || ++count > statements_max)
            return;
        commands_.append(commands_.empty() ? "" : ",").append(found.name);
        if (found.ends != transaction_end::none)
            ends_ = found.ends;
    };
    for (auto token = tokens.next(); !token.empty(); token = tokens.next())
        if (now.take(token))
            finish();
    finish();
}

}  // namespace aconite::postgres
