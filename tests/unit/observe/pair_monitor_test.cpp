// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/pair_monitor.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

quint16 closedPort() {
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

/// Two nodes on this machine's loopback that refuse, or take, connections without a word.
Pair pairOn(quint16 first, quint16 second) {
    Pair pair;
    pair.name = QStringLiteral("test");
    pair.vip = QStringLiteral("127.0.0.1/8");
    pair.health = HealthEndpoint{QStringLiteral("/"), closedPort()};
    pair.knownHosts = QStringLiteral("/nonexistent/known_hosts");
    for (std::size_t i = 0; i < 2; ++i) {
        pair.nodes[i].name = i == 0 ? QStringLiteral("one") : QStringLiteral("two");
        pair.nodes[i].host = QStringLiteral("127.0.0.1");
        pair.nodes[i].port = i == 0 ? first : second;
    }
    return pair;
}

MonitorOptions once() {
    MonitorOptions options;
    options.streams = false;
    return options;
}

} // namespace

class PairMonitorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLookAtTwoDeadNodesIsComplete();
    void aMuteNodeHoldsTheOtherUpNot();
    void stopsAtOnceAndStartsAgain();
    void tellsOfAnOperation();
};

void PairMonitorTest::aLookAtTwoDeadNodesIsComplete() {
    PairMonitor monitor(pairOn(closedPort(), closedPort()), once());
    QSignalSpy completed(&monitor, &PairMonitor::completed);
    QVERIFY(!monitor.complete());
    monitor.start();
    QTRY_COMPARE_WITH_TIMEOUT(completed.size(), 1, 10'000);
    QVERIFY(monitor.complete());
    for (const NodePicture& node : monitor.picture().nodes) {
        QCOMPARE(node.link.state, LinkState::Down);
        QVERIFY(node.link.error && node.link.error->text.contains(QStringLiteral("refused")));
    }
    QVERIFY(monitor.picture().vipProbe && !monitor.picture().vipProbe->good);
    QVERIFY(monitor.picture().verdict.level >= VerdictLevel::Unknown);
}

void PairMonitorTest::aMuteNodeHoldsTheOtherUpNot() {
    QTcpServer mute; // takes the connection into its queue and says nothing, as a frozen host
    QVERIFY(mute.listen(QHostAddress::LocalHost));
    PairMonitor monitor(pairOn(mute.serverPort(), closedPort()), once());
    monitor.start();
    QTRY_COMPARE_WITH_TIMEOUT(monitor.picture().nodes[1].link.state, LinkState::Down, 2'000);
    QCOMPARE(monitor.picture().nodes[0].link.state, LinkState::Connecting);
    QTRY_VERIFY_WITH_TIMEOUT(monitor.complete(), 10'000);
    QCOMPARE(monitor.picture().nodes[0].link.error->code, ErrorCode::TimedOut);
}

void PairMonitorTest::stopsAtOnceAndStartsAgain() {
    QTcpServer mute;
    QVERIFY(mute.listen(QHostAddress::LocalHost));
    PairMonitor monitor(pairOn(mute.serverPort(), mute.serverPort()), MonitorOptions());
    QSignalSpy observed(&monitor, &PairMonitor::observed);
    monitor.start();
    monitor.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.size() >= 3, 5'000);
    QElapsedTimer timer;
    timer.start();
    monitor.stop();
    QVERIFY2(timer.elapsed() < 4'000, qPrintable(QString::number(timer.elapsed())));
    const auto count = observed.size();
    monitor.retryNow();
    monitor.stop();
    QCOMPARE(observed.size(), count);
    monitor.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.size() > count, 5'000);
}

void PairMonitorTest::tellsOfAnOperation() {
    PairMonitor monitor(pairOn(closedPort(), closedPort()), MonitorOptions());
    OperationSeen operation;
    operation.running = true;
    operation.kind = QStringLiteral("switchover");
    monitor.noteOperation(operation);
    QVERIFY(monitor.picture().operation && monitor.picture().operation->running);
    operation.running = false;
    monitor.noteOperation(operation);
    QVERIFY(!monitor.picture().operation || !monitor.picture().operation->running);
}

QTEST_GUILESS_MAIN(PairMonitorTest)
#include "pair_monitor_test.moc"
