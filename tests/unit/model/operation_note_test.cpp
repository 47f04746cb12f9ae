// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/operation_note.h"

#include <QTest>

using namespace mha;
using namespace Qt::StringLiterals;

class OperationNoteTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lines_data();
    void lines();
};

void OperationNoteTest::lines_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("ours");
    const QByteArray note =
        toNote({true, u"switchover"_s, u"master"_s, u"backup"_s, u"why: \"kernel\" {5}"_s, u"ann@desk"_s}).toUtf8();
    QTest::newRow("journalctl -o short-unix") << "1795629674.154125 master milvus-ha[4711]: " + note << true;
    QTest::newRow("syslog") << "Nov 25 18:01:22 master milvus-ha: " + note << true;
    QTest::newRow("syslog, RFC 3339") << "2026-11-25T18:01:22.154125+00:00 master milvus-ha[7]: " + note << true;
    QTest::newRow("quoted by another program")
        << "1795629674.154125 master sudo[1]: op : COMMAND=/usr/bin/logger -t milvus-ha: " + note << false;
    QTest::newRow("another program of like name") << "1795629674.154125 master milvus-hand[1]: " + note << false;
    QTest::newRow("no note") << QByteArray("1795629674.154125 master milvus-ha[1]: hello {}") << false;
    QTest::newRow("cut off") << "1795629674.154125 master milvus-ha[1]: " + note.chopped(1) << false;
    QTest::newRow("keepalived's") << QByteArray("1.0 m Keepalived_vrrp[1]: (VI_1) Entering BACKUP STATE") << false;
    QTest::newRow("the name at the end") << QByteArray("1.0 m milvus-ha") << false;
    QTest::newRow("empty") << QByteArray() << false;
}

void OperationNoteTest::lines() {
    QFETCH(QByteArray, line);
    const std::optional<OperationSeen> read = noteInLine(line);
    QTEST(read.has_value(), "ours");
    if (read)
        QVERIFY((*read == OperationSeen{true, u"switchover"_s, u"master"_s, u"backup"_s, u"why: \"kernel\" {5}"_s,
                                        u"ann@desk"_s}));
}

QTEST_APPLESS_MAIN(OperationNoteTest)
#include "operation_note_test.moc"
