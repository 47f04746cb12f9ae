// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/http.h"
#include "model/error.h"

#include <QHostAddress>
#include <QObject>
#include <QTcpSocket>

#include <chrono>
#include <functional>

namespace mha {

/// One TCP connection from this computer, on which one HTTP question at a time is asked. Lives in the probe's thread.
/// Destroy it by deleteLater() only: its callbacks come out of its socket.
class VipConnection : public QObject {
    Q_OBJECT

public:
    using Answer = std::function<void(Result<HttpResponse>)>;
    static constexpr std::chrono::milliseconds kQuickly{3};

    VipConnection(const QHostAddress& address, quint16 port, QObject* parent);

    /// Asks; connects first where that has not been done. One question at a time. Where the answer before came within
    /// kQuickly this one is waited for as long, and `answered` may be called before this returns: a turn of the event
    /// loop costs more than the whole question.
    void ask(const HttpRequest& request, Answer answered);

    /// Another question can be asked.
    bool reusable() const { return reusable_; }

    qintptr descriptor() const { return socket_.socketDescriptor(); }

    /// Called when the connection breaks while no question is open.
    void onBroken(std::function<void()> broken) { broken_ = std::move(broken); }

    /// Nothing is called from now on, and the object goes away.
    void discard();

private:
    bool send(const QByteArray& wire);
    void readQuickly();
    void read();
    void feed(const QByteArray& bytes);
    void fail();
    void finish(Result<HttpResponse> result);

    QTcpSocket socket_;
    HttpResponseParser parser_;
    QHostAddress address_;
    quint16 port_ = 0;
    Answer answered_;
    std::function<void()> broken_;
    std::chrono::steady_clock::time_point askedAt_;
    bool quick_ = false; ///< the last answer came within kQuickly
    bool reusable_ = false;
    bool ended_ = false;
};

} // namespace mha
