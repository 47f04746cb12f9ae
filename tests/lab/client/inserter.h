// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <string>
#include <thread>

namespace client {

/// Inserts one row after another through the VIP and writes the id of each acknowledged one to a file, a line each.
/// What this file names must be found on the shared storage afterwards (`lab check-data --acked FILE`). Own thread.
class Inserter {
public:
    Inserter(std::string address, std::uint16_t port, std::int64_t intervalUs, std::FILE* acked);
    ~Inserter();
    Inserter(const Inserter&) = delete;
    Inserter& operator=(const Inserter&) = delete;

    /// Lets the row on its way be answered, then ends.
    void stop();

    [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }

    [[nodiscard]] std::uint64_t refused() const { return refused_; }

private:
    void run(const std::stop_token& stop);
    bool insertOne();

    std::string address_;
    std::uint16_t port_;
    std::int64_t intervalUs_;
    std::FILE* acked_;
    std::atomic<std::uint64_t> acknowledged_ = 0;
    std::atomic<std::uint64_t> refused_ = 0;
    std::jthread thread_;
};

} // namespace client
