#pragma once

#include "toxics/kafka/layout.hpp"
#include "toxics/kafka/number.hpp"
#include "toxics/kafka/visitor.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

/// Frames of Kafka, made from the same tables that they are read by, but the other way round.
namespace aconite::test {

/// What a walker tells, as lines of text.
class event_log final : public kafka::visitor {
public:
    std::vector<std::string> lines;
    /// Of which fields the values are wanted; empty: of all.
    std::function<bool(kafka::field const&)> wanted;

    bool wants(kafka::field const& what) override { return !wanted || wanted(what); }
    void on_number(kafka::field const& what, kafka::place where, std::int64_t value) override
    {
        note(what.name, where, "= " + std::to_string(value));
    }
    void on_text(kafka::field const& what, kafka::place where,
                 std::optional<std::string_view> text) override
    {
        note(what.name, where, text ? "= '" + std::string(*text) + "'" : "= null");
    }
    void on_long_text(kafka::field const& what, kafka::place where) override
    {
        note(what.name, where, "is long");
    }
    void on_array(kafka::field const& what, kafka::place where,
                  std::optional<std::uint32_t> count) override
    {
        note(what.name, where, count ? "has " + std::to_string(*count) : "is null");
    }
    void on_array_end(kafka::field const& what, std::uint64_t at) override
    {
        note(what.name, {at, at}, "ends");
    }
    void on_structure(kafka::field const& what, std::uint64_t at) override
    {
        note(what.name, {at, at}, "{");
    }
    void on_structure_end(kafka::field const& what, std::uint64_t at) override
    {
        note(what.name, {at, at}, "}");
    }
    void on_tag(kafka::field const* what, std::uint32_t tag, kafka::place where) override
    {
        note(what != nullptr ? what->name : "?", where, "is tag " + std::to_string(tag));
    }
    void on_tagged(kafka::field const* what, kafka::place where, std::uint32_t size) override
    {
        note(what != nullptr ? what->name : "?", where, "takes " + std::to_string(size));
    }
    void on_tagged_end(kafka::field const& what, std::uint64_t at) override
    {
        note(what.name, {at, at}, "was tagged");
    }

private:
    void note(std::string_view name, kafka::place where, std::string_view what)
    {
        lines.push_back(std::to_string(where.begin) + "-" + std::to_string(where.end) + " " +
                        std::string(name) + " " + std::string(what));
    }
};

/// Writes a frame with everything in it that its version has, and tells what a walker has to tell.
class frame_writer {
public:
    /// What the values are; empty: any.
    std::function<std::string(kafka::field const&)> text_of;
    std::function<std::int64_t(kafka::field const&)> number_of;
    /// How many elements an array has; empty: up to 2.
    std::function<std::uint32_t(kafka::field const&)> count_of;
    /// Is told of each structure that begins, or ends.
    std::function<void(kafka::field const&, bool begins)> on_structure;
    bool nulls = true;         ///< where they may be
    bool unknown_tags = true;  ///< also fields that no table knows

    explicit frame_writer(std::uint32_t seed) : random_(seed) {}

    /// The frame behind its length.
    std::string write(kafka::frame_layout const& layout)
    {
        bytes.clear();
        told = event_log();
        put_message(*layout.header, layout.header_version);
        put_message(*layout.body, layout.body_version);
        return bytes;
    }

    std::string bytes;
    event_log told;  ///< of the last frame

private:
    void put_message(kafka::message const& what, std::int16_t version)
    {
        version_ = version;
        flexible_ = what.flexible.contains(version);
        put_fields(kafka::rows(what.fields));
    }

    void put_fields(std::span<kafka::field const> fields)
    {
        for (auto const& each : fields)
            if (each.versions.contains(version_) && !is_tagged(each))
                put_field(each);
        if (flexible_)
            put_tags(fields);
    }

    void put_tags(std::span<kafka::field const> fields)
    {
        std::vector<kafka::field const*> known;
        for (auto const& each : fields)
            if (is_tagged(each) && upto(3) > 0)
                known.push_back(&each);
        bool const more = unknown_tags && upto(2) == 0;
        kafka::put_variable(bytes, static_cast<std::uint32_t>(known.size() + (more ? 1 : 0)));
        for (auto const* each : known)
            put_tagged(*each);
        if (!more)
            return;
        auto begin = at();
        kafka::put_variable(bytes, 300);
        told.on_tag(nullptr, 300, {begin, at()});
        std::string const content(upto(200), 'u');
        begin = at();
        kafka::put_variable(bytes, static_cast<std::uint32_t>(content.size()));
        told.on_tagged(nullptr, {begin, at()}, static_cast<std::uint32_t>(content.size()));
        bytes += content;
    }

