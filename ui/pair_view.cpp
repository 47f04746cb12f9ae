// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pair_view.h"

#include "ui/event_page.h"
#include "ui/failover_page.h"
#include "ui/lane_panel.h"
#include "ui/notice.h"
#include "ui/overview_page.h"
#include "ui/theme.h"
#include "ui/verdict_banner.h"
#include "ui/wording.h"

#include <QFileInfo>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace mha {

std::optional<Page> pageFromName(QStringView name) {
    if (name == u"overview")
        return Page::Overview;
    if (name == u"failovers")
        return Page::Failovers;
    if (name == u"events")
        return Page::Events;
    return std::nullopt;
}

PairView::PairView(QWidget* parent)
    : QWidget(parent), time_(new Notice(this)), interrupted_(new Notice(this)), scheduled_(new Notice(this)),
      banner_(new VerdictBanner(this)), pages_(new QStackedWidget(this)), overview_(new OverviewPage(this)),
      failovers_(new FailoverPage(this)), events_(new EventPage(this)) {
    pages_->addWidget(overview_);
    pages_->addWidget(failovers_);
    pages_->addWidget(events_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kGap, 12, kGap, 12);
    column->setSpacing(12);
    column->addWidget(time_);
    column->addWidget(interrupted_);
    column->addWidget(scheduled_);
    column->addWidget(banner_);
    column->addWidget(pages_, 1);
    time_->hide();
    connect(time_, &Notice::pressed, this, &PairView::liveWanted);
    scheduled_->hide();
    connect(scheduled_, &Notice::pressed, this, [this] {
        scheduled_->hide();
        Q_EMIT scheduleCancelled();
    });
    interrupted_->hide();
    connect(interrupted_, &Notice::pressed, this, [this] {
        interrupted_->hide();
        Q_EMIT interruptedPressed(interruptedTo_);
    });
    connect(&overview_->lanes(), &LanePanel::liveWanted, this, &PairView::liveWanted);
    connect(overview_, &OverviewPage::retryWanted, this, &PairView::retryWanted);
}

void PairView::setPair(const Pair& pair) {
    pair_ = pair;
    interrupted_->hide();
    banner_->showNothing(tr("Looking at %1").arg(pair.name),
                         tr("Connecting to %1 and %2.").arg(pair.nodes[0].name, pair.nodes[1].name));
    Picture empty;
    empty.nodes[0].name = pair.nodes[0].name;
    empty.nodes[1].name = pair.nodes[1].name;
    overview_->showPicture(empty, pair, {});
    overview_->lanes().view().setNodeNames(pair.nodes[0].name, pair.nodes[1].name);
    events_->setNodes(pair.nodes[0].name, pair.nodes[1].name);
}

void PairView::showPicture(const Picture& picture, Instant now) {
    banner_->showPicture(picture, pair_, now);
    overview_->showPicture(picture, pair_, now);
}

void PairView::showInterrupted(const ActionRecord& action) {
    interruptedTo_ = pair_.indexOf(action.to);
    interrupted_->showNotice(Tone::Warn,
                             tr("The %1 to %2 of %3 was interrupted: its program ended in mid-run.")
                                 .arg(action.kind, action.to, Wording::dayAndClock(action.startedAt)),
                             tr("Look where the pair is now, then go on with it or go back."));
    interrupted_->setButton(tr("Go on or &back…"));
    interrupted_->show();
}

void PairView::showSchedule(const QString& text) {
    scheduled_->showNotice(Tone::Busy, text, tr("It is planned and checked anew then, while this window is open."));
    scheduled_->setButton(tr("&Do not do it"), tr("Takes the schedule back"));
    scheduled_->show();
}

void PairView::hideSchedule() {
    scheduled_->hide();
}

void PairView::showScheduleRefused(const QString& why) {
    scheduled_->showNotice(Tone::Bad, tr("The scheduled switchover was not done: nothing was changed."), why);
    scheduled_->setButton(tr("&Understood"));
    scheduled_->show();
}

void PairView::tick(Instant now) {
    banner_->tick(now);
    overview_->tick(now);
    events_->tick(now);
}

void PairView::showMoment(std::optional<Instant> moment, const Picture& live) {
    overview_->lanes().showMoment(moment);
    events_->showMoment(moment);
    if (moment) {
        const QString asItWas = tr("As it was at %1 – not live.").arg(Wording::dayAndClock(*moment));
        const QString now = tr("Now: %1: %2.").arg(Wording::verdict(live.verdict.level), Wording::whoServes(live));
        time_->showNotice(live.verdict.level >= VerdictLevel::Down ? Tone::Bad : Tone::Warn,
                          replayOf_.isEmpty() ? asItWas + u' ' + now
                                              : asItWas + u' ' + tr("Replay of %1.").arg(replayOf_));
        time_->setButton(replayOf_.isEmpty() ? tr("Live") : tr("Back to the replay"),
                         tr("Back to what is so now (Esc)"));
    } else if (!replayOf_.isEmpty()) {
        time_->showNotice(Tone::Busy,
                          tr("Replay of %1: no node is asked, and nothing can be switched.").arg(replayOf_));
        time_->setButton({});
    } else {
        time_->hide();
    }
}

void PairView::setReplay(const QString& fileName) {
    replayOf_ = QFileInfo(fileName).fileName();
    showMoment(std::nullopt, {});
    time_->setToolTip(fileName);
}

void PairView::setPage(Page page) {
    pages_->setCurrentIndex(static_cast<int>(page));
}

Page PairView::page() const {
    return static_cast<Page>(pages_->currentIndex());
}

void PairView::focusFilter() {
    if (page() == Page::Failovers) {
        failovers_->focusFilter();
    } else if (page() == Page::Events) {
        events_->focusFilter();
    }
}

void PairView::focusLanes() {
    overview_->lanes().view().setFocus(Qt::ShortcutFocusReason);
}

} // namespace mha
