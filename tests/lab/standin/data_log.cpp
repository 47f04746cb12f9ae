// SPDX-License-Identifier: GPL-3.0-or-later
#include "data_log.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <unistd.h>

namespace standin {

namespace {

constexpr long kMarkIntervalNs = 50'000'000;

std::int64_t nowUs(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<std::int64_t>(t.tv_sec) * 1'000'000 + t.tv_nsec / 1000;
}

std::string hostName() {
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return name.data();
}

bool writeAll(int file, const std::string& text) {
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t n = write(file, text.data() + done, text.size() - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += static_cast<std::size_t>(n);
    }
    return true;
}

} // namespace

DataLog::DataLog(std::filesystem::path db, std::filesystem::path wal, bool locks)
    : db_(std::move(db)), wal_(std::move(wal)), locks_(locks), instanceNumber_(std::random_device{}() & 0x7fffffffU) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%08x", instanceNumber_);
    instance_ = text.data();
}

DataLog::~DataLog() {
    if (marker_.joinable()) {
        marker_.request_stop();
        marker_.join();
    }
    if (lockFile_ >= 0)
        ::close(lockFile_);
}

std::optional<std::string> DataLog::takeLock() {
    const auto folder = db_ / "rdb_data";
    std::error_code ignored;
    std::filesystem::create_directories(folder, ignored);
    const auto path = folder / "LOCK";
    lockFile_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    struct flock whole{};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    if (lockFile_ < 0 || fcntl(lockFile_, F_SETLK, &whole) != 0) {
        // EACCES and EAGAIN both mean held; RocksDB prints the latter's text.
        const int code = errno == EACCES ? EAGAIN : errno;
        return "While lock file: " + path.string() + ": " + std::strerror(code);
    }
    return std::nullopt;
}

std::optional<std::string> DataLog::open() {
    if (access(wal_.c_str(), W_OK | X_OK) != 0)
        return "Wal init error: " + wal_.string() + ": " + std::strerror(errno);
    if (locks_) {
        if (auto error = takeLock())
            return error;
    }
    std::error_code failed;
    std::filesystem::create_directories(db_ / "standin-sessions", failed);
    startedAtUs_ = nowUs(CLOCK_MONOTONIC);
    startedWallUs_ = nowUs(CLOCK_REALTIME);
    if (failed || !mark(false))
        return "cannot write to " + db_.string() + ": " + (failed ? failed.message() : std::strerror(errno));
    marker_ = std::jthread([this](const std::stop_token& stop) {
        const timespec interval{.tv_sec = 0, .tv_nsec = kMarkIntervalNs};
        while (!stop.stop_requested()) {
            nanosleep(&interval, nullptr);
            mark(false);
        }
    });
    if (!count())
        return "cannot read " + (db_ / "standin-rows.log").string();
    return std::nullopt;
}

bool DataLog::mark(bool closed) {
    const auto path = db_ / "standin-sessions" / instance_;
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    bool written = false;
    if (file >= 0) {
        // Times have equal width for centuries and "open" is padded: the record never changes its length.
        std::string text = "S " + instance_ + ' ' + hostName() + ' ' + std::to_string(startedAtUs_) + ' ';
        std::array<char, 32> last{};
        std::snprintf(last.data(), last.size(), "%020lld", static_cast<long long>(nowUs(CLOCK_MONOTONIC)));
        text += last.data();
        text += ' ' + std::to_string(startedWallUs_) + (closed ? " closed\n" : " open  \n");
        written = writeAll(file, text) && (!closed || fsync(file) == 0);
        ::close(file);
    }
    healthy_ = written;
    return written;
}

std::optional<std::vector<std::int64_t>> DataLog::append(std::size_t rows) {
    const std::lock_guard guard(rowsMutex_);
    const auto path = db_ / "standin-rows.log";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0)
        return std::nullopt;
    std::vector<std::int64_t> ids;
    std::string text;
    // A predecessor that died in mid-write left half a line; ours must begin on one of their own.
    char last = '\n';
    const off_t size = lseek(file, 0, SEEK_END);
    if (size > 0 && pread(file, &last, 1, size - 1) == 1 && last != '\n')
        text += '\n';
    for (std::size_t i = 0; i < rows; ++i) {
        const std::uint32_t sequence = nextSequence_ + static_cast<std::uint32_t>(i);
        const std::int64_t id = (static_cast<std::int64_t>(instanceNumber_) << 32) | sequence;
        ids.push_back(id);
        text += "R " + instance_ + ' ' + std::to_string(sequence) + ' ' + std::to_string(id) + ' ' +
                std::to_string(nowUs(CLOCK_MONOTONIC)) + ' ' + std::to_string(nowUs(CLOCK_REALTIME)) + '\n';
    }
    const bool written = writeAll(file, text);
    // Numbers are used up by what may have reached the disk, acknowledged or not.
    if (written)
        nextSequence_ += static_cast<std::uint32_t>(rows);
    const bool safe = written && fsync(file) == 0;
    ::close(file);
    if (!safe)
        return std::nullopt;
    return ids;
}

std::optional<std::uint64_t> DataLog::count() const {
    const auto path = db_ / "standin-rows.log";
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        // No row yet is no error, a folder that is gone is.
        if (errno == ENOENT && access((db_ / "standin-sessions").c_str(), X_OK) == 0)
            return 0;
        return std::nullopt;
    }
    std::uint64_t rows = 0;
    std::array<char, 65536> block{};
    ssize_t n = 0;
    while ((n = read(file, block.data(), block.size())) > 0) {
        for (ssize_t i = 0; i < n; ++i)
            rows += block[static_cast<std::size_t>(i)] == '\n' ? 1U : 0U;
    }
    ::close(file);
    if (n < 0)
        return std::nullopt;
    return rows;
}

void DataLog::close() {
    if (marker_.joinable()) {
        marker_.request_stop();
        marker_.join();
    }
    mark(true);
}

} // namespace standin
