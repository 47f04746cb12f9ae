// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "ui/empty_state.h"
#include "ui/event_page.h"
#include "ui/style.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>
#include <QTableView>
#include <QTest>

using namespace mha;
using namespace mha::test;

namespace {

Event eventAt(Duration after, EventKind kind, Severity severity, const QString& node, const QString& text) {
    Event one;
    one.at = nightAt(after);
    one.kind = kind;
    one.severity = severity;
    one.node = node;
    one.text = text;
    one.code = u"code"_s;
    return one;
}

QList<Event> some() {
    return {
        eventAt(0s, EventKind::Container, Severity::Error, u"master"_s, u"The container ended with exit code 137."_s),
        eventAt(1s, EventKind::Vip, Severity::Info, u"backup"_s, u"192.168.1.104 arrived on enp3s0."_s),
        eventAt(2s, EventKind::Verdict, Severity::Warning, {}, u"The verdict is degraded."_s)};
}

QList<Event> many(int count) {
    QList<Event> events;
    for (int i = 0; i < count; ++i)
        events.append(eventAt(i * 1s, EventKind::Link, Severity::Info, u"master"_s, u"event %1"_s.arg(i)));
    return events;
}

} // namespace

class EventPageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void modelKeepsItsContract();
    void newestFirst();
    void bounded();
    void filters();
    void followsLiveOrStandsStill();
    void emptyStates();

private:
    Style style_{ThemeChoice::Light};
};

void EventPageTest::modelKeepsItsContract() {
    EventModel model;
    EventFilter filter;
    filter.setSourceModel(&model);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setEvents(some());
    filter.setAtLeast(Severity::Warning);
    model.addEvents({eventAt(3s, EventKind::Link, Severity::Error, u"master"_s, u"x"_s)});
    QCOMPARE(filter.rowCount(), 3);
}

void EventPageTest::newestFirst() {
    EventModel model;
    model.setEvents(some());
    QCOMPARE(model.at(0).at, nightAt(2s));
    // A node's own time may lie before what was heard already.
    model.addEvents({eventAt(1500ms, EventKind::Vrrp, Severity::Info, u"backup"_s, u"MASTER"_s)});
    QCOMPARE(model.at(0).at, nightAt(2s));
    QCOMPARE(model.at(1).at, nightAt(1500ms));
    QCOMPARE(model.index(1, EventModel::Time).data().toString(), u"2026-03-14 03:12:46.500"_s);
    QCOMPARE(model.index(0, EventModel::Node).data().toString(), u"pair"_s);
}

void EventPageTest::bounded() {
    EventModel model;
    model.setEvents(many(int(EventModel::kMost)));
    model.addEvents({eventAt(100h, EventKind::Vip, Severity::Info, {}, u"newest"_s)});
    QCOMPARE(model.rowCount(), int(EventModel::kMost));
    QCOMPARE(model.at(0).text, u"newest"_s);
}

void EventPageTest::filters() {
    EventPage page;
    page.setNodes(u"master"_s, u"backup"_s);
    page.setEvents(some());
    const QAbstractItemModel* rows = page.table()->model();
    QCOMPARE(rows->rowCount(), 3);
    auto* words = page.findChild<QLineEdit*>();
    const auto boxes = page.findChildren<QComboBox*>();
    QTest::keyClicks(words, u"EXIT"_s);
    QCOMPARE(rows->rowCount(), 1);
    words->clear();
    boxes.at(0)->setCurrentIndex(2);
    QCOMPARE(rows->rowCount(), 1);
    QCOMPARE(rows->index(0, EventModel::Node).data().toString(), u"backup"_s);
    boxes.at(0)->setCurrentIndex(0);
    boxes.at(1)->setCurrentIndex(1 + int(EventKind::Container));
    QCOMPARE(rows->rowCount(), 1);
    boxes.at(1)->setCurrentIndex(0);
    boxes.at(2)->setCurrentIndex(1);
    QCOMPARE(rows->rowCount(), 2);
    boxes.at(2)->setCurrentIndex(2);
    QCOMPARE(rows->rowCount(), 1);
}

void EventPageTest::followsLiveOrStandsStill() {
    EventPage page;
    page.resize(900, 400);
    page.setEvents(many(200));
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    QScrollBar* bar = page.table()->verticalScrollBar();
    QVERIFY(page.followBox()->isChecked());
    page.addEvents({eventAt(1000s, EventKind::Vip, Severity::Info, {}, u"new"_s)});
    QCOMPARE(bar->value(), 0);
    // Scrolling down by hand stops following; what is read stays where it is.
    bar->setSliderPosition(50);
    bar->triggerAction(QAbstractSlider::SliderSingleStepAdd);
    QVERIFY(!page.followBox()->isChecked());
    const QString top = page.table()->indexAt(QPoint(0, 0)).siblingAtColumn(EventModel::Text).data().toString();
    page.addEvents({eventAt(1001s, EventKind::Vip, Severity::Info, {}, u"newer"_s)});
    QCOMPARE(page.table()->indexAt(QPoint(0, 0)).siblingAtColumn(EventModel::Text).data().toString(), top);
    QTest::keyClick(page.followBox(), Qt::Key_Space);
    QCOMPARE(bar->value(), 0);
}

void EventPageTest::emptyStates() {
    EventPage page;
    page.resize(900, 400);
    page.show();
    auto* empty = page.findChild<EmptyState*>();
    QCOMPARE(empty->title(), u"Nothing has happened yet"_s);
    QVERIFY(empty->isVisible());
    page.addEvents(some());
    QVERIFY(!empty->isVisible());
    page.findChild<QLineEdit*>()->setText(u"no such word"_s);
    QCOMPARE(empty->title(), u"No event matches the filter"_s);
    QVERIFY(empty->isVisible());
}

QTEST_MAIN(EventPageTest)
#include "event_page_test.moc"
