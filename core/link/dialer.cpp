// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/dialer.h"

#include "link/ssh_errors.h"

#include <QSocketNotifier>
#include <QTimer>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace mha {

namespace {

struct Found {
    std::shared_ptr<addrinfo> list;
    QString failure;
};

Found lookUp(const QByteArray& host, const QByteArray& port, int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV | flags;
    addrinfo* list = nullptr;
    const int code = getaddrinfo(host.constData(), port.constData(), &hints, &list);
    if (code == 0)
        return {.list = {list, freeaddrinfo}, .failure = {}};
    return {.list = {}, .failure = QString::fromLocal8Bit(code == EAI_SYSTEM ? strerror(errno) : gai_strerror(code))};
}

} // namespace

/// Shared with the resolver's thread, which may outlive the dialer: `receiver` is null from then on.
struct Dialer::Lookup {
    std::mutex mutex;
    Dialer* receiver = nullptr;
};

Dialer::Dialer(const NodeConfig& node, std::chrono::milliseconds limit, Done done)
    : node_(node), limit_(limit), done_(std::move(done)), lookup_(std::make_shared<Lookup>()),
      wholeLimit_(std::make_unique<QTimer>()), addressLimit_(std::make_unique<QTimer>()) {
    wholeLimit_->setSingleShot(true);
    addressLimit_->setSingleShot(true);
    connect(wholeLimit_.get(), &QTimer::timeout, this,
            [this] { finish(std::unexpected(ssh_errors::noAnswer(node_, QStringLiteral("connecting"), limit_))); });
    connect(addressLimit_.get(), &QTimer::timeout, this, &Dialer::addressTimedOut);
    wholeLimit_->start(limit_);

    const QByteArray host = node_.host.toUtf8();
    const QByteArray port = QByteArray::number(node_.port);
    if (Found numeric = lookUp(host, port, AI_NUMERICHOST); numeric.list) {
        QMetaObject::invokeMethod(this, [this, list = numeric.list] { resolved({}, list); }, Qt::QueuedConnection);
        return;
    }
    lookup_->receiver = this;
    std::thread([lookup = lookup_, host, port] {
        const Found found = lookUp(host, port, 0);
        const std::scoped_lock lock(lookup->mutex);
        if (Dialer* const dialer = lookup->receiver) {
            QMetaObject::invokeMethod(
                dialer, [dialer, found] { dialer->resolved(found.failure, found.list); }, Qt::QueuedConnection);
        }
    }).detach();
}

Dialer::~Dialer() {
    {
        const std::scoped_lock lock(lookup_->mutex);
        lookup_->receiver = nullptr;
    }
    closeSocket();
}

void Dialer::resolved(const QString& failure, const Addresses& list) {
    list_ = list;
    next_ = list.get();
    if (list) {
        tryNext();
    } else {
        finish(std::unexpected(ssh_errors::nameNotResolved(node_, failure)));
    }
}

void Dialer::tryNext() {
    closeSocket();
    for (; next_ != nullptr; next_ = next_->ai_next) {
        socket_ = ::socket(next_->ai_family, next_->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, next_->ai_protocol);
        if (socket_ < 0) {
            lastErrno_ = errno;
            continue;
        }
        const int on = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (::connect(socket_, next_->ai_addr, next_->ai_addrlen) == 0 || errno == EINPROGRESS)
            break;
        lastErrno_ = errno;
        closeSocket();
    }
    if (socket_ < 0) {
        finish(std::unexpected(ssh_errors::notConnected(node_, lastErrno_)));
        return;
    }
    next_ = next_->ai_next;
    if (next_ != nullptr) // leave time for the addresses that follow
        addressLimit_->start(limit_ / 3);
    notifier_ = std::make_unique<QSocketNotifier>(socket_, QSocketNotifier::Write);
    connect(notifier_.get(), &QSocketNotifier::activated, this, &Dialer::connected);
}

void Dialer::connected() {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = errno;
    if (error == 0) {
        notifier_->setEnabled(false);
        finish(std::exchange(socket_, -1));
        return;
    }
    lastErrno_ = error;
    notifier_->setEnabled(false);
    notifier_.release()->deleteLater(); // we are in its signal
    tryNext();
}

void Dialer::addressTimedOut() {
    lastErrno_ = ETIMEDOUT;
    tryNext();
}

void Dialer::finish(Result<int> result) {
    wholeLimit_->stop();
    addressLimit_->stop();
    if (notifier_) {
        notifier_->setEnabled(false);
        notifier_.release()->deleteLater();
    }
    if (!result)
        closeSocket();
    if (const Done done = std::exchange(done_, {}))
        done(result); // may destroy this
}

void Dialer::closeSocket() {
    addressLimit_->stop();
    notifier_.reset();
    if (socket_ >= 0)
        ::close(std::exchange(socket_, -1));
}

} // namespace mha
