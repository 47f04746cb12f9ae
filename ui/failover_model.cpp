// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/failover_model.h"

#include "ui/icon.h"
#include "ui/wording.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

FailoverModel::FailoverModel(QObject* parent) : QAbstractTableModel(parent) {}

void FailoverModel::setFailovers(const QList<Failover>& failovers, Duration rto) {
    if (failovers_ == failovers && rto_ == rto)
        return;
    beginResetModel();
    failovers_ = failovers;
    rto_ = rto;
    endResetModel();
}

int FailoverModel::rowOf(qint64 id) const {
    const auto found = std::ranges::find(failovers_, id, &Failover::id);
    return found == failovers_.end() ? -1 : static_cast<int>(found - failovers_.begin());
}

int FailoverModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(failovers_.size());
}

int FailoverModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString FailoverModel::text(const Failover& failover, int column) const {
    switch (column) {
    case When:
        return Wording::dayAndClock(failover.startedAt);
    case Kind:
        return Wording::failoverKind(failover);
    case Trigger:
        return Wording::trigger(failover.trigger);
    case From:
        return failover.from.isEmpty() ? tr("not known") : failover.from;
    case To:
        return failover.to.isEmpty() ? tr("not known") : failover.to;
    case Recovery:
        return toText(failover.recovery());
    case Rto:
        return failover.recovery() > rto_ ? tr("missed") : tr("kept");
    case By:
        if (failover.operatorName.isEmpty())
            return failover.source == u"observed" ? QString() : tr("reconstructed from logs");
        return failover.reason.isEmpty() ? failover.operatorName
                                         : tr("%1: %2").arg(failover.operatorName, failover.reason);
    default:
        return {};
    }
}

QString FailoverModel::wholeText(const Failover& failover) const {
    QStringList lines;
    lines += tr("From %1 to %2")
                 .arg(Wording::dayAndClockWithMilliseconds(failover.startedAt),
                      Wording::clockWithMilliseconds(failover.endedAt));
    lines += failover.error > Duration{}
                 ? tr("Recovery %1, give or take %2").arg(toText(failover.recovery()), toText(failover.error))
                 : tr("Recovery %1").arg(toText(failover.recovery()));
    for (const Phase& phase : failover.phases)
        lines += tr("%1: %2").arg(phase.name, toText(phase.duration));
    if (!failover.operatorName.isEmpty())
        lines += text(failover, By);
    return lines.join(u'\n');
}

QVariant FailoverModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Failover& failover = failovers_.at(index.row());
    const bool missed = failover.recovery() > rto_;
    switch (role) {
    case Qt::DisplayRole:
        return text(failover, index.column());
    case kSortRole:
        if (index.column() == When)
            return static_cast<qint64>(failover.startedAt.time_since_epoch().count());
        if (index.column() == Recovery)
            return static_cast<qint64>(failover.recovery().count());
        return text(failover, index.column());
    case Qt::ToolTipRole:
        return wholeText(failover);
    case Qt::AccessibleTextRole:
        return tr("%1 %2").arg(headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString(),
                               text(failover, index.column()));
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment(index.column() == Recovery ? Qt::AlignRight | Qt::AlignVCenter
                                                                            : Qt::AlignLeft | Qt::AlignVCenter));
    case Qt::DecorationRole:
        if (index.column() != Rto)
            return {};
        return themedIcon(missed ? u"down"_s : u"good"_s, missed ? theme().bad : theme().good);
    default:
        return {};
    }
}

QVariant FailoverModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole) {
        return QVariant::fromValue(
            Qt::Alignment(section == Recovery ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter));
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case When:
        return tr("When");
    case Kind:
        return tr("Kind");
    case Trigger:
        return tr("Trigger");
    case From:
        return tr("From");
    case To:
        return tr("To");
    case Recovery:
        return tr("Recovery");
    case Rto:
        return tr("RTO");
    case By:
        return tr("By, and why");
    default:
        return {};
    }
}

FailoverFilter::FailoverFilter(QObject* parent) : QSortFilterProxyModel(parent) {
    setSortRole(FailoverModel::kSortRole);
}

void FailoverFilter::setText(const QString& text) {
    text_ = text.trimmed();
    invalidateFilter();
}

void FailoverFilter::setPlanned(PlannedFilter planned) {
    planned_ = planned;
    invalidateFilter();
}

bool FailoverFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
    const auto* model = static_cast<const FailoverModel*>(sourceModel());
    const bool planned = model->at(row).planned();
    if ((planned_ == PlannedFilter::Planned && !planned) || (planned_ == PlannedFilter::Unplanned && planned))
        return false;
    if (text_.isEmpty())
        return true;
    for (int column = 0; column < FailoverModel::ColumnCount; ++column) {
        if (model->index(row, column, parent).data().toString().contains(text_, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

} // namespace mha
