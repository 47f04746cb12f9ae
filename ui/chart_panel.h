// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/availability.h"

#include <QFrame>

#include <optional>

class QButtonGroup;
class QPushButton;
class QStackedWidget;

namespace mha {

class ChartView;
class FailoverChart;
class FailoverDetail;
class Label;
class LegendKey;
class PhaseChart;

/// The charts of the failovers, one at a time: recovery times, phases, availability, and what happened in one of them.
/// Each is copied as a picture or as CSV. GUI thread.
class ChartPanel : public QFrame {
    Q_OBJECT

public:
    enum Kind { Recovery, Phases, Availability, Detail, KindCount };

    explicit ChartPanel(QWidget* parent = nullptr);

    /// The period that the availability is of.
    void showReport(const ReportModel& report);
    /// Those that the filter lets through, in any order.
    void showFailovers(const QList<Failover>& failovers);
    /// In all of the charts; nothing: none.
    void select(const std::optional<Failover>& failover);

    void choose(Kind kind);
    Kind kind() const;

    FailoverChart& recovery() const { return *recovery_; }

    PhaseChart& phases(bool planned) const { return planned ? *plannedPhases_ : *unplannedPhases_; }

    ChartView& availability() const { return *availability_; }

    FailoverDetail& detail() const { return *detail_; }

    /// What the chart in sight shows, as RFC 4180.
    QByteArray csv() const;
    void copyPicture();
    void copyCsv() const;

Q_SIGNALS:
    void kindChanged(mha::ChartPanel::Kind kind);
    void barClicked(qint64 id);
    void momentWanted(qint64 id, mha::Instant from, mha::Instant until);
    void logWanted(qint64 id, mha::Instant from, mha::Instant until);

private:
    QLayout* makeHeading();
    QWidget* makeRecovery();
    QWidget* makePhases();
    QWidget* makeAvailability();

    ReportModel report_; ///< with the failovers that the filter lets through
    QList<AvailabilitySpan> spans_;
    CalendarUnit unit_ = CalendarUnit::Day;
    std::optional<Failover> selected_;
    QButtonGroup* kinds_;
    QPushButton* copy_;
    QStackedWidget* stack_;
    FailoverChart* recovery_;
    QWidget* unplannedSide_;
    QWidget* plannedSide_;
    PhaseChart* unplannedPhases_;
    PhaseChart* plannedPhases_;
    ChartView* availability_;
    Label* availabilityTitle_;
    FailoverDetail* detail_;
    QList<LegendKey*> rtoKeys_;
};

} // namespace mha
