// SPDX-License-Identifier: GPL-3.0-or-later
#include "docker/docker_access.h"

#include <QProcess>
#include <QtTest>

using namespace mha;

class DockerAccessTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads();
    void choosesTheWay_data();
    void choosesTheWay();
    void reallyLooks();
};

void DockerAccessTest::reads() {
    QCOMPARE(parseDockerAccess("client\nsocket\nwritable\n"), (DockerAccess{true, true, true, false, false}));
    QCOMPARE(parseDockerAccess("socket\r\nsudo\r\nstopped\r\n"), (DockerAccess{false, true, false, true, true}));
    QCOMPARE(parseDockerAccess("Welcome, client!\n"), DockerAccess());
}

void DockerAccessTest::choosesTheWay_data() {
    QTest::addColumn<QByteArray>("node");
    QTest::addColumn<bool>("forwardingRefused");
    QTest::addColumn<int>("way");  // -1: none
    QTest::addColumn<int>("code"); // of the error
    QTest::addColumn<QString>("remedy");
    const int none = -1;
    const auto way = [](DockerWay taken) { return int(taken); };
    const auto code = [](ErrorCode error) { return int(error); };
    QTest::newRow("root, or in the group")
        << QByteArray("client\nsocket\nwritable") << false << way(DockerWay::Socket) << 0 << "";
    QTest::newRow("no docker command is needed")
        << QByteArray("socket\nwritable") << false << way(DockerWay::Socket) << 0 << "";
    QTest::newRow("sshd does not forward")
        << QByteArray("client\nsocket\nwritable") << true << way(DockerWay::DialStdio) << 0 << "";
    QTest::newRow("only by sudo") << QByteArray("client\nsocket\nsudo") << false << way(DockerWay::SudoDialStdio) << 0
                                  << "";
    QTest::newRow("only by sudo, forwarding refused")
        << QByteArray("client\nsocket\nsudo") << true << way(DockerWay::SudoDialStdio) << 0 << "";
    QTest::newRow("not allowed") << QByteArray("client\nsocket") << false << none << code(ErrorCode::Refused)
                                 << "group docker";
    QTest::newRow("by sudo, but no command")
        << QByteArray("socket\nsudo") << false << none << code(ErrorCode::Refused) << "group docker";
    QTest::newRow("not installed") << QByteArray() << false << none << code(ErrorCode::NotFound) << "Install";
    QTest::newRow("stopped, no socket") << QByteArray("client") << false << none << code(ErrorCode::Unreachable)
                                        << "systemctl start docker";
    QTest::newRow("stopped, systemd holds the socket: connecting would start it")
        << QByteArray("client\nsocket\nwritable\nstopped") << false << none << code(ErrorCode::Unreachable)
        << "systemctl start docker";
    QTest::newRow("not forwarded, no command")
        << QByteArray("socket\nwritable") << true << none << code(ErrorCode::Refused) << "AllowStreamLocalForwarding";
}

void DockerAccessTest::choosesTheWay() {
    QFETCH(QByteArray, node);
    QFETCH(bool, forwardingRefused);
    QFETCH(QString, remedy);
    const Result<DockerWay> chosen = chooseDockerWay(parseDockerAccess(node), forwardingRefused);
    QTEST(chosen ? int(*chosen) : -1, "way");
    QTEST(chosen ? 0 : int(chosen.error().code), "code");
    if (!chosen)
        QVERIFY2(chosen.error().remedy.contains(remedy), qPrintable(chosen.error().remedy));
}

void DockerAccessTest::reallyLooks() {
    // Whatever Docker there is on this machine: the command runs and says nothing that is not understood.
    const Command command = dockerAccessCommand();
    QProcess process;
    process.start(command.argv[0], command.argv.sliced(1));
    QVERIFY(process.waitForFinished(10'000));
    QCOMPARE(process.exitCode(), 0);
    const QList<QByteArray> known{"client", "socket", "writable", "sudo", "stopped", ""};
    for (const QByteArray& line : process.readAllStandardOutput().split('\n'))
        QVERIFY2(known.contains(line), line.constData());
}

QTEST_GUILESS_MAIN(DockerAccessTest)
#include "docker_access_test.moc"
