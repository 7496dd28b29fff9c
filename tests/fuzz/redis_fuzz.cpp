// libFuzzer's entry: https://llvm.org/docs/LibFuzzer.html
#include "tests/support/hostile_redis.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    aconite::test::play_hostile_redis({data, size});
    aconite::test::play_hostile_answer({data, size});
    return 0;
}
