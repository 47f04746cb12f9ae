// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "ui/fact_text.h"
#include "ui/label.h"
#include "ui/node_card.h"
#include "ui/notice.h"
#include "ui/style.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace mha;
using namespace mha::test;

class NodeCardTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void factsInWords_data();
    void factsInWords();
    void vrrpAtWork();
    void unknownSaysWhy();
    void oldIsShownAsOld();
    void beforeThisSessionIsOld();
    void vipIsOnItsHolder();
    void refusedNodeCanBeRetried();
    void maintenanceIsSaidAndEnded();

private:
    Style style_{ThemeChoice::Light};
};

void NodeCardTest::factsInWords_data() {
    QTest::addColumn<FactText>("text");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("detail");
    QTest::addColumn<int>("tone");
    const auto row = [](const char* name, const FactText& text, const QString& value, const QString& detail,
                        Tone tone) { QTest::newRow(name) << text << value << detail << int(tone); };
    const NodePicture master = healthy().nodes[0];
    const NodePicture backup = healthy().nodes[1];
    const Instant now = nightAt();
    row("MASTER", FactWords::vrrp(master, now), u"MASTER"_s, u"keepalived  ·  priority 110  ·  since 03:08:45"_s,
        Tone::Good);
    row("BACKUP", FactWords::vrrp(backup, now), u"BACKUP"_s, u"keepalived  ·  priority 91  ·  since 03:08:45"_s,
        Tone::Plain);
    row("effective and base priority", FactWords::vrrp(down().nodes[0], now), u"MASTER"_s,
        u"keepalived  ·  priority 90, base 110  ·  since 03:08:45"_s, Tone::Good);
    row("keepalived stopped", FactWords::vrrp(degraded().nodes[1], now), u"keepalived not running"_s,
        u"priority 91  ·  since 03:08:45"_s, Tone::Bad);
    row("running", FactWords::container(master, now), u"running"_s, u"milvus  ·  since 03:08:45"_s, Tone::Good);
    row("stopped", FactWords::container(backup, now), u"stopped"_s, u"milvus  ·  since 03:08:36  ·  exit code 0"_s,
        Tone::Plain);
    row("serving", FactWords::milvus(master, now), u"serving"_s, u"version 0.8.0  ·  queries answered in under 5 ms"_s,
        Tone::Good);
    NodePicture alive = master;
    alive.milvus.value->queried = false;
    row("only alive", FactWords::milvus(alive, now), u"alive"_s, u"version 0.8.0  ·  not queried"_s, Tone::Good);
    row("port closed", FactWords::milvus(backup, now), u"not running"_s, u"its port is closed"_s, Tone::Plain);
    row("mounted", FactWords::storage(master, now), u"mounted"_s, u"/srv/milvus  ·  212.4 GB of 480.0 GB free"_s,
        Tone::Good);
    NodePicture lost = master;
    lost.storage.value->mounted = false;
    row("storage lost", FactWords::storage(lost, now), u"not mounted"_s, u"/srv/milvus  ·  212.4 GB of 480.0 GB free"_s,
        Tone::Bad);
}

/// The third line of VRRP: its timers and counters, of either engine.
void NodeCardTest::vrrpAtWork() {
    NodePicture node = healthy().nodes[0];
    VrrpSeen& seen = *node.vrrp.value;
    seen.engine = u"native"_s;
    seen.advertInterval = std::chrono::milliseconds(100);
    seen.masterDown = std::chrono::milliseconds(357);
    seen.counts = VrrpCounts{.sent = 1387, .received = 161, .becameMaster = 2};
    QCOMPARE(FactWords::vrrp(node, healthy().at).more,
             u"adverts 0.10 s, down after 0.36 s  ·  1,387 sent, 161 heard, MASTER 2×"_s);
    seen.counts->rejected = 3;
    QVERIFY(FactWords::vrrp(node, healthy().at).more.contains(u"161 heard, 3 rejected"_s));
    QVERIFY(FactWords::vrrp(node, healthy().at).detail.startsWith(u"milvus-ha-node"_s));
    seen.engine = u"keepalived"_s;
    node.program.value = NodeProgramSeen{.running = true};
    QVERIFY(FactWords::vrrp(node, healthy().at).detail.startsWith(u"keepalived, steered by milvus-ha-node"_s));
}

void NodeCardTest::factsInWords() {
    QFETCH(FactText, text);
    QFETCH(QString, value);
    QFETCH(QString, detail);
    QFETCH(int, tone);
    QCOMPARE(text.value, value);
    QCOMPARE(text.detail, detail);
    QCOMPARE(int(text.tone), tone);
    QVERIFY(text.known);
    QVERIFY(!text.old);
}

