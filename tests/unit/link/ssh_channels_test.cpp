// SPDX-License-Identifier: GPL-3.0-or-later
#include "link_probe.h"
#include "test_sshd.h"

#include <QtTest>

using namespace mha;
using namespace mha::test;
using namespace std::chrono_literals;

class SshChannelsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void runsACommand();

private:
    TestSshd sshd_;
    std::unique_ptr<SshLink> link_;
};

void SshChannelsTest::initTestCase() {
    if (const QString why = TestSshd::missing(); !why.isEmpty())
        QSKIP(qPrintable(why));
    QVERIFY(sshd_.start());
    link_ = std::make_unique<SshLink>(sshd_.node(), sshd_.options());
    LinkProbe probe(*link_);
    link_->start();
    const auto seen = probe.settled();
    QVERIFY(seen);
    QVERIFY2(seen->link.state == LinkState::Up, qPrintable(toSentence(seen->link.error.value_or(Error{}))));
}

void SshChannelsTest::runsACommand() {
    const auto result = execAndWait(*link_, {.argv = {QStringLiteral("echo"), QStringLiteral("it's")}}, 5s);
    QVERIFY2(result.has_value(), qPrintable(result ? QString() : toSentence(result.error())));
    QCOMPARE(result->output, "it's\n");
    QCOMPARE(result->exitCode, 0);
}

QTEST_GUILESS_MAIN(SshChannelsTest)
#include "ssh_channels_test.moc"
