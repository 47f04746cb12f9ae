// SPDX-License-Identifier: GPL-3.0-or-later

// Whose an operation lock is, and whether its program still lives. That the lock keeps others away is seen in the lab.

#include "act/operation_lock.h"

#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

using namespace mha;
using namespace Qt::StringLiterals;

class OperationLockTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void holder();
    void livingAndDead();
};

void OperationLockTest::holder() {
    const auto seen = operationHolder("id\nalice@desk\nswitchover to backup\n12\n18\n");
    QVERIFY(seen.has_value());
    QCOMPARE(seen->claim, (OperationClaim{u"id"_s, u"alice@desk"_s, u"switchover to backup"_s}));
    QCOMPARE(seen->heldFor, std::chrono::seconds(12));
    QCOMPARE(seen->endsIn, std::chrono::seconds(18));
    QVERIFY(!operationHolder("").has_value());
    QVERIFY(!operationHolder("sudo: a password is required\n").has_value());
}

void OperationLockTest::livingAndDead() {
    const QString own = operationIdOfThisProcess();
    QCOMPARE(own, operationIdOfThisProcess());
    QVERIFY(!isDeadHere(own));
    // The same number, started at another time: the process that took the lock has ended.
    QVERIFY(isDeadHere(own.section(u'/', 0, -2) + u"/1"_s));
    // A number that no process can have (proc_sys_kernel(5): at most 4194304).
    QVERIFY(isDeadHere(own.section(u'/', 0, -3) + u"/4194305/1"_s));
    const pid_t child = fork();
    if (child == 0)
        _exit(0);
    siginfo_t ended;
    QCOMPARE(waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
    QVERIFY2(isDeadHere(own.section(u'/', 0, -3) + u"/%1/1"_s.arg(child)), "a zombie");
    waitpid(child, nullptr, 0);
    QVERIFY2(!isDeadHere(u"other-boot/pid:[1]/1/1"_s), "of another machine nothing can be told");
    QVERIFY(!isDeadHere({}));
}

QTEST_APPLESS_MAIN(OperationLockTest)
#include "operation_lock_test.moc"
