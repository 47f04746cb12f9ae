// SPDX-License-Identifier: GPL-3.0-or-later
#include "recording/line.h"
#include "sightings.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QtTest>

using namespace mha;
using namespace mha::test;

class LineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySightingReadsBack_data();
    void everySightingReadsBack();
    void everyKindIsAmongThem();
    void aLineReadsAsWritten();
    void ticksReadBack();
    void absentFieldsKeepTheirDefaults();
    void headerReadsBackWithoutSignIn();
    void damagedLines_data();
    void damagedLines();
    void foreignHeaders_data();
    void foreignHeaders();
    void anEntryThatIsTooLongIsAnError();
};

void LineTest::everySightingReadsBack_data() {
    QTest::addColumn<Observation>("observation");
    int row = 0;
    for (const Sighting& sighting : everySighting()) {
        for (const int node : {-1, 0, 1})
            QTest::addRow("%d of %d", row, node) << Observation{kSeenAt, node, sighting};
        ++row;
    }
}

void LineTest::everySightingReadsBack() {
    QFETCH(Observation, observation);
    const Result<QByteArray> line = toLine(observation);
    QVERIFY(line);
    QVERIFY(line->endsWith('\n'));
    QCOMPARE(line->count('\n'), 1);
    const Result<Entry> back = entryFromLine(*line);
    QVERIFY2(back, back ? "" : qPrintable(back.error().text));
    QVERIFY2(*back == Entry(observation), line->constData());
    QCOMPARE(timeOf(*back), observation.at);
}

void LineTest::everyKindIsAmongThem() {
    QSet<std::size_t> kinds;
    for (const Sighting& sighting : everySighting())
        kinds.insert(sighting.index());
    QCOMPARE(std::size_t(kinds.size()), std::variant_size_v<Sighting>);
}

void LineTest::aLineReadsAsWritten() {
    QCOMPARE(*toLine(Observation{kSeenAt, 0, VipSeen{true, u"enp7s0"_s, true}}),
             QByteArray(R"({"at":1767323045678901,"node":0,"saw":"vip",)"
                        R"("what":{"held":true,"interface":"enp7s0","link_up":true,"mac":""}})"
                        "\n"));
}

void LineTest::ticksReadBack() {
    const Result<QByteArray> line = toLine(Tick{kSeenAt});
    QCOMPARE(*line, QByteArray("{\"tick\":1767323045678901}\n"));
    const Result<Entry> back = entryFromLine(*line);
    QVERIFY(back && *back == Entry(Tick{kSeenAt}));
}

void LineTest::absentFieldsKeepTheirDefaults() {
    const Result<Entry> entry = entryFromLine(R"({"at":5,"node":1,"saw":"vrrp","what":{"running":true}})");
    QVERIFY(entry);
    VrrpSeen expected;
    expected.running = true;
    QVERIFY(*entry == Entry(Observation{Instant(Duration(5)), 1, expected}));
}

void LineTest::headerReadsBackWithoutSignIn() {
    RecordingHeader header{kRecordingFormat, u"0.1.0"_s, {}};
    header.pair.name = u"milvus-prod"_s;
    header.pair.vip = u"192.168.1.104/24"_s;
    header.pair.storagePath = u"/srv/milvus"_s;
    header.pair.knownHosts = u"/home/ops/hosts"_s;
    header.pair.rto = std::chrono::duration<double>(2.5);
    for (std::size_t i = 0; i < 2; ++i) {
        header.pair.nodes[i].name = i == 0 ? u"master"_s : u"backup"_s;
        header.pair.nodes[i].host = u"192.168.1.%1"_s.arg(85 + i);
        header.pair.nodes[i].user = u"milvus-operator"_s;
        header.pair.nodes[i].identity = u"/home/ops/.ssh/id"_s;
    }
    const QByteArray line = toLine(header);
    QVERIFY2(!line.contains("ops") && !line.contains("operator"), line.constData());
    const Result<RecordingHeader> back = headerFromLine(line);
    QVERIFY2(back, back ? "" : qPrintable(back.error().text));
    header.pair = withoutSignIn(header.pair);
    QVERIFY(*back == header);
}

