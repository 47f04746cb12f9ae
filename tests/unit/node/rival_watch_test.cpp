// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/rival_watch.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

class RivalWatchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneThatGoesOn();
    void oneThatEnds();
};

void RivalWatchTest::oneThatGoesOn() {
    RivalWatch watch(100ms);
    const MonotonicTime begin{10s};
    for (Duration after = 0ms; after < 400ms; after += 100ms)
        QVERIFY(!watch.heard(begin + after));
    QVERIFY(watch.heard(begin + 400ms));
    watch.forget();
    QVERIFY(!watch.heard(begin + 500ms));
}

void RivalWatchTest::oneThatEnds() {
    RivalWatch watch(100ms);
    const MonotonicTime begin{10s};
    QVERIFY(!watch.heard(begin));
    QVERIFY(!watch.heard(begin + 100ms));
    QVERIFY(!watch.heard(begin + 10s)); // another time
}

QTEST_GUILESS_MAIN(RivalWatchTest)
#include "rival_watch_test.moc"
