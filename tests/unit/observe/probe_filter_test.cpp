// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/probe_filter.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

const Instant kStart = fromEpochSeconds(1'795'427'787);

/// "g" and "b" are a good and a bad answer, each 20 ms after the one before; G is good with another version, B bad for
/// another reason.
QList<Observation> answers(const char* pattern) {
    QList<Observation> list;
    Instant at = kStart;
    for (const char* c = pattern; *c != 0; ++c, at += 20ms) {
        VipProbeSeen seen;
        seen.good = *c == 'g' || *c == 'G';
        seen.askedAt = at - 1ms;
        seen.version = *c == 'G' ? QStringLiteral("0.9") : seen.good ? QStringLiteral("0.8") : QString();
        seen.detail = *c == 'B' ? QStringLiteral("other") : seen.good ? QString() : QStringLiteral("refused");
        list.append({at, -1, seen});
    }
    return list;
}

} // namespace

class ProbeFilterTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void passes_data();
    void passes();
};

void ProbeFilterTest::passes_data() {
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QList<int>>("told"); // indices into the pattern
    QTest::newRow("the first good one") << QByteArray("g") << QList<int>{0};
    QTest::newRow("the first bad one") << QByteArray("b") << QList<int>{0};
    QTest::newRow("good ones, one in 500 ms") << QByteArray(52, 'g') << QList<int>{0, 25, 50};
    QTest::newRow("bad ones likewise") << QByteArray(52, 'b') << QList<int>{0, 25, 50};
    QTest::newRow("the last good one before the first bad one") << QByteArray("ggggb") << QList<int>{0, 3, 4};
    QTest::newRow("it was told already") << QByteArray("gb") << QList<int>{0, 1};
    QTest::newRow("both sides of the end") << QByteArray("gggbbbbg") << QList<int>{0, 2, 3, 6, 7};
    QTest::newRow("a short outage after another") << QByteArray("ggbggbg") << QList<int>{0, 1, 2, 3, 4, 5, 6};
    QTest::newRow("a new version is told") << QByteArray("ggGGg") << QList<int>{0, 2, 4};
    QTest::newRow("a new reason is told") << QByteArray("gbbBBb") << QList<int>{0, 1, 3, 5};
}

void ProbeFilterTest::passes() {
    QFETCH(QByteArray, pattern);
    QFETCH(QList<int>, told);
    const QList<Observation> all = answers(pattern.constData());
    ProbeFilter filter;
    QList<Observation> passed;
    for (const Observation& answer : all)
        passed += filter.pass(answer);
    QList<int> indices;
    for (const Observation& answer : passed)
        indices.append(int(all.indexOf(answer)));
    QCOMPARE(indices, told);
}

QTEST_GUILESS_MAIN(ProbeFilterTest)
#include "probe_filter_test.moc"
