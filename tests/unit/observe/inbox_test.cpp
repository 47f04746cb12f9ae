// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/inbox.h"

#include <QtTest>

using namespace mha;

namespace {

bool differs(const Sighting& was, const Sighting& is) {
    return was != is;
}

Observation vip(int node, bool held) {
    return {{}, node, VipSeen{.held = held, .interface = {}}};
}

} // namespace

class InboxTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wakesOnceABatch();
    void keepsWhatIsNoNewsForTheNext();
    void nothingAfterTheEnd();
};

void InboxTest::wakesOnceABatch() {
    int woken = 0;
    Inbox inbox([&] { ++woken; }, differs);
    inbox.put(vip(0, false));
    inbox.put(vip(0, true));
    QCOMPARE(woken, 1);
    QCOMPARE(inbox.takeAll().size(), 2);
    inbox.put(vip(0, false));
    QCOMPARE(woken, 2);
}

void InboxTest::keepsWhatIsNoNewsForTheNext() {
    int woken = 0;
    Inbox inbox([&] { ++woken; }, differs);
    inbox.put(vip(0, false));
    inbox.put(vip(1, false)); // the first of its node
    inbox.takeAll();
    inbox.put(vip(0, false));
    QCOMPARE(woken, 1);
    inbox.put(vip(1, true));
    QCOMPARE(woken, 2);
    const QList<Observation> batch = inbox.takeAll();
    QCOMPARE(batch.size(), 2);
    QCOMPARE(batch.first().node, 0); // in the order in which they came
    inbox.put(vip(0, false));
    QCOMPARE(woken, 2);
    QCOMPARE(inbox.takeAll().size(), 1);
}

void InboxTest::nothingAfterTheEnd() {
    int woken = 0;
    Inbox inbox([&] { ++woken; }, differs);
    inbox.close();
    inbox.put(vip(0, false));
    QCOMPARE(woken, 0);
    QVERIFY(inbox.takeAll().isEmpty());
}

QTEST_GUILESS_MAIN(InboxTest)
#include "inbox_test.moc"
