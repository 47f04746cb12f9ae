// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/action.h"
#include "model/event.h"
#include "model/pair.h"
#include "model/picture.h"
#include "report/report.h"

#include <QWidget>

class QStackedWidget;

namespace mha {

class EventPage;
class FailoverPage;
class Notice;
class OverviewPage;
class VerdictBanner;

enum class Page { Overview, Failovers, Events };

/// Nothing for a name that is none of "overview", "failovers", "events".
std::optional<Page> pageFromName(QStringView name);

/// One pair as it is seen: the verdict on top, below it one of the pages. Shows what it is given; asks for nothing by
/// itself.
class PairView : public QWidget {
    Q_OBJECT

public:
    explicit PairView(QWidget* parent = nullptr);

    void setPair(const Pair& pair);
    void showPicture(const Picture& picture, Instant now);
    void tick(Instant now);
    /// The window shows a picture of the past; `live` is what is so now. Nothing: live.
    void showMoment(std::optional<Instant> moment, const Picture& live);
    /// What is shown comes from this recording; empty: from the nodes.
    void setReplay(const QString& fileName);
    void setPage(Page page);
    Page page() const;
    /// The caret into the page's filter, where it has one.
    void focusFilter();
    void focusLanes();

    /// Says that this is not live: a moment of the past, or a replay. Hidden while it is.
    Notice& timeNotice() { return *time_; }

    /// An action of before ended in mid-run, its program dead. Stays until it is looked at.
    void showInterrupted(const ActionRecord& action);

    /// A switchover is to be done at a time: stays until hideSchedule().
    void showSchedule(const QString& text);
    void hideSchedule();
    /// It was not begun at its time. Stays until it is looked at.
    void showScheduleRefused(const QString& why);

    Notice& scheduleNotice() { return *scheduled_; }

    VerdictBanner& banner() { return *banner_; }

    OverviewPage& overview() { return *overview_; }

    FailoverPage& failovers() { return *failovers_; }

    EventPage& events() { return *events_; }

Q_SIGNALS:
    void retryWanted();
    void liveWanted();
    void scheduleCancelled();
    void interruptedPressed(int to); ///< the node that the action was to

private:
    Pair pair_;
    QString replayOf_;
    Notice* time_;
    Notice* interrupted_;
    Notice* scheduled_;
    int interruptedTo_ = -1;
    VerdictBanner* banner_;
    QStackedWidget* pages_;
    OverviewPage* overview_;
    FailoverPage* failovers_;
    EventPage* events_;
};

} // namespace mha
