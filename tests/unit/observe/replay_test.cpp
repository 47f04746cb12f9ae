// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/replay.h"
#include "pair_simulation.h"
#include "recording/recording_writer.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <functional>

using namespace mha;
using namespace Qt::StringLiterals;

namespace {

/// What followers of a source were told.
struct Told {
    QList<Event> events;
    QList<Failover> failovers;
    QList<Picture> pictures;

    void follow(const PairSource& source) {
        QObject::connect(&source, &PairSource::eventsSeen, [this](const QList<Event>& seen) { events += seen; });
        QObject::connect(&source, &PairSource::failoverSeen, [this](const Failover& seen) { failovers += seen; });
        QObject::connect(&source, &PairSource::pictureChanged, [this](const Picture& seen) { pictures += seen; });
    }
};

} // namespace

class ReplayTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void speeds_data();
    void speeds();
    void theReplayIsTheSame();
    void damageIsToldAndTheRestIsPlayed();
    void keepsToItsSpeed();
    void anEmptyRecordingEnds();

private:
    QString record(const QList<Entry>& entries) const;
    std::unique_ptr<RecordingReader> open() const;

    std::unique_ptr<QTemporaryDir> folder_;
};

void ReplayTest::init() {
    folder_ = std::make_unique<QTemporaryDir>();
}

QString ReplayTest::record(const QList<Entry>& entries) const {
    const QString file = folder_->filePath(u"rec"_s);
    const auto writer = RecordingWriter::create(file, guidePair());
    for (const Entry& entry : entries) {
        if (const auto* observation = std::get_if<Observation>(&entry)) {
            (*writer)->addObservation(*observation);
        } else {
            (*writer)->addTick(timeOf(entry));
        }
    }
    return file;
}

std::unique_ptr<RecordingReader> ReplayTest::open() const {
    return std::move(*RecordingReader::open(folder_->filePath(u"rec"_s)));
}

void ReplayTest::speeds_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("speed"); // 0: max, -1: none
    QTest::newRow("max") << u"max"_s << 0.0;
    QTest::newRow("1") << u"1"_s << 1.0;
    QTest::newRow("half") << u"0.5"_s << 0.5;
    for (const char* wrong : {"0", "-1", "fast", "", "inf", "nan", "1e9", "0.0000001"})
        QTest::newRow(wrong) << QString::fromLatin1(wrong) << -1.0;
}

void ReplayTest::speeds() {
    QFETCH(QString, text);
    QFETCH(double, speed);
    const std::optional<ReplaySpeed> read = replaySpeedFromText(text);
    QCOMPARE(read.has_value(), speed >= 0);
    if (read)
        QCOMPARE(read->value_or(0.0), speed);
}

void ReplayTest::theReplayIsTheSame() {
    PairSimulation sim;
    sim.settle();
    sim.die(0);
    sim.run(1s);
    sim.setVrrp(0, VrrpState::Backup, 90);
    sim.moveVip(0, 1);
    sim.start(1);
    sim.run(700ms);
    sim.setServing(1, true);
    sim.run(10s);
    sim.loseSight(0);
    sim.run(5s);
    QCOMPARE(sim.failovers.size(), 1);
    QVERIFY(sim.events.size() > 8);

    record(sim.calls);
    Replay replay(open(), ReplaySpeed());
    Told told;
    told.follow(replay);
    QSignalSpy completed(&replay, &Replay::completed);
    QVERIFY(!replay.complete());
    replay.start();
    QTRY_COMPARE_WITH_TIMEOUT(completed.size(), 1, 20'000);
    QVERIFY(replay.complete());
    QVERIFY(told.events == sim.events);
    QVERIFY(told.failovers == sim.failovers);
    QVERIFY(replay.picture() == sim.picture());
    QVERIFY(told.pictures.size() > 10);
    QCOMPARE(replay.now(), timeOf(sim.calls.last()));
    QCOMPARE(replay.damagedLines(), 0);
}

void ReplayTest::damageIsToldAndTheRestIsPlayed() {
    const QString file = record({Tick{PairSimulation::kStart}, Tick{PairSimulation::kStart + 5s}});
    QFile append(file);
    QVERIFY(append.open(QIODevice::Append));
    append.write("damage\n{\"tick\":");
    append.close();
    Replay replay(open(), ReplaySpeed());
    QSignalSpy damaged(&replay, &Replay::damaged);
    QSignalSpy ticked(&replay, &Replay::ticked);
    replay.start();
    QTRY_VERIFY_WITH_TIMEOUT(replay.complete(), 5'000);
    QCOMPARE(ticked.size(), 2);
    QCOMPARE(damaged.size(), 2);
    QCOMPARE(replay.damagedLines(), 2);
    QVERIFY(damaged.first().first().value<Error>().text.contains(u"Line 4"_s));
}

void ReplayTest::keepsToItsSpeed() {
    record({Tick{PairSimulation::kStart}, Tick{PairSimulation::kStart + 1s}, Tick{PairSimulation::kStart + 1h}});
    Replay replay(open(), ReplaySpeed(5.0));
    QSignalSpy ticked(&replay, &Replay::ticked);
    QElapsedTimer timer;
    timer.start();
    replay.start();
    QTRY_COMPARE_WITH_TIMEOUT(ticked.size(), 2, 10'000);
    QVERIFY(timer.elapsed() >= 200); // never early; how late is the computer's
    QVERIFY(replay.now() >= PairSimulation::kStart + 1s && replay.now() < PairSimulation::kStart + 1h);
    replay.stop();
    const Instant stopped = replay.now();
    QCOMPARE(replay.now(), stopped);
    QVERIFY(!replay.complete());
    replay.start();
    QVERIFY(replay.now() >= stopped);
}

void ReplayTest::anEmptyRecordingEnds() {
    record({});
    Replay replay(open(), ReplaySpeed(1.0));
    QSignalSpy completed(&replay, &Replay::completed);
    replay.start();
    QTRY_COMPARE_WITH_TIMEOUT(completed.size(), 1, 5'000);
    QCOMPARE(replay.pair().name, u"milvus-prod"_s);
}

QTEST_GUILESS_MAIN(ReplayTest)
#include "replay_test.moc"
