// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/notify_line.h"

namespace mha {

std::optional<NotifyLine> parseNotifyLine(const QByteArray& line) {
    const QByteArray text = line.trimmed();
    const qsizetype close = text.lastIndexOf('"');
    if (!text.startsWith("INSTANCE \"") || close < 10)
        return std::nullopt;
    const QList<QByteArray> words = text.sliced(close + 1).trimmed().split(' ');
    const std::optional<VrrpState> state = words[0] == "STOP" || words[0] == "DELETED"
                                               ? VrrpState::Stopped
                                               : vrrpStateFromName(QString::fromLatin1(words[0]));
    if (!state)
        return std::nullopt;
    bool ok = false;
    const int priority = words.value(1).toInt(&ok);
    return NotifyLine{QString::fromUtf8(text.sliced(10, close - 10)), *state, ok ? priority : -1};
}

} // namespace mha
