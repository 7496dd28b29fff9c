#pragma once

#include <cstdint>
#include <string>

namespace aconite::kafka {

/// Takes a broker out of an answer of Metadata or DescribeCluster, which has its four bytes of
/// length. False: it is not in it, or the answer is not as it should be.
bool cut_broker(std::string& frame, std::int16_t api_key, std::int16_t version,
                std::int32_t broker);

/// Takes the partitions of topics that are told an error out of an answer of Metadata or
/// DescribeTopicPartitions, as brokers send it. An answer that is not as it should be stays.
void cut_partitions_of_failed(std::string& frame, std::int16_t api_key, std::int16_t version);

}  // namespace aconite::kafka
