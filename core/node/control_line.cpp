// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/control_line.h"

#include <QJsonDocument>

namespace mha {

using namespace Qt::StringLiterals;

Result<QJsonObject> parseControlLine(const QByteArray& line) {
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(line, &problem);
    if (problem.error != QJsonParseError::NoError || !document.isObject() ||
        !document.object()["command"_L1].isString()) {
        return std::unexpected(
            Error{ErrorCode::Protocol, u"This is no request; a line like {\"command\":\"status\"} is."_s, {}, {}});
    }
    return document.object();
}

} // namespace mha