void LineTest::damagedLines_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("says");
    QTest::newRow("cut off") << QByteArray(R"({"at":5,"node":0,"saw":"vip","what":{"he)") << u"no JSON"_s;
    QTest::newRow("empty") << QByteArray() << u"no JSON"_s;
    QTest::newRow("list") << QByteArray("[]") << u"no JSON object"_s;
    QTest::newRow("no time") << QByteArray(R"({"node":0,"saw":"vip","what":{}})") << u"time"_s;
    QTest::newRow("fraction") << QByteArray(R"({"tick":5.5})") << u"time is no whole number"_s;
    QTest::newRow("far future") << QByteArray(R"({"tick":9223372036854775807})") << u"time is out of range"_s;
    QTest::newRow("third node") << QByteArray(R"({"at":5,"node":2,"saw":"vip","what":{}})") << u"\"node\""_s;
    QTest::newRow("new kind") << QByteArray(R"({"at":5,"node":0,"saw":"ufo","what":{}})")
                              << u"knows no sighting \"ufo\""_s;
    QTest::newRow("no kind") << QByteArray(R"({"at":5,"node":0,"what":{}})") << u"knows no sighting \"\""_s;
    QTest::newRow("no fields") << QByteArray(R"({"at":5,"node":0,"saw":"vip"})") << u"vip: is no object"_s;
    QTest::newRow("wrong type") << QByteArray(R"({"at":5,"node":0,"saw":"vip","what":{"held":"yes"}})")
                                << u"\"held\" is neither"_s;
    QTest::newRow("wrong state") << QByteArray(R"({"at":5,"node":0,"saw":"link","what":{"state":"odd"}})")
                                 << u"\"state\" has an unknown value"_s;
    QTest::newRow("too great") << QByteArray(R"({"at":5,"node":0,"saw":"vrrp","what":{"vrid":9876543210}})")
                               << u"\"vrid\" is out of range"_s;
    QTest::newRow("inner") << QByteArray(R"({"at":5,"node":0,"saw":"unseen","what":{"reason":{"text":1}}})")
                           << u"unseen: \"reason\" \"text\" is no text"_s;
    QTest::newRow("list of numbers") << QByteArray(R"({"at":5,"node":0,"saw":"container","what":{"mounts":[1]}})")
                                     << u"\"mounts\" holds what is no text"_s;
}

void LineTest::damagedLines() {
    QFETCH(QByteArray, line);
    QFETCH(QString, says);
    const Result<Entry> entry = entryFromLine(line);
    QVERIFY(!entry);
    QVERIFY2(entry.error().text.contains(says), qPrintable(entry.error().text));
}

void LineTest::foreignHeaders_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("says");
    QTest::newRow("no header") << QByteArray(R"({"tick":5})") << u"no recording"_s;
    QTest::newRow("other text") << QByteArray("name = 5") << u"no recording"_s;
    QTest::newRow("newer") << QByteArray(R"({"recording":"milvus-ha","format":2,"program":"9.1","pair":""})")
                           << u"format 2 is not known here; it was written by milvus-ha 9.1"_s;
    QTest::newRow("no pair") << QByteArray(R"({"recording":"milvus-ha","format":1,"program":"0.1"})") << u"its pair"_s;
}

void LineTest::foreignHeaders() {
    QFETCH(QByteArray, line);
    QFETCH(QString, says);
    const Result<RecordingHeader> header = headerFromLine(line);
    QVERIFY(!header);
    QVERIFY2(header.error().text.contains(says), qPrintable(header.error().text));
}

void LineTest::anEntryThatIsTooLongIsAnError() {
    MilvusSeen seen;
    seen.detail = QString(kLongestLine, u'x');
    const Result<QByteArray> line = toLine(Observation{kSeenAt, 0, seen});
    QVERIFY(!line);
    QVERIFY(line.error().text.contains(QString::number(kLongestLine)));
}

QTEST_GUILESS_MAIN(LineTest)
#include "line_test.moc"
