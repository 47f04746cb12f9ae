// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/silence.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

enum Kind { Beat, Byte };

struct Step {
    int at = 0; ///< ms
    Kind kind = Beat;
    Silence::Verdict verdict = Silence::Verdict::Heard; ///< at a beat
};

constexpr auto kHeard = Silence::Verdict::Heard;
constexpr auto kSilent = Silence::Verdict::Silent;
constexpr auto kLost = Silence::Verdict::Lost;

} // namespace

Q_DECLARE_METATYPE(QList<Step>)

class SilenceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void judges_data();
    void judges();
};

void SilenceTest::judges_data() {
    QTest::addColumn<QList<Step>>("steps");
    QTest::newRow("answers each time") << QList<Step>{{250, Beat, kHeard}, {251, Byte},         {500, Beat, kHeard},
                                                      {501, Byte},         {750, Beat, kHeard}, {751, Byte},
                                                      {1000, Beat, kHeard}};
    QTest::newRow("silent at 0.8 s, lost at 2.7 s")
        << QList<Step>{{250, Beat, kHeard},   {500, Beat, kHeard},   {750, Beat, kHeard},   {799, Beat, kHeard},
                       {800, Beat, kSilent},  {1050, Beat, kSilent}, {1300, Beat, kSilent}, {1550, Beat, kSilent},
                       {1800, Beat, kSilent}, {2050, Beat, kSilent}, {2300, Beat, kSilent}, {2550, Beat, kSilent},
                       {2699, Beat, kSilent}, {2700, Beat, kLost}};
    QTest::newRow("heard again") << QList<Step>{{250, Beat, kHeard},   {500, Beat, kHeard}, {750, Beat, kHeard},
                                                {1000, Beat, kSilent}, {1100, Byte},        {1250, Beat, kHeard}};
    QTest::newRow("a beat that is late by less than 0.3 s counts in full")
        << QList<Step>{{250, Beat, kHeard}, {500, Beat, kHeard}, {1040, Beat, kSilent}};
    QTest::newRow("held up ourselves: nobody was asked") << QList<Step>{
        {400, Beat, kHeard}, {401, Byte}, {5000, Beat, kHeard}, {5399, Beat, kHeard}, {5401, Beat, kSilent}};
    QTest::newRow("silent, held up, still silent, then lost by the time that was asked in")
        << QList<Step>{{250, Beat, kHeard},    {500, Beat, kHeard},    {750, Beat, kHeard},   {1000, Beat, kSilent},
                       {9000, Beat, kSilent},  {9250, Beat, kSilent},  {9500, Beat, kSilent}, {9750, Beat, kSilent},
                       {10000, Beat, kSilent}, {10250, Beat, kSilent}, {10450, Beat, kLost}};
    QTest::newRow("a beat that what was heard put off is not late")
        << QList<Step>{{400, Beat, kHeard}, {790, Byte}, {1190, Beat, kHeard}, {1590, Beat, kSilent}};
    QTest::newRow("more beats than due do no harm")
        << QList<Step>{{250, Beat, kHeard}, {260, Beat, kHeard}, {270, Beat, kHeard}, {800, Beat, kSilent}};
}

void SilenceTest::judges() {
    QFETCH(QList<Step>, steps);
    const Silence::Time begin{};
    Silence silence(begin);
    for (const Step& step : steps) {
        const Silence::Time now = begin + std::chrono::milliseconds(step.at);
        if (step.kind == Byte) {
            silence.heard(now);
            continue;
        }
        const Silence::Verdict verdict = silence.judge(now);
        QVERIFY2(verdict == step.verdict, qPrintable(QStringLiteral("at %1 ms").arg(step.at)));
    }
}

QTEST_GUILESS_MAIN(SilenceTest)
#include "silence_test.moc"
