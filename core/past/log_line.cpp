// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/log_line.h"

#include "keepalived/runtime.h"
#include "model/operation_note.h"

#include <QDateTime>
#include <QLocale>

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Kind = Trace::Kind;

/// containerd tells of a container's start some 50 ms before it runs, and of its end some 10 ms after (measured).
constexpr Duration kShimToStart = 150ms;
constexpr Duration kDeathToShim = 60ms;

std::optional<Instant> traditionalTime(const QByteArray& line, Instant now, Duration utcOffset) {
    // "Nov  5 14:36:44": the year is the one that makes it no later than now.
    const QString stamp = QString::fromLatin1(line.first(std::min<qsizetype>(line.size(), 15))).simplified();
    const int thisYear = QDateTime::fromSecsSinceEpoch(now.time_since_epoch() / 1s, Qt::UTC).date().year();
    for (const int year : {thisYear, thisYear - 1}) {
        const QDateTime read = QLocale::c().toDateTime(u"%1 %2"_s.arg(year).arg(stamp), u"yyyy MMM d HH:mm:ss"_s);
        if (!read.isValid())
            continue;
        const QDateTime utc(read.date(), read.time(), Qt::UTC);
        const Instant at = Instant(std::chrono::seconds(utc.toSecsSinceEpoch())) - utcOffset;
        if (at <= now + 24h)
            return at;
    }
    return std::nullopt;
}

/// The number after a word, e.g. "... from 110 to 90".
int numberAfter(const QByteArray& text, QByteArrayView word) {
    const qsizetype at = text.lastIndexOf(word);
    bool ok = false;
    const int number = at < 0 ? -1 : text.sliced(at + word.size()).trimmed().split(' ').value(0).toInt(&ok);
    return ok ? number : -1;
}

struct Row {
    QByteArrayView from; ///< the program that writes it
    QByteArrayView words;
    Kind kind;
};

constexpr Row kRows[] = {
    {"Keepalived[", "Starting Keepalived", Kind::KeepalivedStarted},
    {"Keepalived[", ": Stopping", Kind::KeepalivedStopped},
    {"systemd[", "keepalived.service: Main process exited", Kind::KeepalivedKilled},
    {"systemd-journald[", "Journal started", Kind::Booted},
    {"systemd-journald[", "Journal stopped", Kind::ShutDown},
    {"kernel:", "Linux version", Kind::Booted}, // asked for only where no journald tells
    // Its unit takes the VIP off (ExecStopPost), however it ended.
    {"systemd[", "milvus-ha-node.service: Main process exited", Kind::KeepalivedStopped},
    {"systemd[", "Stopping docker.service", Kind::DockerStopped},
    {"systemd[", "docker.service: Main process exited", Kind::DockerStopped},
    {"dockerd[", "Daemon has completed initialization", Kind::DockerStarted},
};

std::optional<Trace> vrrpTrace(const LogLine& line, const PastFilter& filter) {
    const QByteArray& text = line.text;
    Trace trace{.at = line.at, .later = line.later};
    if (text.contains("Netlink reports ")) {
        const QByteArray word = text.mid(text.indexOf("Netlink reports ") + 16);
        if (!filter.interface.isEmpty() && !word.startsWith(filter.interface.toUtf8() + ' '))
            return std::nullopt;
        trace.kind = word.contains(" down") ? Kind::LinkDown : Kind::LinkUp;
        return trace;
    }
    if (text.contains("thread timer expired ")) {
        trace.kind = Kind::Thawed;
        const qsizetype at = text.indexOf("expired ") + 8;
        trace.earlier = fromSeconds(text.mid(at).split(' ').value(0).toDouble());
        return trace;
    }
    if (!filter.instance.isEmpty() && !text.contains('(' + filter.instance.toUtf8() + ')'))
        return std::nullopt;
    if (text.contains("effective priority from")) {
        trace.kind = Kind::PriorityChanged;
        trace.number = numberAfter(text, " to ");
        return trace;
    }
    if (text.contains("Entering MASTER STATE")) {
        trace.kind = Kind::BecameMaster;
    } else if (text.contains("Entering BACKUP STATE")) {
        trace.kind = Kind::BecameBackup;
        trace.number = text.contains("(init)") ? 0 : -1;
    } else if (text.contains("Entering FAULT STATE")) {
        trace.kind = Kind::EnteredFault;
    } else {
        return std::nullopt;
    }
    return trace;
}

std::optional<Trace> containerTrace(const LogLine& line, const QByteArray& id) {
    if (id.isEmpty())
        return std::nullopt;
    const QByteArray& text = line.text;
    if (text.contains("starting signal loop") && text.contains("task/moby/" + id))
        return Trace{.kind = Kind::ContainerStarted, .at = line.at, .later = line.later + kShimToStart};
    const bool ended = (text.contains("shim disconnected") && text.contains("id=" + id)) ||
                       (text.contains("topic=/tasks/delete") && text.contains("container=" + id));
    if (ended && !text.contains("cleaning up"))
        return Trace{.kind = Kind::ContainerDied, .at = line.at, .earlier = kDeathToShim, .later = line.later};
    return std::nullopt;
}

} // namespace

std::optional<LogLine> parseLogLine(const QByteArray& line, Instant now, Duration utcOffset) {
    if (line.size() < 18)
        return std::nullopt;
    LogLine parsed;
    qsizetype host = line.indexOf(' ');
    if (const std::optional<Instant> at = keepalivedLineTime(line)) {
        parsed.at = *at;
    } else if (const std::optional<Instant> old = traditionalTime(line, now, utcOffset)) {
        parsed.at = *old;
        parsed.later = 1s;
        host = 15;
    } else {
        return std::nullopt;
    }
    const qsizetype text = host < 0 ? -1 : line.indexOf(' ', host + 1);
    if (text < 0)
        return std::nullopt;
    parsed.text = line.sliced(text + 1);
    return parsed;
}

std::optional<Trace> traceOf(const LogLine& line, const PastFilter& filter, const QByteArray& containerId) {
    const QByteArray& text = line.text;
    if (const auto operation = noteInText(text))
        return Trace{.kind = Kind::Operation, .at = line.at, .later = line.later, .operation = operation};
    if (text.startsWith("Keepalived_vrrp["))
        return vrrpTrace(line, filter);
    if (text.startsWith("containerd[") || text.startsWith("dockerd[")) {
        if (const auto trace = containerTrace(line, containerId))
            return trace;
    }
    for (const Row& row : kRows) {
        if (text.startsWith(row.from) && text.contains(row.words))
            return Trace{.kind = row.kind, .at = line.at, .later = line.later};
    }
    return std::nullopt;
}

} // namespace mha
