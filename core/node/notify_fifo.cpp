// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/notify_fifo.h"

#include <QFile>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestLine = 4096;

Error cannot(const QString& path, int number) {
    return {
        ErrorCode::Unreachable, u"keepalived's FIFO cannot be had: %1."_s.arg(QString::fromLocal8Bit(strerror(number))),
        path,
        u"Make `vrrp_notify_fifo` in keepalived.conf and `notify_fifo` the same path, in a folder that is there."_s};
}

} // namespace

NotifyFifo::NotifyFifo(QObject* parent) : QObject(parent) {}

NotifyFifo::~NotifyFifo() {
    close();
}

void NotifyFifo::close() {
    notifier_.reset();
    if (file_ >= 0)
        ::close(std::exchange(file_, -1));
    rest_.clear();
}

bool NotifyFifo::openAgainIfGone() {
    struct stat mine{};
    struct stat there{};
    if (file_ >= 0 && ::fstat(file_, &mine) == 0 && ::stat(QFile::encodeName(path_).constData(), &there) == 0 &&
        mine.st_ino == there.st_ino && mine.st_dev == there.st_dev)
        return false;
    close();
    return open(path_).has_value();
}

Result<void> NotifyFifo::open(const QString& path) {
    path_ = path;
    const QByteArray name = QFile::encodeName(path);
    if (::mkfifo(name.constData(), 0600) != 0 && errno != EEXIST)
        return std::unexpected(cannot(path, errno));
    // For writing too: else the end of keepalived would be the end of the file, again and again.
    file_ = ::open(name.constData(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    struct stat is{};
    if (file_ < 0 || ::fstat(file_, &is) != 0 || !S_ISFIFO(is.st_mode))
        return std::unexpected(cannot(path, file_ < 0 ? errno : EEXIST));
    // What lies in it is of the time before.
    char old[4096];
    while (::read(file_, old, sizeof old) > 0) {
    }
    notifier_ = std::make_unique<QSocketNotifier>(file_, QSocketNotifier::Read);
    connect(notifier_.get(), &QSocketNotifier::activated, this, &NotifyFifo::read);
    return {};
}

void NotifyFifo::read() {
    char bytes[4096];
    for (ssize_t got = ::read(file_, bytes, sizeof bytes); got > 0; got = ::read(file_, bytes, sizeof bytes))
        rest_.append(bytes, got);
    for (qsizetype end = rest_.indexOf('\n'); end >= 0; end = rest_.indexOf('\n')) {
        const auto line = parseNotifyLine(rest_.first(end));
        rest_.remove(0, end + 1);
        if (line)
            Q_EMIT heard(*line);
    }
    if (rest_.size() > kLongestLine)
        rest_.clear();
}

} // namespace mha
