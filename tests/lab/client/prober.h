// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace client {

/// Both clocks at one moment, in microseconds. Durations come from the monotonic one, reports from the other.
struct Moment {
    std::int64_t monotonicUs = 0;
    std::int64_t wallUs = 0;
};

Moment now();

struct Outage {
    Moment lastGood;                 ///< the last good answer before it
    std::optional<Moment> firstGood; ///< the next good answer; none: it lasts
    std::uint64_t failedAsks = 0;
};

struct Settings {
    std::string address;
    std::uint16_t port = 19121;
    std::string path = "/state";
    std::int64_t intervalUs = 5'000;
    std::int64_t timeoutUs = 100'000;
    std::int64_t minOutageUs = 30'000; ///< shorter gaps are the machine's own hiccups
};

/// Asks one address over and over with a fresh connection each time, and keeps the list of outages. A question is put
/// at every interval whether or not earlier ones have been answered, so that a silent address does not slow the next
/// question down: the end of an outage is seen within an interval. One thread, one epoll; run() returns when told.
class Prober {
public:
    explicit Prober(Settings settings);
    ~Prober();
    Prober(const Prober&) = delete;
    Prober& operator=(const Prober&) = delete;

    /// Asks until `stopFile` (an eventfd or signalfd) can be read or so many microseconds have passed (0: no limit).
    void run(int stopFile, std::int64_t durationUs);

    [[nodiscard]] const std::vector<Outage>& outages() const { return outages_; }

    [[nodiscard]] std::uint64_t asked() const { return asked_; }

    [[nodiscard]] std::uint64_t good() const { return good_; }

    [[nodiscard]] std::uint64_t failed() const { return failed_; }

private:
    struct Question {
        int socket = -1;
        std::int64_t startedUs = 0;
        bool sent = false;
        std::string answer;
    };

    void ask();
    /// True when the question is over, well or badly.
    bool advance(Question& question, std::uint32_t events);
    void end(std::size_t index, bool well);
    void expire();
    void noteGood();
    void noteFailed();
    void finish();

    Settings settings_;
    std::string request_;
    int poll_;
    std::vector<Question> open_;
    std::vector<Outage> outages_;
    std::optional<Moment> lastGood_;
    std::uint64_t failedSinceGood_ = 0;
    std::uint64_t asked_ = 0;
    std::uint64_t good_ = 0;
    std::uint64_t failed_ = 0;
};

} // namespace client
