#include "toxics/redis/errors.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace aconite::redis {
namespace {

constexpr std::pair<std::string_view, std::string_view> errors[] = {
    {"LOADING", "LOADING Redis is loading the dataset in memory"},
    {"READONLY", "READONLY You can't write against a read only replica."},
    {"MASTERDOWN",
     "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."},
    {"CLUSTERDOWN", "CLUSTERDOWN The cluster is down"},
    {"TRYAGAIN", "TRYAGAIN Multiple keys request during rehashing of slot"},
    {"CROSSSLOT", "CROSSSLOT Keys in request don't hash to the same slot"},
    {"MOVED", "MOVED"},
    {"ASK", "ASK"},
    {"NOAUTH", "NOAUTH Authentication required."},
    {"WRONGPASS", "WRONGPASS invalid username-password pair or user is disabled."},
    {"NOPERM", "NOPERM this user has no permissions to run this command"},
    {"OOM", "OOM command not allowed when used memory > 'maxmemory'."},
    {"BUSY", "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN "
             "NOSAVE."},
    {"BUSYGROUP", "BUSYGROUP Consumer Group name already exists"},
    {"NOGROUP", "NOGROUP No such consumer group"},
    {"NOSCRIPT", "NOSCRIPT No matching script. Please use EVAL."},
    {"MISCONF",
     "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to "
     "disk. Commands that may modify the data set are disabled, because this instance is "
     "configured to report errors during writes if RDB snapshotting fails "
     "(stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB "
     "error."},
    {"NOREPLICAS", "NOREPLICAS Not enough good replicas to write."},
    {"UNKILLABLE", "UNKILLABLE Sorry the script already executed write commands against the "
                   "dataset. You can either wait the script termination or kill the server in a "
                   "hard way using the SHUTDOWN NOSAVE command."},
    {"WRONGTYPE", "WRONGTYPE Operation against a key holding the wrong kind of value"},
    {"EXECABORT", "EXECABORT Transaction discarded because of previous errors."},
    {"NOTBUSY", "NOTBUSY No scripts in execution right now."},
};

/// CRC-16/XMODEM, as a cluster's slots have it.
std::uint16_t crc_of(std::string_view bytes)
{
    constexpr unsigned polynomial = 0x1021;
    unsigned crc = 0;
    for (char const c : bytes) {
        crc ^= static_cast<unsigned>(static_cast<unsigned char>(c)) << 8U;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 0x8000U) != 0 ? (crc << 1U) ^ polynomial : crc << 1U;
    }
    return static_cast<std::uint16_t>(crc);
}

}  // namespace

std::string_view usual_error(std::string_view word)
{
    auto const* const known =
        std::ranges::find(errors, word, &std::pair<std::string_view, std::string_view>::first);
    return known == std::end(errors) ? std::string_view{} : known->second;
}

std::uint16_t slot_of(std::string_view key)
{
    constexpr std::uint16_t slots = 16384;
    if (auto const open = key.find('{'); open != std::string_view::npos)
        if (auto const end = key.find('}', open); end != std::string_view::npos && end > open + 1)
            key = key.substr(open + 1, end - open - 1);
    return crc_of(key) % slots;
}

}  // namespace aconite::redis