    void put_tagged(kafka::field const& what)
    {
        auto const begin = at();
        kafka::put_variable(bytes, static_cast<std::uint32_t>(what.tag));
        told.on_tag(&what, static_cast<std::uint32_t>(what.tag), {begin, at()});
        // Its size, which stands before it, is known when it was written: so it is written twice.
        auto const saved = std::tuple(bytes, told.lines, random_);
        put_field(what);
        auto const size = static_cast<std::uint32_t>(bytes.size() - std::get<0>(saved).size());
        std::tie(bytes, told.lines, random_) = saved;
        auto const size_begin = at();
        kafka::put_variable(bytes, size);
        told.on_tagged(&what, {size_begin, at()}, size);
        put_field(what);
        told.on_tagged_end(what, at());
    }

    void put_field(kafka::field const& what)
    {
        if (!what.is_array())
            return put_value(what);
        auto const begin = at();
        if (is_null(what)) {
            put_length(what, -1, 4);
            return told.on_array(what, {begin, at()}, std::nullopt);
        }
        auto const count = count_of ? count_of(what) : upto(2);
        put_length(what, count, 4);
        told.on_array(what, {begin, at()}, count);
        for (std::uint32_t i = 0; i < count; ++i)
            what.is_structure() ? put_structure(what) : put_value(what);
        told.on_array_end(what, at());
    }

    void put_structure(kafka::field const& what)
    {
        told.on_structure(what, at());
        if (on_structure)
            on_structure(what, true);
        put_fields(kafka::rows(what.fields));
        if (on_structure)
            on_structure(what, false);
        told.on_structure_end(what, at());
    }

    void put_value(kafka::field const& what)
    {
        auto const begin = at();
        if (what.is_structure()) {
            bool const null = is_null(what);
            if (what.nullable.contains(version_))
                bytes.push_back(null ? '\xff' : '\x01');
            if (!null)
                put_structure(what);
        } else if (what.kind == kafka::field_kind::uuid) {
            std::string text = text_of ? text_of(what) : std::string(16, 'i');
            text.resize(16);
            bytes += text;
            told.on_text(what, {begin, at()}, text);
        } else if (auto const size = kafka::fixed_bytes(what.kind); size > 0) {
            auto const value = number_of ? number_of(what) : upto(100);
            kafka::put_number(bytes, static_cast<std::uint64_t>(value), size);
            told.on_number(what, {begin, at()}, value);
        } else
            put_text(what, begin);
    }

    void put_text(kafka::field const& what, std::uint64_t begin)
    {
        auto const length_bytes = what.kind == kafka::field_kind::string ? 2U : 4U;
        if (!what.is_array() && is_null(what)) {
            put_length(what, -1, length_bytes);
            return told.on_text(what, {begin, at()}, std::nullopt);
        }
        auto const text = text_of ? text_of(what) : std::string(upto(20), 't');
        put_length(what, static_cast<std::int64_t>(text.size()), length_bytes);
        bytes += text;
        text.size() > 512 ? told.on_long_text(what, {begin, at()})
                          : told.on_text(what, {begin, at()}, text);
    }

    void put_length(kafka::field const& what, std::int64_t length, std::size_t size)
    {
        if (flexible_ && what.flexible.contains(version_))
            kafka::put_variable(bytes, static_cast<std::uint32_t>(length + 1));
        else
            kafka::put_number(bytes, static_cast<std::uint64_t>(length), size);
    }

    [[nodiscard]] bool is_tagged(kafka::field const& what) const
    {
        return what.tag >= 0 && what.versions.contains(version_) && what.tagged.contains(version_);
    }
    bool is_null(kafka::field const& what)
    {
        return what.nullable.contains(version_) && nulls && upto(3) == 0;
    }
    std::uint32_t upto(std::uint32_t most)
    {
        return static_cast<std::uint32_t>(random_() % (most + 1));
    }
    [[nodiscard]] std::uint64_t at() const { return bytes.size(); }

    std::mt19937 random_;
    std::int16_t version_ = 0;
    bool flexible_ = false;
};

/// Each message that there is a table for, in each version.
inline std::vector<kafka::frame_layout> all_layouts()
{
    std::vector<kafka::frame_layout> all;
    for (auto const& each : kafka::tables::messages())
        for (std::int16_t version = 0; version <= each.newest; ++version)
            if (auto const found = kafka::layout_of(each.way, each.api_key, version))
                all.push_back(*found);
    return all;
}

}  // namespace aconite::test
