// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocalServer>
#include <QLocalSocket>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

#include <atomic>
#include <memory>

namespace mha::test {

/// Sends back what it gets, on a unix socket and on a loopback port, from a thread of its own. Closes a connection when
/// its client has ended writing, or at once for one that says "bye".
class EchoServer {
public:
    explicit EchoServer(const QString& path) {
        thread_.start();
        QObject* const context = new QObject;
        context->moveToThread(&thread_);
        QObject::connect(&thread_, &QThread::finished, context, &QObject::deleteLater);
        QMetaObject::invokeMethod(
            context,
            [this, context, path] {
                auto* const local = new QLocalServer(context);
                local->listen(path);
                QObject::connect(local, &QLocalServer::newConnection, context,
                                 [this, local] { serve(local->nextPendingConnection()); });
                auto* const tcp = new QTcpServer(context);
                tcp->listen(QHostAddress::LocalHost, 0);
                port_ = tcp->serverPort();
                QObject::connect(tcp, &QTcpServer::newConnection, context,
                                 [this, tcp] { serve(tcp->nextPendingConnection()); });
            },
            Qt::BlockingQueuedConnection);
    }

    ~EchoServer() {
        thread_.quit();
        thread_.wait();
    }

    quint16 port() const { return port_; }

    int connections() const { return connections_; }

private:
    template <typename Socket> void serve(Socket* socket) {
        ++connections_;
        QObject::connect(socket, &Socket::readyRead, socket, [socket] {
            const QByteArray bytes = socket->readAll();
            socket->write(bytes);
            if (bytes == "bye")
                socket->close();
        });
        QObject::connect(socket, &Socket::disconnected, socket, [this, socket] {
            --connections_;
            socket->deleteLater();
        });
    }

    QThread thread_;
    quint16 port_ = 0;
    std::atomic<int> connections_ = 0;
};

} // namespace mha::test
