// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "node/control_line.h"

#include <QJsonObject>
#include <QLocalServer>

#include <functional>

class QLocalSocket;

namespace mha {

/// A unix socket that takes a line of JSON a request, {"command":"status"}, and answers with one. Root and the members
/// of one group may speak to it: the socket's mode says so, and the kernel's word on the caller (SO_PEERCRED) is
/// checked besides. Lives in a thread with an event loop.
class ControlServer : public QObject {
    Q_OBJECT

public:
    /// A line to the caller; once for a question, again and again for one that watches. False: the caller is gone.
    using Answer = std::function<bool(const QJsonObject&)>;
    using Handler = std::function<void(const QJsonObject& request, Answer answer)>;

    explicit ControlServer(Handler handler, QObject* parent = nullptr);
    ~ControlServer() override;

    Result<void> listen(const QString& path, const QString& group);

private:
    void accept();
    void read(QLocalSocket* socket);

    Handler handler_;
    QLocalServer server_;
    qint64 group_ = -1;
};

/// For the command line: asks and waits for the answer.
Result<QJsonObject> askNode(const QString& path, const QJsonObject& request, std::chrono::milliseconds deadline);

} // namespace mha
