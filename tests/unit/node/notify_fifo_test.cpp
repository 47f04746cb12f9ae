// SPDX-License-Identifier: GPL-3.0-or-later

// What keepalived 2.2.7 writes into its FIFO, and that it is heard through a real one.

#include "node/notify_fifo.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace mha;
using namespace Qt::StringLiterals;

class NotifyFifoTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lines_data();
    void lines();
    void hearsTheFifo();
    void wantsAFifo();
};

void NotifyFifoTest::lines_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("instance");
    QTest::addColumn<int>("state");
    QTest::addColumn<int>("priority");
    const auto row = [](const char* line, const QString& instance, VrrpState state, int priority) {
        QTest::newRow(line) << QByteArray(line) << instance << int(state) << priority;
    };
    row("INSTANCE \"VI_1\" MASTER 110", u"VI_1"_s, VrrpState::Master, 110);
    row("INSTANCE \"VI_1\" BACKUP 90\n", u"VI_1"_s, VrrpState::Backup, 90);
    row("INSTANCE \"a \"b\" c\" FAULT 110", u"a \"b\" c"_s, VrrpState::Fault, 110);
    row("INSTANCE \"VI_1\" STOP 110", u"VI_1"_s, VrrpState::Stopped, 110);
    row("INSTANCE \"VI_1\" DELETED 0", u"VI_1"_s, VrrpState::Stopped, 0);
    row("GROUP \"G\" MASTER 110", {}, VrrpState::Unknown, -1);
    row("INSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 110", {}, VrrpState::Unknown, -1);
    row("INSTANCE \"VI_1", {}, VrrpState::Unknown, -1);
    row("", {}, VrrpState::Unknown, -1);
}

void NotifyFifoTest::lines() {
    QFETCH(QByteArray, line);
    QFETCH(QString, instance);
    QFETCH(int, state);
    QFETCH(int, priority);
    const auto read = parseNotifyLine(line);
    QCOMPARE(read.has_value(), state != int(VrrpState::Unknown));
    if (read)
        QCOMPARE(*read, (NotifyLine{instance, static_cast<VrrpState>(state), priority}));
}

void NotifyFifoTest::hearsTheFifo() {
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"fifo"_s);
    QVERIFY(NotifyFifo().open(path).has_value());
    QFile writer(path);
    QVERIFY(writer.open(QIODevice::ReadWrite | QIODevice::Unbuffered));
    writer.write("INSTANCE \"VI_1\" FAULT 110\n");
    // A line of before this one's begin says nothing of now.
    NotifyFifo fifo;
    QList<NotifyLine> heard;
    connect(&fifo, &NotifyFifo::heard, this, [&heard](const NotifyLine& line) { heard += line; });
    QVERIFY(fifo.open(path).has_value());
    writer.write("INSTANCE \"VI_1\" BACKUP 110\nINSTANCE \"VI_1\" MAS");
    writer.write("TER 110\n");
    QTRY_COMPARE(heard.size(), 2);
    QCOMPARE(heard.at(0).state, VrrpState::Backup);
    QCOMPARE(heard.at(1).state, VrrpState::Master);
}

void NotifyFifoTest::wantsAFifo() {
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    NotifyFifo fifo;
    QVERIFY(!fifo.open(file.fileName()).has_value());
    QVERIFY(!fifo.open(folder.filePath(u"none/fifo"_s)).has_value());
}

QTEST_GUILESS_MAIN(NotifyFifoTest)
#include "notify_fifo_test.moc"
