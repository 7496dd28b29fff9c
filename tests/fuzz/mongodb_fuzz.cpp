// libFuzzer's entry: https://llvm.org/docs/LibFuzzer.html
#include "tests/support/hostile_mongodb.hpp"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    aconite::test::play_hostile_mongodb({data, size});
    return 0;
}
