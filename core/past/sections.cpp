// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/sections.h"

#include "keepalived/runtime.h"

namespace mha {

namespace {

constexpr QByteArrayView kMark = "@@past ";

/// "+0200" as a duration.
Duration zoneOf(const QByteArray& text) {
    const int number = text.mid(1).toInt();
    const Duration offset = std::chrono::hours(number / 100) + std::chrono::minutes(number % 100);
    return text.startsWith('-') ? -offset : offset;
}

} // namespace

Sections::Sections(const QByteArray& output) {
    QByteArray name;
    for (const QByteArray& line : output.split('\n')) {
        if (line.startsWith(kMark)) {
            const QByteArray mark = line.sliced(kMark.size()).trimmed();
            name = mark.split(' ').value(0);
            QList<QByteArray>& lines = lines_[name];
            if (const QByteArray rest = mark.sliced(name.size()).trimmed(); !rest.isEmpty())
                lines.append(rest);
        } else if (!name.isEmpty() && !line.isEmpty()) {
            lines_[name].append(line);
        }
    }
}

std::optional<NodeTime> Sections::now() const {
    const QList<QByteArray> words = lines_.value("now").value(0).split(' ');
    const std::optional<Instant> at = keepalivedLineTime(words.value(0));
    return at ? std::optional(NodeTime{*at, zoneOf(words.value(1))}) : std::nullopt;
}

} // namespace mha
