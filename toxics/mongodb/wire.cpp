#include "toxics/mongodb/wire.hpp"

#include <boost/crc.hpp>

namespace aconite::mongodb {
namespace {

/// CRC-32C, of all in front of it.
std::uint32_t checksum_of(std::string_view bytes)
{
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> sum;
    sum.process_bytes(bytes.data(), bytes.size());
    return sum.checksum();
}

bool has_checksum(std::string_view message)
{
    return message.size() >= flags_end + checksum_bytes &&
           (flags_in(message) & flag::checksum) != 0;
}

std::uint64_t lowest_first(std::string_view bytes)
{
    std::uint64_t made = 0;
    for (std::size_t i = bytes.size(); i-- > 0;)
        made = made << 8 | static_cast<unsigned char>(bytes[i]);
    return made;
}

}  // namespace

bool message_head::is_possible() const
{
    // All that there ever were: 1, 1000, and from 2001 to 2013.
    auto const number = static_cast<std::int32_t>(kind);
    bool const is_kind = number == 1 || number == 1000 || (number > 2000 && number <= 2013);
    return is_kind && bytes >= head_bytes && bytes <= message_bytes_max;
}

std::uint32_t number_at(std::string_view bytes, std::size_t at)
{
    return static_cast<std::uint32_t>(lowest_first(bytes.substr(at, 4)));
}

std::uint64_t long_number_at(std::string_view bytes, std::size_t at)
{
    return lowest_first(bytes.substr(at, 8));
}

void put_number(std::string& out, std::uint64_t value, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(static_cast<char>(value >> 8 * i & 0xFF));
}

void set_number(std::string& bytes, std::size_t at, std::uint32_t value)
{
    std::string made;
    put_number(made, value);
    bytes.replace(at, made.size(), made);
}

message_head read_head(std::string_view bytes)
{
    return {number_at(bytes, 0), static_cast<std::int32_t>(number_at(bytes, 4)),
            static_cast<std::int32_t>(number_at(bytes, 8)),
            static_cast<op_code>(number_at(bytes, 12))};
}

std::uint32_t flags_in(std::string_view beginning)
{
    auto const head = read_head(beginning);
    bool const has_flags =
        head.kind == op_code::message && head.bytes >= flags_end && beginning.size() >= flags_end;
    return has_flags ? number_at(beginning, head_bytes) : 0;
}

void begin_message(std::string& out, std::int32_t id, std::int32_t answers, op_code kind)
{
    put_number(out, 0);
    put_number(out, static_cast<std::uint32_t>(id));
    put_number(out, static_cast<std::uint32_t>(answers));
    put_number(out, static_cast<std::uint32_t>(kind));
}

void end_message(std::string& message)
{
    set_number(message, 0, static_cast<std::uint32_t>(message.size()));
    if (!has_checksum(message))
        return;
    auto const at = message.size() - checksum_bytes;
    set_number(message, at, checksum_of(std::string_view(message).substr(0, at)));
}

bool has_right_checksum(std::string_view message)
{
    if (!has_checksum(message))
        return true;
    auto const at = message.size() - checksum_bytes;
    return number_at(message, at) == checksum_of(message.substr(0, at));
}

}  // namespace aconite::mongodb
