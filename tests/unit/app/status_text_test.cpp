// SPDX-License-Identifier: GPL-3.0-or-later

// What `status` prints for people, line by line.

#include "example_picture.h"
#include "status_text.h"

#include <QTest>

using namespace mha;
using namespace mha::cli;
using namespace Qt::StringLiterals;

class StatusTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void healthy();
    void reasonsNameTheirNode();
    void unknownIsSaid();
    void oldFactsOfAnEarlierSessionAreUnknown();
    void colourIsNeverAlone();
};

void StatusTextTest::healthy() {
    const QStringList lines = statusText(examplePicture(), examplePair(), false);
    QCOMPARE(lines.at(0), u"milvus-prod  healthy: master serves Milvus 0.8.0 on 192.168.1.104, answered in 3.0 ms"_s);
    QCOMPARE(lines.at(2), u"           master                     backup"_s);
    QCOMPARE(lines.at(3), u"SSH        192.168.1.85               192.168.1.38"_s);
    QCOMPARE(lines.at(4), u"VRRP       MASTER, priority 110, 3 h  BACKUP, priority 91, 3 h"_s);
    QCOMPARE(lines.at(5), u"VIP        holds it                   -"_s);
    QCOMPARE(lines.at(6), u"Container  milvus running             milvus exited (137)"_s);
    QCOMPARE(lines.at(7), u"Milvus     serving, 0.8.0, 4.0 ms     not serving"_s);
    QCOMPARE(lines.at(8), u"Storage    mounted, writable          mounted, writable"_s);
    QCOMPARE(lines.size(), 9);
}

void StatusTextTest::reasonsNameTheirNode() {
    Picture picture = examplePicture();
    picture.verdict.level = VerdictLevel::Degraded;
    picture.verdict.reasons = {{u"keepalived-down"_s, u"backup"_s, u"keepalived does not run."_s, picture.at}};
    const QStringList lines = statusText(picture, examplePair(), false);
    QCOMPARE(lines.at(1), u"  backup: keepalived does not run. [keepalived-down]"_s);
}

void StatusTextTest::unknownIsSaid() {
    Picture picture = examplePicture();
    picture.nodes[1].link.state = LinkState::Down;
    picture.nodes[1].heardAt = picture.at - std::chrono::seconds(72);
    const QStringList lines = statusText(picture, examplePair(), false);
    QVERIFY2(lines.at(3).contains(u"192.168.1.38, down, seen 1 min 12 s ago"), qPrintable(lines.at(3)));
    for (int i = 4; i <= 8; ++i)
        QVERIFY2(lines.at(i).endsWith(u"unknown"), qPrintable(lines.at(i)));
    picture.active = -1;
    QVERIFY(verdictLine(picture, examplePair()).contains(u"nobody is seen to serve"));
}

void StatusTextTest::oldFactsOfAnEarlierSessionAreUnknown() {
    Picture picture = examplePicture();
    picture.nodes[1].upSince = picture.at + std::chrono::seconds(1);
    const QStringList lines = statusText(picture, examplePair(), false);
    QVERIFY2(lines.at(6).endsWith(u"unknown"), qPrintable(lines.at(6)));
}

void StatusTextTest::colourIsNeverAlone() {
    const QString plain = statusText(examplePicture(), examplePair(), false).join(u'\n');
    QString coloured = statusText(examplePicture(), examplePair(), true).join(u'\n');
    QVERIFY(coloured != plain);
    static const QRegularExpression codes(u"\\033\\[[0-9;]*m"_s);
    QCOMPARE(coloured.remove(codes), plain);
}

QTEST_GUILESS_MAIN(StatusTextTest)
#include "status_text_test.moc"
