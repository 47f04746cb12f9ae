// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/vip_connection.h"

#include <QNetworkProxy>

#include <algorithm>
#include <array>
#include <poll.h>
#include <sys/socket.h>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

Error connectionError(QAbstractSocket::SocketError error, quint16 port, const QString& detail) {
    const QString remedy = u"Look at the nodes: which one holds the VIP, and does Milvus run there?"_s;
    switch (error) {
    case QAbstractSocket::ConnectionRefusedError:
        return {ErrorCode::NotFound, u"Nothing listens on port %1 of the VIP."_s.arg(port), u"VIP"_s, remedy};
    case QAbstractSocket::RemoteHostClosedError:
        return {ErrorCode::Unreachable, u"The connection was closed without an answer."_s, u"VIP"_s, remedy};
    default:
        return {ErrorCode::Unreachable, u"The VIP cannot be reached (%1)."_s.arg(detail), u"VIP"_s, remedy};
    }
}

} // namespace

VipConnection::VipConnection(const QHostAddress& address, quint16 port, QObject* parent)
    : QObject(parent), address_(address), port_(port) {
    socket_.setProxy(QNetworkProxy::NoProxy); // the VIP is on this network
    connect(&socket_, &QTcpSocket::connected, this,
            [this] { socket_.setSocketOption(QAbstractSocket::LowDelayOption, 1); });
    connect(&socket_, &QTcpSocket::readyRead, this, &VipConnection::read);
    connect(&socket_, &QTcpSocket::errorOccurred, this, &VipConnection::fail);
}

void VipConnection::ask(const HttpRequest& request, Answer answered) {
    answered_ = std::move(answered);
    reusable_ = false;
    if (socket_.state() == QAbstractSocket::UnconnectedState)
        socket_.connectToHost(address_, port_);
    askedAt_ = std::chrono::steady_clock::now();
    if (send(toWire(request)) && quick_)
        readQuickly();
}

/// True when all of it is out: not kept by the socket until it is connected.
bool VipConnection::send(const QByteArray& wire) {
    // Straight out where nothing is in its way: through the socket's own buffer it would cost another turn of the event
    // loop, many times a second.
    qsizetype sent = 0;
    if (socket_.state() == QAbstractSocket::ConnectedState && socket_.bytesToWrite() == 0) {
        sent = std::max<qsizetype>(::send(static_cast<int>(socket_.socketDescriptor()), wire.constData(),
                                          static_cast<std::size_t>(wire.size()), MSG_NOSIGNAL | MSG_DONTWAIT),
                                   0);
    }
    if (sent == wire.size())
        return true;
    socket_.write(wire.sliced(sent));
    return false;
}

/// What does not come now, and the connection's end, comes by the socket.
void VipConnection::readQuickly() {
    if (socket_.bytesAvailable() > 0)
        return; // of before: in its turn
    pollfd waiting{.fd = static_cast<int>(socket_.socketDescriptor()), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, static_cast<int>(kQuickly.count())) != 1)
        return;
    std::array<char, 4096> bytes;
    const ssize_t got = ::recv(waiting.fd, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got > 0)
        feed(QByteArray(bytes.data(), got));
}

void VipConnection::discard() {
    ended_ = true;
    answered_ = {};
    broken_ = {};
    socket_.disconnect(this);
    socket_.abort();
    deleteLater();
}

void VipConnection::read() {
    feed(socket_.readAll());
}

void VipConnection::feed(const QByteArray& bytes) {
    const Result<void> fed = parser_.feed(bytes);
    if (!fed) {
        finish(std::unexpected(fed.error()));
    } else if (auto response = parser_.take()) {
        finish(std::move(*response));
    }
}

void VipConnection::fail() {
    const QAbstractSocket::SocketError error = socket_.error();
    if (error == QAbstractSocket::RemoteHostClosedError) {
        if (socket_.bytesAvailable() > 0)
            read();
        if (ended_)
            return;
        parser_.feedEnd();
        if (auto response = parser_.take()) {
            response->keepAlive = false;
            finish(std::move(*response));
            return;
        }
    }
    finish(std::unexpected(connectionError(error, port_, socket_.errorString())));
}

void VipConnection::finish(Result<HttpResponse> result) {
    reusable_ = result && result->keepAlive;
    quick_ = std::chrono::steady_clock::now() - askedAt_ < kQuickly;
    if (answered_) {
        std::exchange(answered_, {})(std::move(result));
    } else if (!reusable_ && broken_) {
        std::exchange(broken_, {})();
    }
}

} // namespace mha
