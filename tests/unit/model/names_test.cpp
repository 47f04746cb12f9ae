// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/action.h"
#include "model/event.h"
#include "model/failover.h"
#include "model/picture.h"

#include <QSet>
#include <QtTest>

using namespace mha;

class NamesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void verdictsHaveNameAndExitCode_data();
    void verdictsHaveNameAndExitCode();
    void namesReadBack();
    void worseVerdictIsGreater();
    void holdersAreThoseInSight();
};

void NamesTest::verdictsHaveNameAndExitCode_data() {
    QTest::addColumn<int>("level");
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("code");
    const auto row = [](VerdictLevel level, const char* name, int code) {
        QTest::newRow(name) << static_cast<int>(level) << QString::fromLatin1(name) << code;
    };
    row(VerdictLevel::TwoWriters, "two-writers", 14);
    row(VerdictLevel::SplitBrain, "split-brain", 13);
    row(VerdictLevel::Down, "down", 12);
    row(VerdictLevel::Unknown, "unknown", 11);
    row(VerdictLevel::Switching, "switching", 2);
    row(VerdictLevel::Degraded, "degraded", 1);
    row(VerdictLevel::Healthy, "healthy", 0);
}

void NamesTest::verdictsHaveNameAndExitCode() {
    QFETCH(int, level);
    QFETCH(QString, name);
    QFETCH(int, code);
    QCOMPARE(verdictName(static_cast<VerdictLevel>(level)), name);
    QCOMPARE(verdictExitCode(static_cast<VerdictLevel>(level)), code);
}

void NamesTest::namesReadBack() {
    for (int i = 0; i <= static_cast<int>(LinkState::Refused); ++i)
        QCOMPARE(linkStateFromName(linkStateName(static_cast<LinkState>(i))), std::optional(static_cast<LinkState>(i)));
    for (int i = 0; i <= static_cast<int>(LinkStep::Command); ++i)
        QCOMPARE(linkStepFromName(linkStepName(static_cast<LinkStep>(i))), std::optional(static_cast<LinkStep>(i)));
    for (int i = 0; i <= static_cast<int>(ScriptUse::Notify); ++i)
        QCOMPARE(scriptUseFromName(scriptUseName(static_cast<ScriptUse>(i))), std::optional(static_cast<ScriptUse>(i)));
    for (int i = 0; i <= static_cast<int>(VrrpState::Stopped); ++i)
        QCOMPARE(vrrpStateFromName(vrrpStateName(static_cast<VrrpState>(i))), std::optional(static_cast<VrrpState>(i)));
    for (int i = 0; i <= static_cast<int>(ContainerState::Dead); ++i) {
        const auto state = static_cast<ContainerState>(i);
        QCOMPARE(containerStateFromName(containerStateName(state)), std::optional(state));
    }
    for (int i = 0; i <= static_cast<int>(Subject::Program); ++i)
        QCOMPARE(subjectFromName(subjectName(static_cast<Subject>(i))), std::optional(static_cast<Subject>(i)));
    for (int i = 0; i <= static_cast<int>(ErrorCode::Internal); ++i)
        QCOMPARE(errorCodeFromName(errorCodeName(static_cast<ErrorCode>(i))), std::optional(static_cast<ErrorCode>(i)));
    for (int i = 0; i <= static_cast<int>(EventKind::Config); ++i)
        QCOMPARE(eventKindFromName(eventKindName(static_cast<EventKind>(i))), std::optional(static_cast<EventKind>(i)));
    for (int i = 0; i <= static_cast<int>(Severity::Error); ++i)
        QCOMPARE(severityFromName(severityName(static_cast<Severity>(i))), std::optional(static_cast<Severity>(i)));
    for (int i = 0; i <= static_cast<int>(FailoverKind::Failback); ++i) {
        QCOMPARE(failoverKindFromName(failoverKindName(static_cast<FailoverKind>(i))),
                 std::optional(static_cast<FailoverKind>(i)));
    }
    for (int i = 0; i <= static_cast<int>(Outcome::Interrupted); ++i)
        QCOMPARE(outcomeFromName(outcomeName(static_cast<Outcome>(i))), std::optional(static_cast<Outcome>(i)));
    QVERIFY(!eventKindFromName(u"nothing of the kind").has_value());
}

void NamesTest::worseVerdictIsGreater() {
    QVERIFY(VerdictLevel::TwoWriters > VerdictLevel::SplitBrain);
    QVERIFY(VerdictLevel::SplitBrain > VerdictLevel::Down);
    QVERIFY(VerdictLevel::Down > VerdictLevel::Unknown);
    QVERIFY(VerdictLevel::Unknown > VerdictLevel::Switching);
    QVERIFY(VerdictLevel::Switching > VerdictLevel::Degraded);
    QVERIFY(VerdictLevel::Degraded > VerdictLevel::Healthy);
}

void NamesTest::holdersAreThoseInSight() {
    Picture picture;
    for (NodePicture& node : picture.nodes)
        node.vip.value = VipSeen{.held = true, .interface = QStringLiteral("enp7s0"), .linkUp = true};
    picture.nodes[0].link.state = LinkState::Up;
    picture.nodes[1].link.state = LinkState::Down;
    QCOMPARE(picture.holders(), QList<int>{0});
    picture.nodes[1].link.state = LinkState::Up;
    QCOMPARE(picture.holders(), (QList<int>{0, 1}));
    picture.nodes[0].vip.value->held = false;
    QCOMPARE(picture.holders(), QList<int>{1});
}

QTEST_APPLESS_MAIN(NamesTest)
#include "names_test.moc"
