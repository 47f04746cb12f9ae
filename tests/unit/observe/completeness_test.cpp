// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/completeness.h"

#include <QtTest>

using namespace mha;

namespace {

QList<Sighting> allOfANode() {
    return {LinkSeen{LinkState::Up, {}},
            VipSeen(),
            VrrpSeen(),
            VrrpConfigSeen(),
            ContainerSeen(),
            MilvusSeen(),
            StorageSeen(),
            ClockSeen(),
            NodeProgramSeen()};
}

void addAll(Completeness& completeness, int node, const QList<Sighting>& sightings) {
    for (const Sighting& sighting : sightings)
        completeness.add({{}, node, sighting});
}

} // namespace

class CompletenessTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void waitsForEachFact();
    void takesAnUnseenFactAsSettled();
    void takesALostNodeAsSettled_data();
    void takesALostNodeAsSettled();
    void needsNoStorageThatIsNotWatched();
};

void CompletenessTest::waitsForEachFact() {
    for (qsizetype left = 1; left < allOfANode().size(); ++left) {
        QList<Sighting> some = allOfANode();
        const Sighting last = some.takeAt(left);
        Completeness completeness(true);
        addAll(completeness, 0, allOfANode());
        addAll(completeness, 1, some);
        completeness.add({{}, -1, VipProbeSeen()});
        QVERIFY(!completeness.complete());
        completeness.add({{}, 1, last});
        QVERIFY(completeness.complete());
    }
    Completeness vipNotAsked(true);
    addAll(vipNotAsked, 0, allOfANode());
    addAll(vipNotAsked, 1, allOfANode());
    QVERIFY(!vipNotAsked.complete());
}

void CompletenessTest::takesAnUnseenFactAsSettled() {
    Completeness completeness(true);
    addAll(completeness, 0, allOfANode());
    for (const Subject subject : {Subject::Vip, Subject::Vrrp, Subject::VrrpConfig, Subject::Container, Subject::Milvus,
                                  Subject::Storage, Subject::Clock, Subject::Program}) {
        completeness.add({{}, -1, VipProbeSeen()});
        QVERIFY(!completeness.complete());
        completeness.add({{}, 1, Unseen{subject, {}}});
    }
    QVERIFY(completeness.complete());
}

void CompletenessTest::takesALostNodeAsSettled_data() {
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("complete");
    QTest::newRow("connecting") << int(LinkState::Connecting) << false;
    QTest::newRow("up") << int(LinkState::Up) << false;
    QTest::newRow("silent: it may come back or be lost") << int(LinkState::Silent) << false;
    QTest::newRow("down") << int(LinkState::Down) << true;
    QTest::newRow("refused") << int(LinkState::Refused) << true;
}

void CompletenessTest::takesALostNodeAsSettled() {
    QFETCH(int, state);
    Completeness completeness(true);
    addAll(completeness, 0, allOfANode());
    completeness.add({{}, -1, VipProbeSeen()});
    completeness.add({{}, 1, LinkSeen{LinkState(state), {}}});
    QTEST(completeness.complete(), "complete");
    completeness.add({{}, 1, LinkSeen{LinkState::Up, {}}});
    QVERIFY(!completeness.complete());
}

void CompletenessTest::needsNoStorageThatIsNotWatched() {
    QList<Sighting> some = allOfANode();
    some.removeAt(6);
    Completeness completeness(false);
    addAll(completeness, 0, some);
    addAll(completeness, 1, some);
    completeness.add({{}, -1, VipProbeSeen()});
    QVERIFY(completeness.complete());
}

QTEST_GUILESS_MAIN(CompletenessTest)
#include "completeness_test.moc"
