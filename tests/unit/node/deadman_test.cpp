// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/control_server.h"
#include "node/deadman.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace mha;
using namespace std::chrono_literals;

/// Against real processes: a child that sleeps plays the container.
class DeadmanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void raisesTheFlagAtTheEnd();
    void killsWhenTheTimeIsUp();
    void killsOnCommand();
    void letsAReleasedOneLive();
    void killsWhenItsProgramIsGone();
    void takesNoOthersProcess();
    void readsControlLines();
};

namespace {

/// A process of our own cgroup; this part of its path stands for the container's id.
class Sleeper {
public:
    Sleeper() : pid_(::fork()) {
        if (pid_ == 0) {
            ::alarm(60);
            for (;;)
                ::pause();
        }
    }

    ~Sleeper() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }

    int pid() const { return pid_; }

    bool ended() {
        int status = 0;
        if (pid_ > 0 && ::waitpid(pid_, &status, WNOHANG) == pid_) {
            signal_ = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
            pid_ = -1;
        }
        return pid_ < 0;
    }

    int signal() const { return signal_; }

private:
    pid_t pid_;
    int signal_ = 0;
};

const QString kId = QStringLiteral("/"); // every path has it

} // namespace

void DeadmanTest::killsWhenTheTimeIsUp() {
    Deadman deadman;
    QVERIFY(deadman.begin());
    Sleeper sleeper;
    bool told = false;
    connect(&deadman, &Deadman::exited, this, [&] { told = true; });
    deadman.license(monotonicNow() + 100ms);
    QVERIFY(deadman.watch(sleeper.pid(), kId));
    deadman.license(monotonicNow() + 300ms); // extended
    QTest::qWait(150);
    QVERIFY(!sleeper.ended());
    QTRY_VERIFY(told); // before the parent has waited for it
    QTRY_VERIFY(sleeper.ended());
    QCOMPARE(sleeper.signal(), SIGKILL);
    QVERIFY(!deadman.watching());
}

void DeadmanTest::killsOnCommand() {
    Deadman deadman;
    QVERIFY(deadman.begin());
    QVERIFY(!deadman.kill());
    Sleeper sleeper;
    deadman.license(monotonicNow() + 60s);
    QVERIFY(deadman.watch(sleeper.pid(), kId));
    QVERIFY(deadman.kill());
    QTRY_VERIFY(sleeper.ended());
}

void DeadmanTest::letsAReleasedOneLive() {
    Deadman deadman;
    QVERIFY(deadman.begin());
    Sleeper sleeper;
    deadman.license(monotonicNow() + 60s);
    QVERIFY(deadman.watch(sleeper.pid(), kId));
    deadman.release();
    deadman.license(monotonicNow() - 1s);
    QTest::qWait(100);
    QVERIFY(!sleeper.ended());
}

void DeadmanTest::killsWhenItsProgramIsGone() {
    Sleeper sleeper;
    const pid_t program = ::fork();
    if (program == 0) {
        Deadman deadman;
        if (!deadman.begin())
            ::_exit(1);
        deadman.license(monotonicNow() + 60s);
        if (!deadman.watch(sleeper.pid(), kId))
            ::_exit(2);
        ::kill(::getpid(), SIGKILL);
    }
    ::waitpid(program, nullptr, 0);
    QTRY_VERIFY(sleeper.ended());
    QCOMPARE(sleeper.signal(), SIGKILL);
}

void DeadmanTest::takesNoOthersProcess() {
    Deadman deadman;
    QVERIFY(deadman.begin());
    Sleeper sleeper;
    QVERIFY(!deadman.watch(sleeper.pid(), QStringLiteral("4f1e2d3c4b5a")));
    QVERIFY(!deadman.watch(sleeper.pid(), QString()));
    QVERIFY(!deadman.watch(0, kId));
    QVERIFY(!deadman.watching());
    deadman.license(monotonicNow() - 1s);
    QTest::qWait(50);
    QVERIFY(!sleeper.ended());
}

void DeadmanTest::readsControlLines() {
    QVERIFY(parseControlLine("{\"command\":\"status\"}\n"));
    for (const char* const line : {"", "status", "{}", "[]", "{\"command\":1}", "{\"command\":\"status\"", "\xff\xfe"})
        QVERIFY2(!parseControlLine(line), line);
}

/// keepalived must not keep the VIP of a program that is gone.
void DeadmanTest::raisesTheFlagAtTheEnd() {
    const QTemporaryDir folder;
    const QString flag = folder.filePath(QStringLiteral("fault"));
    const auto content = [&flag] {
        QFile file(flag);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    {
        Deadman deadman;
        QVERIFY(deadman.begin(QFile::encodeName(flag)).has_value());
        QCOMPARE(content(), QByteArray());
    }
    QTRY_COMPARE(content(), QByteArray("1\n"));
}

QTEST_GUILESS_MAIN(DeadmanTest)
#include "deadman_test.moc"
