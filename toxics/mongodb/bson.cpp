#include "toxics/mongodb/bson.hpp"

#include "toxics/mongodb/wire.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace aconite::mongodb {
namespace {

constexpr std::size_t document_bytes_min = 5;
constexpr std::size_t impossible = std::string_view::npos;

/// A text with its end, off the front of `bytes`; impossible: it has none.
std::size_t size_of_name(std::string_view bytes)
{
    auto const end = bytes.find('\0');
    return end == std::string_view::npos ? impossible : end + 1;
}

/// Bytes that begin with their number, `more` than that in all.
std::size_t size_by_length(std::string_view bytes, std::size_t more)
{
    if (bytes.size() < 4)
        return impossible;
    return std::size_t{number_at(bytes, 0)} + more;
}

std::size_t size_of_value(std::uint8_t type, std::string_view bytes)
{
    switch (type) {
    case 0x06:  // undefined
    case 0x0A:  // null
    case 0x7F:  // the largest key
    case 0xFF:  // the smallest
        return 0;
    case 0x08:  // boolean
        return 1;
    case 0x10:  // 32 bits
        return 4;
    case 0x01:  // a real number
    case 0x09:  // a time
    case 0x11:  // a timestamp
    case 0x12:  // 64 bits
        return 8;
    case 0x07:  // an object's id
        return 12;
    case 0x13:  // a decimal number
        return 16;
    case 0x02:  // a text
    case 0x0D:  // a program
    case 0x0E:  // a symbol
        return size_by_length(bytes, 4);
    case 0x05:  // binary, of some kind
        return size_by_length(bytes, 5);
    case 0x0C:  // a pointer
        return size_by_length(bytes, 16);
    case 0x03:  // a document
    case 0x04:  // a list
    case 0x0F:  // a program with a document
        return size_by_length(bytes, 0);
    case 0x0B: {  // a regular expression, and how it is meant
        auto const first = size_of_name(bytes);
        if (first == impossible)
            return impossible;
        auto const second = size_of_name(bytes.substr(first));
        return second == impossible ? impossible : first + second;
    }
    default:
        return impossible;
    }
}

}  // namespace

std::string_view bson_field::text() const
{
    constexpr std::size_t around = 5;  // its length and its end
    if (type != bson_type::text || value.size() < around)
        return {};
    return value.substr(4, value.size() - around);
}

bool bson_field::is_true() const
{
    switch (type) {
    case bson_type::real:
        return std::bit_cast<double>(long_number_at(value, 0)) != 0;
    case bson_type::boolean:
        return value.front() != '\0';
    case bson_type::number:
        return number_at(value, 0) != 0;
    case bson_type::long_number:
        return long_number_at(value, 0) != 0;
    default:
        return false;
    }
}

std::size_t size_of_document(std::string_view bytes)
{
    auto const size = size_by_length(bytes, 0);
    return size >= document_bytes_min && size <= bytes.size() ? size : 0;
}

bson_reader::bson_reader(std::string_view document)
{
    auto const size = size_of_document(document);
    bad_ = size == 0 || document[size - 1] != '\0';
    if (!bad_)
        rest_ = document.substr(4, size - document_bytes_min);
}

std::optional<bson_field> bson_reader::next()
{
    if (bad_ || rest_.empty())
        return std::nullopt;
    auto const type = static_cast<std::uint8_t>(rest_.front());
    auto const name = size_of_name(rest_.substr(1));
    if (name == impossible) {
        bad_ = true;
        return std::nullopt;
    }
    auto const before = 1 + name;
    auto const value = size_of_value(type, rest_.substr(before));
    if (value == impossible || value > rest_.size() - before) {
        bad_ = true;
        return std::nullopt;
    }
    bson_field const found{static_cast<bson_type>(type), rest_.substr(1, name - 1),
                           rest_.substr(before, value), rest_.substr(0, before + value)};
    rest_.remove_prefix(before + value);
    return found;
}

std::optional<bson_field> find_field(std::string_view document, std::string_view name)
{
    bson_reader reader(document);
    while (auto const field = reader.next())
        if (field->name == name)
            return field;
    return std::nullopt;
}

void bson_writer::begin(bson_type type, std::string_view name)
{
    out_.push_back(static_cast<char>(type));
    out_.append(name).push_back('\0');
}

void bson_writer::put(std::string_view name, std::string_view text)
{
    begin(bson_type::text, name);
    put_number(out_, text.size() + 1);
    out_.append(text).push_back('\0');
}

void bson_writer::put(std::string_view name, double value)
{
    begin(bson_type::real, name);
    put_number(out_, std::bit_cast<std::uint64_t>(value), 8);
}

void bson_writer::put(std::string_view name, std::int32_t value)
{
    begin(bson_type::number, name);
    put_number(out_, static_cast<std::uint32_t>(value));
}

void bson_writer::put(std::string_view name, bson_type type, std::string_view document)
{
    begin(type, name);
    out_.append(document);
}

std::string bson_writer::take()
{
    out_.push_back('\0');
    set_number(out_, 0, static_cast<std::uint32_t>(out_.size()));
    return std::exchange(out_, {});
}

}  // namespace aconite::mongodb
