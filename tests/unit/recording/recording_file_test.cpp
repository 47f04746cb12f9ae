// SPDX-License-Identifier: GPL-3.0-or-later
#include "recording/recording_reader.h"
#include "recording/recording_writer.h"
#include "sightings.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <sys/resource.h>
#include <zlib.h>

using namespace mha;
using namespace mha::test;

namespace {

Pair somePair() {
    Pair pair;
    pair.name = u"milvus-prod"_s;
    pair.vip = u"192.168.1.104/24"_s;
    for (std::size_t i = 0; i < 2; ++i) {
        pair.nodes[i].name = i == 0 ? u"master"_s : u"backup"_s;
        pair.nodes[i].host = u"192.168.1.%1"_s.arg(85 + i);
    }
    return pair;
}

QList<Entry> someEntries() {
    QList<Entry> entries;
    for (const Sighting& sighting : everySighting()) {
        entries.append(Observation{kSeenAt, 1, sighting});
        entries.append(Tick{kSeenAt + std::chrono::milliseconds(250)});
    }
    return entries;
}

struct Read {
    QList<Entry> entries;
    QStringList errors;
};

Read readAll(RecordingReader& reader) {
    Read read;
    while (const std::optional<Result<Entry>> entry = reader.next()) {
        if (*entry) {
            read.entries.append(**entry);
        } else {
            read.errors.append(toSentence(entry->error()));
        }
    }
    return read;
}

QByteArray gzipped(const QByteArray& text, const QString& fileName) {
    const gzFile file = gzopen(QFile::encodeName(fileName).constData(), "wb");
    gzwrite(file, text.constData(), unsigned(text.size()));
    gzclose(file);
    QFile written(fileName);
    return written.open(QIODevice::ReadOnly) ? written.readAll() : QByteArray();
}

} // namespace

class RecordingFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void whatIsWrittenIsReadBack();
    void everyLineIsInTheFileAtOnce();
    void aFileIsNeverOverwritten();
    void aCompressedOneIsReadAsWell();
    void damage_data();
    void damage();
    void aCompressedOneThatBreaksOff();
    void whatIsNoRecording_data();
    void whatIsNoRecording();
    void whatDoesNotFitALineIsTold();
    void aFullDiskIsToldOnce();

private:
    QString path(const char* name) const { return folder_->filePath(QString::fromLatin1(name)); }

    QByteArray recorded() const;
    void put(const char* name, const QByteArray& bytes) const;

    std::unique_ptr<QTemporaryDir> folder_;
};

void RecordingFileTest::init() {
    folder_ = std::make_unique<QTemporaryDir>();
}

