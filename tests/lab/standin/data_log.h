// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace standin {

/// What the stand-in keeps on the shared storage: the rows it acknowledged, and a record of its own lifetime.
///
/// Files below the db folder, all text:
///   standin-rows.log           R INSTANCE SEQ ID MONOTONIC_US WALL_US      one line a row, fsynced before the answer
///   standin-sessions/INSTANCE  S INSTANCE HOST START_US LAST_US WALL_US open|closed    (monotonic but for WALL_US)
/// LAST_US is marked every 50 ms. Both hosts of a lab share one kernel and so one monotonic clock: two sessions whose
/// times overlap were two writers at once.
///
/// Every access goes by path, never by a kept descriptor, so that storage that is taken away is missed at once, as a
/// dead share would be. Thread-safe after open().
class DataLog {
public:
    DataLog(std::filesystem::path db, std::filesystem::path wal, bool locks);
    ~DataLog();
    DataLog(const DataLog&) = delete;
    DataLog& operator=(const DataLog&) = delete;

    /// Takes the lock where this generation has one, starts the session and reads all rows. Empty: an error's text.
    [[nodiscard]] std::optional<std::string> open();

    /// Ids of the new rows, all of them on disk; nullopt: none may be acknowledged.
    [[nodiscard]] std::optional<std::vector<std::int64_t>> append(std::size_t rows);

    /// Rows of every instance, from the disk; nullopt when it cannot be read.
    [[nodiscard]] std::optional<std::uint64_t> count() const;

    /// Did the last mark of the session reach the storage?
    [[nodiscard]] bool healthy() const { return healthy_; }

    [[nodiscard]] const std::string& instance() const { return instance_; }

    /// Ends the session in good order. After it the destructor leaves the record alone.
    void close();

private:
    bool mark(bool closed);
    [[nodiscard]] std::optional<std::string> takeLock();

    std::filesystem::path db_;
    std::filesystem::path wal_;
    bool locks_;
    int lockFile_ = -1;
    std::uint32_t instanceNumber_;
    std::string instance_;
    std::int64_t startedAtUs_ = 0;
    std::int64_t startedWallUs_ = 0;
    std::atomic<bool> healthy_ = false;
    std::mutex rowsMutex_;
    std::uint32_t nextSequence_ = 1;
    std::jthread marker_;
};

} // namespace standin