void NodeCardTest::unknownSaysWhy() {
    const FactText text = FactWords::vrrp(unknown().nodes[1], nightAt());
    QCOMPARE(text.value, u"unknown"_s);
    QVERIFY(text.detail.contains(u"sudo"_s));
    QVERIFY2(text.whole.contains(u"Allow it in sudoers"_s), qPrintable(text.whole));
    QCOMPARE(int(text.tone), int(Tone::Unknown));
    QVERIFY(!text.known);
}

void NodeCardTest::oldIsShownAsOld() {
    const FactText silent = FactWords::container(unknown().nodes[0], nightAt());
    QCOMPARE(silent.value, u"was running"_s);
    QVERIFY(silent.old);
    QCOMPARE(int(silent.tone), int(Tone::Unknown));
    // Also where the link is up but nobody has looked for long.
    const FactText idle = FactWords::container(healthy().nodes[0], nightAt(5min));
    QVERIFY(idle.old);
}

void NodeCardTest::beforeThisSessionIsOld() {
    NodePicture node = healthy().nodes[0];
    node.upSince = nightAt();
    QVERIFY(FactWords::container(node, nightAt(1s)).old);
    QVERIFY(!FactWords::milvus(node, nightAt(1s)).old);
}

void NodeCardTest::vipIsOnItsHolder() {
    const auto badges = [](int node, const Picture& picture) {
        NodeCard card;
        card.showNode(picture, pairOfTheGuide(), node, nightAt());
        QStringList texts;
        for (const Badge* badge : card.findChildren<Badge*>()) {
            if (badge->isVisibleTo(&card))
                texts += badge->text();
        }
        return texts;
    };
    QCOMPARE(badges(0, healthy()), QStringList({u"active"_s, u"VIP 192.168.1.104"_s, u"connected"_s}));
    QCOMPARE(badges(1, healthy()), QStringList({u"standby"_s, u"connected"_s}));
    QVERIFY(badges(1, splitBrain()).contains(u"VIP 192.168.1.104"_s));
    // Out of sight it is not known any more, and not said.
    QVERIFY(badges(0, unknown()).contains(u"had the VIP"_s));
    QVERIFY(badges(0, unknown()).contains(u"served last"_s));
    QVERIFY(!badges(0, unknown()).contains(u"VIP 192.168.1.104"_s));
}

void NodeCardTest::refusedNodeCanBeRetried() {
    NodeCard card;
    card.resize(480, 400);
    card.showNode(refused(), pairOfTheGuide(), 1, nightAt());
    card.show();
    auto* notice = card.findChild<Notice*>();
    QVERIFY(notice->isVisible());
    QVERIFY(notice->text().contains(u"host key differs"_s));
    QVERIFY(notice->accessibleName().contains(u"ssh-keygen -R"_s));
    QVERIFY(notice->button()->isVisible());
    const QSignalSpy retry(&card, &NodeCard::retryWanted);
    QTest::mouseClick(notice->button(), Qt::LeftButton);
    QCOMPARE(retry.count(), 1);
    card.showNode(healthy(), pairOfTheGuide(), 1, nightAt());
    QVERIFY(!notice->isVisible());
}

void NodeCardTest::maintenanceIsSaidAndEnded() {
    NodeCard card;
    card.resize(480, 400);
    card.setActing(true);
    card.show();
    card.showNode(healthy(), pairOfTheGuide(), 0, nightAt());
    const auto begin = [&card] {
        for (QPushButton* button : card.findChildren<QPushButton*>()) {
            if (button->isVisible() && button->text().startsWith(u"Maintenance"_s))
                return button;
        }
        return static_cast<QPushButton*>(nullptr);
    };
    QVERIFY2(begin() == nullptr, "not of the node that serves");
    card.showNode(healthy(), pairOfTheGuide(), 1, nightAt());
    QVERIFY(begin() != nullptr);
    const QSignalSpy wanted(&card, &NodeCard::maintenanceWanted);
    QTest::mouseClick(begin(), Qt::LeftButton);
    QCOMPARE(wanted.count(), 1);

    card.showNode(maintained(), pairOfTheGuide(), 1, nightAt());
    QVERIFY(begin() == nullptr);
    auto* notice = card.findChild<Notice*>();
    QVERIFY(notice->isVisible());
    QVERIFY2(notice->text().contains(u"new disk in slot 3"_s), qPrintable(notice->text()));
    const QSignalSpy ended(&card, &NodeCard::maintenanceEndWanted);
    const QSignalSpy retried(&card, &NodeCard::retryWanted);
    QTest::mouseClick(notice->button(), Qt::LeftButton);
    QCOMPARE(ended.count(), 1);
    QCOMPARE(retried.count(), 0);
    card.setActing(false);
    QVERIFY2(!notice->button()->isVisible(), "nothing is done in the past or in a replay");
}

QTEST_MAIN(NodeCardTest)
#include "node_card_test.moc"