void RecordingFileTest::put(const char* name, const QByteArray& bytes) const {
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

QByteArray RecordingFileTest::recorded() const {
    {
        const auto writer = RecordingWriter::create(path("rec"), somePair());
        for (const Entry& entry : someEntries()) {
            if (const auto* observation = std::get_if<Observation>(&entry)) {
                (*writer)->addObservation(*observation);
            } else {
                (*writer)->addTick(timeOf(entry));
            }
        }
    }
    QFile file(path("rec"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void RecordingFileTest::whatIsWrittenIsReadBack() {
    recorded();
    const auto reader = RecordingReader::open(path("rec"));
    QVERIFY(reader);
    QCOMPARE((*reader)->header().program, QStringLiteral(MILVUS_HA_VERSION));
    QVERIFY((*reader)->header().pair == somePair());
    const Read read = readAll(**reader);
    QCOMPARE(read.errors, QStringList());
    QVERIFY(read.entries == someEntries());
    QCOMPARE(QFile::permissions(path("rec")) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void RecordingFileTest::everyLineIsInTheFileAtOnce() {
    const auto writer = RecordingWriter::create(path("rec"), somePair());
    QVERIFY(writer);
    (*writer)->addTick(kSeenAt);
    QFile file(path("rec"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().endsWith("{\"tick\":1767323045678901}\n"));
}

void RecordingFileTest::aFileIsNeverOverwritten() {
    put("rec", "evidence");
    const auto writer = RecordingWriter::create(path("rec"), somePair());
    QVERIFY(!writer);
    QVERIFY(writer.error().text.contains(u"not overwritten"_s));
    const auto nowhere = RecordingWriter::create(path("no/such/folder"), somePair());
    QVERIFY(!nowhere && nowhere.error().code == ErrorCode::Storage);
}

void RecordingFileTest::aCompressedOneIsReadAsWell() {
    gzipped(recorded(), path("rec.gz"));
    const auto reader = RecordingReader::open(path("rec.gz"));
    QVERIFY(reader);
    QVERIFY(readAll(**reader).entries == someEntries());
}

void RecordingFileTest::damage_data() {
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<int>("entries");
    QTest::addColumn<QStringList>("errors");
    const QByteArray tick("{\"tick\":5}\n");
    QTest::newRow("none") << tick + tick << 2 << QStringList();
    QTest::newRow("breaks off") << tick + "{\"tick\":" << 1
                                << QStringList{u"Line 3 is damaged: the recording breaks off"_s};
    QTest::newRow("breaks off whole") << tick + "{\"tick\":5}" << 1
                                      << QStringList{u"Line 3 is damaged: the recording breaks off"_s};
    QTest::newRow("one within") << tick + "{\"ti\n" + tick << 2 << QStringList{u"Line 3 is damaged: this is no JSON"_s};
    QTest::newRow("empty line") << tick + '\n' + tick << 2 << QStringList{u"Line 3 is damaged: this is no JSON"_s};
    QTest::newRow("zero bytes") << tick + QByteArray(600, '\0') + '\n' + tick << 2
                                << QStringList{u"Line 3 is damaged: this is no JSON"_s};
    QTest::newRow("endless") << tick + QByteArray(2 * kLongestLine + 5, 'x') + '\n' + tick << 2
                             << QStringList{u"Line 3 is damaged: it is longer than 262144"_s};
    QTest::newRow("endless to the end") << tick + QByteArray(kLongestLine + 5, 'x') << 1
                                        << QStringList{u"Line 3 is damaged: "_s};
    QTest::newRow("two") << QByteArray("x\n") + tick + "y\n"
                         << 1 << QStringList{u"Line 2 is damaged: "_s, u"Line 4 is damaged: "_s};
}

void RecordingFileTest::damage() {
    QFETCH(QByteArray, lines);
    QFETCH(int, entries);
    QFETCH(QStringList, errors);
    put("rec", toLine(RecordingHeader{kRecordingFormat, u"0.1.0"_s, somePair()}) + lines);
    const auto reader = RecordingReader::open(path("rec"));
    QVERIFY(reader);
    const Read read = readAll(**reader);
    QCOMPARE(read.entries.size(), entries);
    QCOMPARE(read.errors.size(), errors.size());
    for (qsizetype i = 0; i < errors.size(); ++i)
        QVERIFY2(read.errors.at(i).startsWith(path("rec") + u": "_s + errors.at(i)), qPrintable(read.errors.at(i)));
}

void RecordingFileTest::aCompressedOneThatBreaksOff() {
    QByteArray text = recorded();
    for (int i = 0; i < 20'000; ++i)
        text += "{\"tick\":" + QByteArray::number(i * 7919) + "}\n";
    const QByteArray packed = gzipped(text, path("rec.gz"));
    put("cut.gz", packed.first(packed.size() / 2));
    const auto reader = RecordingReader::open(path("cut.gz"));
    QVERIFY(reader);
    const Read read = readAll(**reader);
    QVERIFY(read.entries.size() > 1'000 && read.entries.size() < 20'000);
    QCOMPARE(read.errors.size(), 1);
}

void RecordingFileTest::whatIsNoRecording_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    QTest::newRow("empty") << QByteArray() << u"is empty"_s;
    QTest::newRow("text") << QByteArray("name = 5\n") << u"Line 1 is damaged: this is no recording of milvus-ha"_s;
    QTest::newRow("no newline") << QByteArray(R"({"recording":"milvus-ha")") << u"breaks off within it"_s;
}

void RecordingFileTest::whatIsNoRecording() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, says);
    put("rec", bytes);
    const auto reader = RecordingReader::open(path("rec"));
    QVERIFY(!reader);
    QVERIFY2(reader.error().text.contains(says), qPrintable(reader.error().text));
    QVERIFY(!RecordingReader::open(path("none")));
    QVERIFY(!RecordingReader::open(folder_->path()));
}

void RecordingFileTest::whatDoesNotFitALineIsTold() {
    const auto writer = RecordingWriter::create(path("rec"), somePair());
    QVERIFY(writer);
    QSignalSpy failed(writer->get(), &RecordingWriter::failed);
    MilvusSeen seen;
    seen.detail = QString(kLongestLine, u'x');
    (*writer)->addObservation({kSeenAt, 0, seen});
    QCOMPARE(failed.size(), 1);
    (*writer)->addTick(kSeenAt); // the rest goes on
    QCOMPARE(failed.size(), 1);
    QCOMPARE(readAll(**RecordingReader::open(path("rec"))).entries.size(), 1);
}

void RecordingFileTest::aFullDiskIsToldOnce() {
    const auto writer = RecordingWriter::create(path("rec"), somePair());
    QVERIFY(writer);
    QSignalSpy failed(writer->get(), &RecordingWriter::failed);
    (*writer)->addTick(kSeenAt);
    // A file that may not grow is a full disk to who writes it.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit full{rlim_t(QFileInfo(path("rec")).size() + 5), before.rlim_max};
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &full), 0);
    (*writer)->addTick(kSeenAt);
    (*writer)->addTick(kSeenAt);
    setrlimit(RLIMIT_FSIZE, &before);
    QCOMPARE(failed.size(), 1);
    QVERIFY(failed.first().first().value<Error>().text.contains(u"ends here"_s));
    const Read read = readAll(**RecordingReader::open(path("rec")));
    QCOMPARE(read.entries.size(), 1);
    QCOMPARE(read.errors.size(), 1);
}

QTEST_GUILESS_MAIN(RecordingFileTest)
#include "recording_file_test.moc"
