// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/moment_model.h"

#include "ui/theme.h"
#include "ui/wording.h"

#include <QTextDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

/// "+1.234 s"; without a fraction where the log has none.
QString afterText(Duration after, Duration later) {
    const bool before = after < Duration::zero();
    return MomentModel::tr("%1%2 s")
        .arg(before ? u"−"_s : u"+"_s)
        .arg(std::abs(toSeconds(after)), 0, 'f', later > Duration::zero() ? 0 : 3);
}

} // namespace

QList<MomentRow> momentRows(const QList<Event>& events, const QList<LogEntry>& lines) {
    QList<MomentRow> rows;
    rows.reserve(events.size() + lines.size());
    for (const Event& event : events)
        rows.append({event.at, {}, event.node, {}, event.text, event.severity});
    for (const LogEntry& line : lines) {
        const QString program = line.program.isEmpty() ? u"?"_s : line.program;
        rows.append({line.at, line.later, line.node, program, line.text});
    }
    std::ranges::stable_sort(rows, {}, &MomentRow::at);
    return rows;
}

MomentModel::MomentModel(QObject* parent) : QAbstractTableModel(parent) {}

bool MomentModel::show(Instant lastGood, const QList<MomentRow>& rows) {
    if (lastGood == lastGood_ && rows == rows_)
        return false;
    beginResetModel();
    lastGood_ = lastGood;
    rows_ = rows;
    endResetModel();
    return true;
}

void MomentModel::repaint() {
    if (!rows_.isEmpty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1), {Qt::ForegroundRole});
}

int MomentModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int MomentModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString MomentModel::text(const MomentRow& row, int column) const {
    switch (column) {
    case After:
        return afterText(row.at - lastGood_, row.later);
    case Node:
        return row.node.isEmpty() ? tr("pair") : row.node;
    case Source:
        return row.isEvent() ? tr("event") : row.program;
    case Text:
        return row.text;
    default:
        return {};
    }
}

QVariant MomentModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const MomentRow& row = rows_.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return text(row, index.column());
    case Qt::ForegroundRole:
        if (!row.isEvent())
            return theme().muted;
        return row.severity == Severity::Error ? QVariant(toneColor(theme(), Tone::Bad)) : QVariant();
    case Qt::FontRole:
        return !row.isEvent() && index.column() >= Source ? QVariant(monoFont(TypeSize::Caption)) : QVariant();
    case Qt::ToolTipRole: {
        const QString when = row.later > Duration::zero()
                                 ? tr("%1, or up to %2 later").arg(Wording::dayAndClock(row.at), toText(row.later))
                                 : Wording::dayAndClockWithMilliseconds(row.at);
        const QString tip = row.isEvent() ? tr("%1\n%2").arg(when, row.text)
                                          : tr("%1, %2 on %3\n%4").arg(when, row.program, row.node, row.text);
        return Qt::convertFromPlainText(tip, Qt::WhiteSpaceNormal); // a log may hold anything, and long lines
    }
    default:
        return {};
    }
}

QVariant MomentModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case After:
            return tr("Since the outage began");
        case Source:
            return tr("The program that wrote the line into the node's log; or an event, as this program saw it");
        default:
            return {};
        }
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case After:
        return tr("After");
    case Node:
        return tr("Node");
    case Source:
        return tr("Source");
    case Text:
        return tr("What happened");
    default:
        return {};
    }
}

} // namespace mha
