// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"

#include <QHash>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QTimer>

namespace mha {

/// Plays Docker's API on a real unix socket: answers by method and path; with `frozen` it takes connections and is
/// mute.
class FakeEngine : public QObject {
public:
    struct Answer {
        int status = 200;
        QByteArray body;
        bool endless = false; ///< chunked, more by push()
    };

    FakeEngine() {
        connect(&server_, &QLocalServer::newConnection, this, [this] {
            while (QLocalSocket* const socket = server_.nextPendingConnection()) {
                ++connections;
                socket->setParent(this);
                sockets_.append(socket);
                connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
            }
        });
        start();
    }

    QString path() const { return folder_.filePath(QStringLiteral("docker.sock")); }

    void start() { server_.listen(path()); }

    void stop() {
        server_.close();
        hangUp();
    }

    void hangUp() {
        for (QLocalSocket* const socket : std::exchange(sockets_, {}))
            socket->abort();
    }

    void push(const QByteArray& bytes) {
        for (QLocalSocket* const socket : streams_)
            socket->write(QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n");
    }

    QHash<QByteArray, Answer> answers; ///< by "GET /path"
    QList<QByteArray> asked;
    int connections = 0;
    bool frozen = false;

private:
    void read(QLocalSocket* socket) {
        QByteArray& bytes = rest_[socket];
        bytes += socket->readAll();
        for (qsizetype end = bytes.indexOf("\r\n\r\n"); end >= 0 && !frozen; end = bytes.indexOf("\r\n\r\n")) {
            const QList<QByteArray> words = bytes.left(bytes.indexOf("\r\n")).split(' ');
            bytes.remove(0, end + 4);
            const QByteArray question = words.value(0) + ' ' + words.value(1);
            asked.append(question);
            reply(socket, answers.value(question, {404, R"({"message":"no such page"})"}));
        }
    }

    void reply(QLocalSocket* socket, const Answer& answer) {
        const QByteArray status = "HTTP/1.1 " + QByteArray::number(answer.status) + " X\r\n";
        if (answer.endless) {
            socket->write(status + "Transfer-Encoding: chunked\r\n\r\n");
            streams_.append(socket);
        } else if (answer.status == 204 || answer.status == 304) {
            socket->write(status + "\r\n");
        } else {
            socket->write(status + "Content-Length: " + QByteArray::number(answer.body.size()) + "\r\n\r\n" +
                          answer.body);
        }
    }

    QTemporaryDir folder_;
    QLocalServer server_;
    QList<QLocalSocket*> sockets_;
    QList<QLocalSocket*> streams_;
    QHash<QLocalSocket*, QByteArray> rest_;
};

/// A link to this machine that knows one unix socket, forwarded or by the command that dials it.
class EngineLink final : public Link {
public:
    explicit EngineLink(FakeEngine& engine) : engine_(engine) {}

    void start() override {}

    void stop() override {}

    void post(std::function<void()> work) override { QTimer::singleShot(0, this, std::move(work)); }

    bool userIsRoot() const override { return true; }

    void exec(const Command&, std::chrono::milliseconds, ExecCallback done) override {
        ++accessLooks;
        QTimer::singleShot(0, this, [this, done = std::move(done)] { done(ExecResult{0, access, {}}); });
    }

    std::unique_ptr<ByteChannel> openCommand(const Command& command, ByteChannel::Handlers handlers) override {
        dialled = command;
        return std::make_unique<Channel>(dialWorks ? engine_.path() : QString(), std::move(handlers));
    }

    std::unique_ptr<ByteChannel> openUnix(const QString& path, ByteChannel::Handlers handlers) override {
        asksForSocket = path;
        return std::make_unique<Channel>(forwards ? engine_.path() : QString(), std::move(handlers));
    }

    std::unique_ptr<ByteChannel> openTcp(const QString&, quint16, ByteChannel::Handlers handlers) override {
        return std::make_unique<Channel>(QString(), std::move(handlers));
    }

    QByteArray access = "client\nsocket\nwritable\n";
    int accessLooks = 0;
    bool forwards = true;
    bool dialWorks = true;
    std::optional<Command> dialled;
    QString asksForSocket;

private:
    /// An empty path is refused, as sshd does.
    class Channel final : public ByteChannel {
    public:
        Channel(const QString& path, Handlers handlers) : socket_(new QLocalSocket), handlers_(std::move(handlers)) {
            QObject::connect(socket_, &QLocalSocket::readyRead, socket_,
                             [this] { handlers_.received(socket_->readAll()); });
            QObject::connect(socket_, &QLocalSocket::disconnected, socket_, [this] { close(ErrorCode::Unreachable); });
            // Queued: a channel says nothing before its owner has it in hand.
            QObject::connect(
                socket_, &QLocalSocket::errorOccurred, &alive_, [this] { close(ErrorCode::Refused); },
                Qt::QueuedConnection);
            socket_->connectToServer(path.isEmpty() ? QStringLiteral("/nonexistent/socket") : path);
        }

        ~Channel() override {
            socket_->disconnect();
            socket_->deleteLater(); // we may be in its signal
        }

        void write(const QByteArray& bytes) override {
            if (socket_->isOpen())
                socket_->write(bytes);
        }

        void finishWriting() override {}

    private:
        void close(ErrorCode code) {
            if (!std::exchange(closed_, true)) {
                const auto tell = handlers_.closed;
                tell({code, QStringLiteral("closed"), {}, QStringLiteral("Try again.")}, std::nullopt);
            }
        }

        QLocalSocket* socket_;
        Handlers handlers_;
        bool closed_ = false;
        QObject alive_; ///< what is queued for it goes with it
    };

    FakeEngine& engine_;
};

} // namespace mha
