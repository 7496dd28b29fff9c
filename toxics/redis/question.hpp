#pragma once

#include "toxics/redis/command_reader.hpp"
#include "toxics/redis/protocol.hpp"
#include "toxics/redis/session.hpp"
#include "toxics/redis/value_reader.hpp"

#include <aconite/operation.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aconite::redis {

/// A command, or something that a server sends unasked, in the form in which toxics are asked about
/// it. Made again and again: its memory is kept. Refers to the session and to what it was made of.
class question {
public:
    question() = default;
    question(question const&) = delete;
    question& operator=(question const&) = delete;
    ~question() = default;

    void is_about(session const& of, command_reader const& command);
    /// About a push, or an array that is one.
    void is_about(session const& of, value_reader const& push);
    /// About a command of these kinds.
    void set_kinds(std::string_view kinds);

    /// Valid as long as this is.
    [[nodiscard]] operation about(std::uint64_t ordinal, std::uint64_t offset) const
    {
        return {ordinal, offset, whole_, spans_};
    }

    /// In capital letters.
    [[nodiscard]] std::string const& name() const { return name_; }
    /// The same with its subcommand, if it has those.
    [[nodiscard]] std::string const& whole_name() const { return whole_name_; }
    /// It is in the table of commands.
    [[nodiscard]] bool is_known() const { return is_known_; }
    [[nodiscard]] bool has_key() const { return !keys_.empty(); }
    /// The first; empty: it has none.
    [[nodiscard]] std::string_view key() const
    {
        return keys_.empty() ? std::string_view{} : keys_.front();
    }
    /// The server executes nothing that changes data.
    [[nodiscard]] bool reads_only() const { return reads_only_; }

private:
    using facts = std::array<std::string_view, fact_count>;

    void part(session const& of, std::string_view kind);

    std::string name_;
    std::string whole_name_;  ///< with its subcommand
    std::string names_;       ///< what a match can call it
    std::string database_;
    std::string arguments_;
    std::vector<std::string_view> keys_;
    std::string list_;  ///< of the keys
    bool is_known_ = false;
    bool reads_only_ = false;
    std::vector<facts> parts_;
    std::vector<std::span<std::string_view const>> spans_;
    facts whole_{};
};

}  // namespace aconite::redis
