// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/event.h"
#include "model/failover.h"

#include <QWidget>

#include <optional>

class QStackedWidget;
class QTableWidget;

namespace mha {

class ChartView;
class EmptyState;
class Label;

/// What happened in one failover: its phases on one time axis, beside the events of that moment. GUI thread.
class FailoverDetail : public QWidget {
    Q_OBJECT

public:
    explicit FailoverDetail(QWidget* parent = nullptr);

    /// Its events are asked for (momentWanted) and come by showMoment. Nothing: none is chosen.
    void showFailover(const std::optional<Failover>& failover, Duration rto);
    /// Of the failover with this id, oldest first; of another one, they come too late.
    void showMoment(qint64 id, const QList<Event>& events);

    const std::optional<Failover>& failover() const { return failover_; }

    ChartView& waterfall() const { return *waterfall_; }

    QTableWidget& events() const { return *events_; }

Q_SIGNALS:
    void momentWanted(qint64 id, mha::Instant from, mha::Instant until);

protected:
    void changeEvent(QEvent* event) override;

private:
    void fillEvents();

    std::optional<Failover> failover_;
    Duration rto_{};
    QList<Event> moment_;
    QStackedWidget* stack_;
    EmptyState* empty_;
    Label* title_;
    ChartView* waterfall_;
    QTableWidget* events_;
};

} // namespace mha
