#include "clients/cpp/event_reader.hpp"

namespace aconite::client {

void event_reader::read(std::string_view part)
{
    rest_ += part;
    std::size_t from = 0;
    for (auto end = rest_.find('\n'); end != rest_.npos; end = rest_.find('\n', from)) {
        read_line(std::string_view(rest_).substr(from, end - from));
        from = end + 1;
    }
    rest_.erase(0, from);
}

void event_reader::read_line(std::string_view line)
{
    if (line.empty()) {
        if (!data_.empty())
            on_event_(event_, data_);
        event_.clear();
        data_.clear();
        return;
    }
    auto const colon = line.find(':');
    auto const name = line.substr(0, colon);
    auto value = colon == line.npos ? std::string_view() : line.substr(colon + 1);
    if (value.starts_with(' '))
        value.remove_prefix(1);
    if (name == "event")
        event_ = value;
    else if (name == "data")
        data_ = value;  // the server's are of one line
}

}  // namespace aconite::client
