// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/json_lines.h"

#include <QJsonDocument>

namespace mha {

namespace {

constexpr qsizetype kLongestLine = 65'536;

} // namespace

JsonLines::JsonLines(Link& link, const QString& path, const QJsonObject& request, Handlers handlers)
    : handlers_(std::move(handlers)), path_(path) {
    const QByteArray line = QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n';
    channel_ = link.openUnix(path, {.opened = [this, line] { channel_->write(line); },
                                    .received = [this](const QByteArray& bytes) { read(bytes); },
                                    .closed = [this](const Error& error, std::optional<int>) { end(error); }});
}

void JsonLines::read(const QByteArray& bytes) {
    rest_ += bytes;
    const std::weak_ptr<bool> alive = alive_;
    for (qsizetype end = rest_.indexOf('\n'); end >= 0; end = rest_.indexOf('\n')) {
        const QJsonDocument document = QJsonDocument::fromJson(rest_.first(end));
        rest_.remove(0, end + 1);
        if (!document.isObject())
            return fail(QStringLiteral("What answers there speaks no JSON."));
        const auto received = handlers_.received;
        received(document.object());
        if (alive.expired())
            return;
    }
    if (rest_.size() > kLongestLine)
        fail(QStringLiteral("What answers there sends no end of a line."));
}

void JsonLines::fail(const QString& text) {
    rest_.clear();
    end({ErrorCode::Protocol, text, path_,
         QStringLiteral("Look which program listens on this socket, and at its version.")});
}

/// The handler may destroy this, and itself with it.
void JsonLines::end(const Error& error) {
    const auto closed = handlers_.closed;
    closed(error);
}

} // namespace mha
