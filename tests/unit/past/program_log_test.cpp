// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/program_log.h"

#include <QtTest>

using namespace mha;
using Kind = Trace::Kind;

class ProgramLogTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsOfVrrp();
    void leavesKeepalivedToItsOwnLog();
};

void ProgramLogTest::tellsOfVrrp() {
    const QList<Trace> traces = programTraces(
        {R"({"at":"2026-11-30T17:00:00.000Z","code":"started","engine":"native","text":"x"})",
         R"({"at":"2026-11-30T17:00:00.100Z","code":"vrrp","engine":"native","state":"BACKUP","text":"x"})",
         R"({"at":"2026-11-30T17:00:00.500Z","code":"vrrp","engine":"native","state":"MASTER","text":"x"})",
         R"({"at":"2026-11-30T17:00:01.000Z","code":"milvus-running","engine":"native","text":"x"})", "cut off {",
         R"({"at":"2026-11-30T17:00:02.000Z","code":"cable-lost","engine":"native","text":"x"})",
         R"({"at":"2026-11-30T17:00:02.001Z","code":"vrrp","engine":"native","state":"FAULT","text":"x"})",
         R"({"at":"2026-11-30T17:00:03.000Z","code":"cable-back","engine":"native","text":"x"})",
         R"({"at":"2026-11-30T17:00:09.000Z","code":"vrrp","engine":"native","state":"INIT","text":"x"})"});
    QList<Kind> kinds;
    for (const Trace& trace : traces)
        kinds += trace.kind;
    QCOMPARE(kinds, (QList{Kind::KeepalivedStarted, Kind::BecameBackup, Kind::BecameMaster, Kind::LinkDown,
                           Kind::EnteredFault, Kind::LinkUp, Kind::KeepalivedStopped}));
    QCOMPARE(traces[2].at, *fromIso(u"2026-11-30T17:00:00.500Z"));
    QCOMPARE(stateAt({}, traces, traces.last().at + Duration(1)), VrrpState::Stopped);
    QCOMPARE(stateAt({}, traces, traces[5].at), VrrpState::Fault);
    QCOMPARE(stateAt({}, traces, traces[3].at), VrrpState::Master);
    QVERIFY(!stateAt({}, {}, traces[0].at));
}

void ProgramLogTest::leavesKeepalivedToItsOwnLog() {
    QVERIFY(programTraces({R"({"at":"2026-11-30T17:00:00.500Z","code":"vrrp","engine":"keepalived","state":"MASTER"})",
                           R"({"at":"2026-11-30T17:00:00.500Z","code":"vrrp","state":"MASTER"})"})
                .isEmpty());
}

QTEST_GUILESS_MAIN(ProgramLogTest)
#include "program_log_test.moc"
