// SPDX-License-Identifier: GPL-3.0-or-later
#include "history_finding.h"

#include <QTest>

using namespace mha;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const Instant kNow = Instant{} + 1795621074s;

Coverage span(Duration fromAge, Duration untilAge, CoverageSource source = CoverageSource::Observed) {
    return {kNow - fromAge, kNow - untilAge, source};
}

} // namespace

class HistoryFindingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void gaps_data();
    void gaps();
};

void HistoryFindingTest::gaps_data() {
    QTest::addColumn<QList<Coverage>>("spans");
    QTest::addColumn<bool>("told");
    QTest::newRow("never recorded") << QList<Coverage>{} << false;
    QTest::newRow("recorded to this day") << QList{span(5h, 0s)} << false;
    QTest::newRow("not since an hour") << QList{span(5h, 1h)} << true;
    QTest::newRow("a gap between") << QList{span(5h, 3h), span(2h, 0s)} << true;
    QTest::newRow("that was rebuilt") << QList{span(5h, 3h), span(3h, 2h, CoverageSource::Reconstructed), span(2h, 0s)}
                                      << false;
    QTest::newRow("that is lost") << QList{span(5h, 3h), span(3h, 2h, CoverageSource::Lost), span(2h, 0s)} << true;
}

void HistoryFindingTest::gaps() {
    QFETCH(QList<Coverage>, spans);
    QFETCH(bool, told);
    const std::optional<Reason> finding = cli::historyFinding(spans, kNow);
    QCOMPARE(finding.has_value(), told);
    if (told)
        QCOMPARE(finding->code, u"history-gap"_s);
}

QTEST_GUILESS_MAIN(HistoryFindingTest)
#include "history_finding_test.moc"
