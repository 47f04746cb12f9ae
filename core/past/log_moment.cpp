// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/log_moment.h"

#include "model/redaction.h"
#include "past/log_line.h"
#include "past/sections.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// syslog's "err": worse ones have smaller numbers.
constexpr int kErrorPriority = 3;
/// The journal has a line so much later than the program wrote it, at most: else one of the times is not what it seems.
constexpr Duration kWrittenBefore = 2s;

/// Of the kernel's lines those that may have moved a service: links, memory, storage, clock, what stood still.
constexpr QLatin1StringView kKernelWords[] = {
    "link is"_L1,   "link becomes"_L1, "carrier"_L1, "out of memory"_L1, "oom"_L1,          "killed process"_L1,
    "i/o error"_L1, "remount"_L1,      "nfs"_L1,     "blocked for"_L1,   "lockup"_L1,       "segfault"_L1,
    "watchdog"_L1,  "suspend"_L1,      "stall"_L1,   "clocksource"_L1,   "linux version"_L1};

bool matters(const QString& kernelLine, int priority) {
    const auto has = [&](QLatin1StringView word) { return kernelLine.contains(word, Qt::CaseInsensitive); };
    return priority <= kErrorPriority || std::ranges::any_of(kKernelWords, has);
}

/// keepalived and logind say so each time that a program like this one asks or calls: no part of what happened.
bool isOfAsking(const LogEntry& entry) {
    const QString& text = entry.text;
    if (entry.program == "systemd-logind"_L1) {
        return text.startsWith("New session"_L1) || text.startsWith("Session "_L1) ||
               text.startsWith("Removed session"_L1);
    }
    return text.startsWith("Printing VRRP as json"_L1);
}

QString cleaned(const QString& text) {
    QString clean = redacted(text);
    for (QChar& letter : clean) {
        if (letter.category() == QChar::Other_Control)
            letter = u' ';
    }
    clean = clean.trimmed();
    return clean.size() <= kLongestLogText ? clean : clean.first(kLongestLogText) + u'…';
}

/// dockerd and containerd begin with the time themselves, which is nearer to what happened.
void takeOwnTime(LogEntry& entry) {
    constexpr auto kBegin = "time=\""_L1;
    const qsizetype end = entry.text.indexOf("\" "_L1);
    if (!entry.text.startsWith(kBegin) || end < 0)
        return;
    const auto own = fromIso(QStringView(entry.text).first(end).sliced(kBegin.size()));
    if (!own || *own > entry.at + entry.later || entry.at - *own > kWrittenBefore)
        return;
    entry.at = *own;
    entry.later = {};
    entry.text = entry.text.sliced(end + 2);
}

/// The journal has a text as a string, as a list of bytes where it is no UTF-8, and as null where it is very long.
QString messageOf(const QJsonValue& message) {
    if (!message.isArray())
        return message.isNull() ? u"(a line of more than 4 kB)"_s : message.toString();
    QByteArray bytes;
    for (const auto& byte : message.toArray())
        bytes.append(static_cast<char>(byte.toInt()));
    return QString::fromUtf8(bytes);
}

struct Read {
    LogEntry entry;
    int priority = 6; ///< as syslog counts; "info" where it is not told
};

std::optional<Read> fromJournal(const QByteArray& line) {
    const QJsonObject object = QJsonDocument::fromJson(line).object();
    const auto time = [&](QLatin1StringView field) { return object[field].toString().toLongLong(); };
    const qint64 written = time("_SOURCE_REALTIME_TIMESTAMP"_L1);
    const qint64 at = written > 0 ? written : time("__REALTIME_TIMESTAMP"_L1);
    if (at <= 0 || !object.contains("MESSAGE"_L1))
        return std::nullopt;
    Read read;
    read.entry.at = Instant(std::chrono::microseconds(at));
    read.entry.program = object["SYSLOG_IDENTIFIER"_L1].toString(object["_COMM"_L1].toString());
    if (object["_TRANSPORT"_L1] == "kernel"_L1)
        read.entry.program = u"kernel"_s;
    read.entry.text = messageOf(object["MESSAGE"_L1]);
    bool told = false;
    const int priority = object["PRIORITY"_L1].toString().toInt(&told);
    if (told)
        read.priority = priority;
    return read;
}

