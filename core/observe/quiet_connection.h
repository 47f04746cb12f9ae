// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/http.h"
#include "model/error.h"
#include "model/time.h"

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>

#include <functional>
#include <optional>

namespace mha {

/// A kept-alive TCP connection to Milvus in calm times. Its answers wake up nobody: each is fetched when the next
/// question is due, and the kernel says when it had come (SO_TIMESTAMPNS, socket(7)). Only its end is told at once. So
/// a question costs one wake-up instead of two. Lives in the probe's thread.
class QuietConnection : public QObject {
    Q_OBJECT

public:
    struct Answer {
        Instant at; ///< when it had come
        /// Empty: byte for byte what the answer before was.
        std::optional<Result<HttpResponse>> response;
    };

    /// Takes over a connected socket by a copy of its descriptor; the caller may then close its own. Null where the
    /// system does not tell when bytes came, or lacks a descriptor. `ended` is called from the event loop.
    static QuietConnection* from(qintptr socket, std::function<void()> ended, QObject* parent);
    ~QuietConnection() override;
    /// Nothing is called from now on, and the object goes away.
    void discard();

    /// One question at a time. False: it could not be sent whole, the connection is of no more use.
    bool ask(const QByteArray& wire);
    /// The answer, if it has come.
    std::optional<Answer> fetch();

private:
    QuietConnection(int socket, int watch, std::function<void()> ended, QObject* parent);

    int socket_;
    int watch_; ///< an epoll(7) that sees the connection's end, and no data
    QSocketNotifier end_;
    QByteArray bytes_;  ///< of the answer that is coming
    QByteArray before_; ///< the answer before
    Instant asked_;
};

} // namespace mha
