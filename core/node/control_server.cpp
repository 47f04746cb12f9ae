// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/control_server.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QPointer>

#include <algorithm>
#include <array>
#include <cerrno>
#include <grp.h>
#include <span>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLongestLine = 4096;
constexpr int kMostCallers = 16;

bool mayCall(int socket, qint64 group) {
    ucred caller{};
    socklen_t size = sizeof caller;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &caller, &size) != 0)
        return false;
    if (caller.uid == 0 || caller.uid == ::geteuid() || caller.gid == group)
        return true;
    std::array<gid_t, 256> groups{};
    size = sizeof groups;
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &size) != 0)
        return false;
    const auto own = std::span(groups).first(size / sizeof(gid_t));
    return std::ranges::find(own, static_cast<gid_t>(group)) != own.end();
}

void answerTo(QLocalSocket* socket, const QJsonObject& answer) {
    socket->write(QJsonDocument(answer).toJson(QJsonDocument::Compact) + '\n');
}

QJsonObject refusal(const QString& text) {
    return {{u"error"_s, text}};
}

} // namespace

ControlServer::ControlServer(Handler handler, QObject* parent)
    : QObject(parent), handler_(std::move(handler)), server_(this) {
    connect(&server_, &QLocalServer::newConnection, this, &ControlServer::accept);
}

ControlServer::~ControlServer() = default;

Result<void> ControlServer::listen(const QString& path, const QString& group) {
    QDir().mkpath(QFileInfo(path).path());
    QLocalServer::removeServer(path); // of one that was killed
    server_.setSocketOptions(QLocalServer::UserAccessOption | QLocalServer::GroupAccessOption);
    if (!server_.listen(path)) {
        return std::unexpected(Error{ErrorCode::Unreachable, u"It cannot listen: %1."_s.arg(server_.errorString()),
                                     path, u"Set control_socket to a path in a folder of its own."_s});
    }
    const QByteArray name = QFile::encodeName(path);
    if (const struct group* const found = ::getgrnam(group.toLocal8Bit().constData()); found) {
        group_ = found->gr_gid;
        // Without the right to give it away it stays root's alone.
        static_cast<void>(::chown(name.constData(), static_cast<uid_t>(-1), found->gr_gid) == 0);
    }
    return {};
}

void ControlServer::accept() {
    while (QLocalSocket* const socket = server_.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        if (server_.findChildren<QLocalSocket*>().size() > kMostCallers ||
            !mayCall(static_cast<int>(socket->socketDescriptor()), group_)) {
            answerTo(socket, refusal(u"You may not: ask as root or as a member of the socket's group."_s));
            socket->disconnectFromServer();
            continue;
        }
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
    }
}

void ControlServer::read(QLocalSocket* socket) {
    while (socket->canReadLine()) {
        const auto request = parseControlLine(socket->readLine(kLongestLine));
        if (!request) {
            answerTo(socket, refusal(request.error().text));
            continue;
        }
        handler_(*request, [alive = QPointer(socket)](const QJsonObject& answer) {
            if (alive)
                answerTo(alive, answer);
            return !alive.isNull();
        });
    }
    if (socket->bytesAvailable() >= kLongestLine)
        socket->abort();
}

Result<QJsonObject> askNode(const QString& path, const QJsonObject& request, std::chrono::milliseconds deadline) {
    QLocalSocket socket;
    socket.connectToServer(path);
    if (!socket.waitForConnected(1000)) {
        const bool refused = socket.error() == QLocalSocket::SocketAccessError;
        return std::unexpected(Error{refused ? ErrorCode::Refused : ErrorCode::Unreachable,
                                     u"milvus-ha-node does not answer: %1."_s.arg(socket.errorString()), path,
                                     refused ? u"Ask as root or as a member of the socket's group."_s
                                             : u"Start it: systemctl start milvus-ha-node."_s});
    }
    answerTo(&socket, request);
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (!socket.canReadLine()) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
        if (left <= 0 || !socket.waitForReadyRead(static_cast<int>(left))) {
            if (socket.canReadLine())
                break;
            return std::unexpected(Error{ErrorCode::TimedOut, u"milvus-ha-node did not answer in time."_s, path,
                                         u"Look at it: journalctl -u milvus-ha-node."_s});
        }
    }
    return QJsonDocument::fromJson(socket.readLine()).object();
}

} // namespace mha
