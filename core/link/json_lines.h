// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"

#include <QJsonObject>

namespace mha {

/// Speaks to a program on the node that takes a line of JSON over a unix socket and answers with lines of JSON. One
/// request, sent as soon as the socket is open. Lives in the link's thread; its handlers are called there and never
/// after its destruction, which closes the socket.
class JsonLines {
public:
    struct Handlers {
        std::function<void(const QJsonObject&)> received;
        /// Once, at the end, as ByteChannel says; Protocol: what came was no JSON, or too long.
        std::function<void(const Error&)> closed;
    };

    JsonLines(Link& link, const QString& path, const QJsonObject& request, Handlers handlers);

private:
    void read(const QByteArray& bytes);
    void fail(const QString& text);
    void end(const Error& error);

    Handlers handlers_;
    QString path_;
    QByteArray rest_;
    std::unique_ptr<ByteChannel> channel_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true); ///< a handler may destroy this
};

} // namespace mha
