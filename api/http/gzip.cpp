#include "api/http/gzip.hpp"

#include <zlib.h>

#include <stdexcept>

namespace aconite::api {

std::string gzipped(std::string_view text)
{
    constexpr int gzip_window_bits = 15 + 16;
    constexpr int memory_level = 8;
    z_stream out{};
    if (::deflateInit2(&out, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window_bits, memory_level,
                       Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("no memory to compress");
    std::string packed(::deflateBound(&out, text.size()), '\0');
    out.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    out.avail_in = static_cast<uInt>(text.size());
    out.next_out = reinterpret_cast<Bytef*>(packed.data());
    out.avail_out = static_cast<uInt>(packed.size());
    ::deflate(&out, Z_FINISH);  // deflateBound leaves room for all of it
    packed.resize(out.total_out);
    ::deflateEnd(&out);
    return packed;
}

}  // namespace aconite::api
