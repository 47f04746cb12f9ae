// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/deadman.h"

#include <QFile>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

// This header of glibc 2.36 does not say to C++ that its functions are C's.
extern "C" {
#include <sys/pidfd.h>
}

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr Duration kWorthTelling = std::chrono::milliseconds(10);

struct Order {
    enum class Kind : qint64 { License, Watch, Release } kind = Kind::License;
    qint64 until = 0; ///< CLOCK_MONOTONIC, microseconds
};

/// Takes one order; false at the end. A pidfd that comes along replaces `process`.
bool take(int socket, qint64& until, int& process) {
    Order order;
    iovec body{&order, sizeof order};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &body;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t got = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
    if (got < 0)
        return errno == EINTR;
    if (got != sizeof order)
        return false;
    if (order.kind == Order::Kind::License)
        until = order.until;
    if (order.kind != Order::Kind::License && process >= 0) {
        ::close(process);
        process = -1;
    }
    const cmsghdr* const message = CMSG_FIRSTHDR(&header);
    if (message && message->cmsg_level == SOL_SOCKET && message->cmsg_type == SCM_RIGHTS)
        std::memcpy(&process, CMSG_DATA(message), sizeof process);
    return true;
}

void raise(const char* faultFlag) {
    if (*faultFlag == '\0')
        return;
    const int file = ::open(faultFlag, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0)
        return;
    static_cast<void>(::write(file, "1\n", 2) == 2);
    ::close(file);
}

/// What the second process does all its life. Nothing here allocates or throws.
[[noreturn]] void live(int socket, const char* faultFlag) {
    ::prctl(PR_SET_NAME, "milvus-ha-dead");
    // It ends when its order-giver has: a signal to the whole group must not end it first.
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE})
        ::signal(number, SIG_IGN);
    ::close_range(3, static_cast<unsigned>(socket) - 1, 0);
    ::close_range(static_cast<unsigned>(socket) + 1, std::numeric_limits<unsigned>::max(), 0);
    qint64 until = 0;
    int process = -1;
    for (;;) {
        pollfd wait{socket, POLLIN, 0};
        timespec timeout{};
        if (process >= 0) {
            const qint64 left = std::max<qint64>(until - monotonicNow().time_since_epoch().count(), 0);
            timeout = {left / 1'000'000, left % 1'000'000 * 1000};
        }
        const int ready = ::ppoll(&wait, 1, process >= 0 ? &timeout : nullptr, nullptr);
        if (ready > 0) {
            // What was said before the time was up counts, however late it is read.
            if (!take(socket, until, process))
                break;
        } else if (ready == 0 && process >= 0) {
            ::pidfd_send_signal(process, SIGKILL, nullptr, 0);
            ::close(process);
            process = -1;
            raise(faultFlag);
        }
    }
    if (process >= 0)
        ::pidfd_send_signal(process, SIGKILL, nullptr, 0);
    raise(faultFlag);
    ::_exit(0);
}

Error failed(const QString& what, int number) {
    return {ErrorCode::Internal,
            u"%1: %2."_s.arg(what, QString::fromStdString(std::generic_category().message(number))), u"deadman"_s,
            u"The kernel must be Linux 5.4 or later."_s};
}

} // namespace

Deadman::Deadman(QObject* parent) : QObject(parent) {}

Deadman::~Deadman() {
    release();
    deadmanEnds_.reset();
    if (socket_ >= 0)
        ::close(socket_);
}

Result<void> Deadman::begin(const QByteArray& faultFlag) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) < 0)
        return std::unexpected(failed(u"No deadman can be made"_s, errno));
    const pid_t child = ::fork();
    if (child < 0) {
        const int number = errno;
        ::close(ends[0]);
        ::close(ends[1]);
        return std::unexpected(failed(u"No deadman can be made"_s, number));
    }
    if (child == 0) {
        ::close(ends[0]);
        live(ends[1], faultFlag.constData());
    }
    ::close(ends[1]);
    socket_ = ends[0];
    return {};
}

Result<void> Deadman::watch(int pid, const QString& containerId) {
    if (!deadmanEnds_ && socket_ >= 0) {
        deadmanEnds_ = std::make_unique<QSocketNotifier>(socket_, QSocketNotifier::Read);
        connect(deadmanEnds_.get(), &QSocketNotifier::activated, this, [this] {
            deadmanEnds_->setEnabled(false);
            Q_EMIT lost();
        });
    }
    if (process_ >= 0 && pid == pid_)
        return {};
    release();
    const int process = pid > 0 ? ::pidfd_open(pid, 0) : -1;
    if (process < 0)
        return std::unexpected(failed(u"The container's process cannot be held"_s, pid > 0 ? errno : ESRCH));
    // Read after the pidfd was had: if the number had been given away by then, so had the cgroup.
    QFile cgroup(u"/proc/%1/cgroup"_s.arg(pid));
    const bool right =
        !containerId.isEmpty() && cgroup.open(QIODevice::ReadOnly) && cgroup.readAll().contains(containerId.toLatin1());
    const Order order{Order::Kind::Watch, 0};
    if (!right || !tell(&order, sizeof order, process)) {
        ::close(process);
        return std::unexpected(failed(u"The process %1 is not that of the container, or has ended"_s.arg(pid), ESRCH));
    }
    process_ = process;
    pid_ = pid;
    processEnds_ = std::make_unique<QSocketNotifier>(process_, QSocketNotifier::Read);
    connect(processEnds_.get(), &QSocketNotifier::activated, this, [this] {
        release();
        Q_EMIT exited();
    });
    return {};
}

void Deadman::release() {
    if (process_ < 0)
        return;
    const Order order{Order::Kind::Release, 0};
    tell(&order, sizeof order);
    processEnds_.release()->deleteLater(); // this may be its signal
    ::close(process_);
    process_ = -1;
    pid_ = 0;
}

void Deadman::license(MonotonicTime until) {
    // Each word wakes the second process. What gives it little more time may wait for the next; less time is told at
    // once.
    if (until >= licensed_ && until - licensed_ < kWorthTelling)
        return;
    licensed_ = until;
    const Order order{Order::Kind::License, until.time_since_epoch().count()};
    tell(&order, sizeof order);
}

bool Deadman::kill() {
    return process_ >= 0 && ::pidfd_send_signal(process_, SIGKILL, nullptr, 0) == 0;
}

bool Deadman::tell(const void* message, size_t size, int file) const {
    iovec body{const_cast<void*>(message), size};
    msghdr header{};
    header.msg_iov = &body;
    header.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
    if (file >= 0) {
        header.msg_control = control.data();
        header.msg_controllen = control.size();
        cmsghdr* const along = CMSG_FIRSTHDR(&header);
        along->cmsg_level = SOL_SOCKET;
        along->cmsg_type = SCM_RIGHTS;
        along->cmsg_len = CMSG_LEN(sizeof file);
        std::memcpy(CMSG_DATA(along), &file, sizeof file);
    }
    return ::sendmsg(socket_, &header, MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(size);
}

} // namespace mha