/// "Keepalived_vrrp[92]: (VI_1) Entering MASTER STATE" in its parts.
std::optional<Read> fromSyslog(const QByteArray& line, const NodeTime& now) {
    const std::optional<LogLine> parsed = parseLogLine(line, now.at, now.utcOffset);
    const qsizetype colon = parsed ? parsed->text.indexOf(": ") : -1;
    if (colon < 0)
        return std::nullopt;
    Read read;
    read.entry.at = parsed->at;
    read.entry.later = parsed->later;
    read.entry.program = QString::fromUtf8(parsed->text.first(colon)).section(u'[', 0, 0);
    read.entry.text = QString::fromUtf8(parsed->text.sliced(colon + 2));
    return read;
}

std::optional<Read> readLine(const QByteArray& line, const NodeTime& now) {
    return line.startsWith('{') ? fromJournal(line) : fromSyslog(line, now);
}

/// What is between the first and the last lines of a part, or behind them.
QString lossOf(const QList<QByteArray>& part) {
    QString loss;
    bool whole = false;
    for (const QByteArray& line : part) {
        if (line.startsWith("@@left "))
            loss = u"%1 lines in the midst are left out."_s.arg(line.sliced(7).toInt());
        whole = whole || line.trimmed() == "@@rc 0";
    }
    return whole ? loss : u"Its log of that time is too long to be read whole."_s;
}

} // namespace

Result<LogLook> parseMoment(const QByteArray& output, Instant from, Instant until) {
    const Sections sections(output);
    if (!sections.has("end")) {
        return std::unexpected(Error{ErrorCode::Protocol,
                                     u"The look at its log broke off."_s,
                                     {},
                                     u"Check that the user's shell on the node runs commands, and try again."_s});
    }
    if (sections.has("none")) {
        return std::unexpected(
            Error{ErrorCode::Refused,
                  u"There is neither a journal nor a syslog that this user may read."_s,
                  {},
                  u"Let the user run sudo without a password, or add it to the group systemd-journal."_s});
    }
    const NodeTime now = sections.now().value_or(NodeTime{until, {}});
    LogLook look;
    QStringList notes;
    for (const char* name : {"lines", "kernel"}) {
        const bool kernel = QLatin1StringView(name) == "kernel"_L1;
        const QList<QByteArray> part = sections[name];
        for (const QByteArray& line : part) {
            std::optional<Read> read = readLine(line, now);
            if (!read || isOfAsking(read->entry) || (kernel && !matters(read->entry.text, read->priority)))
                continue;
            takeOwnTime(read->entry);
            if (read->entry.at + read->entry.later < from || read->entry.at > until)
                continue;
            read->entry.text = cleaned(read->entry.text);
            look.lines.append(read->entry);
        }
        const QString loss = lossOf(part);
        if (!loss.isEmpty() && !notes.contains(loss))
            notes.append(loss);
    }
    std::ranges::stable_sort(look.lines, {}, &LogEntry::at);
    if (const auto oldest = parseLogLine(sections["oldest"].value(0), now.at, now.utcOffset);
        oldest && oldest->at > from)
        notes.prepend(u"Its log begins only at %1."_s.arg(toIso(oldest->at)));
    look.note = notes.join(u' ');
    return look;
}

QList<LogEntry> linesOf(const MomentLog& log) {
    QList<LogEntry> lines = log.nodes[0].lines + log.nodes[1].lines;
    std::ranges::stable_sort(lines, {}, &LogEntry::at);
    return lines;
}

} // namespace mha
