// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/storage_look.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace mha;

namespace {

const QString kPath = QStringLiteral("/srv/milvus");

// As the command prints it on a lab host.
const QByteArray kLook = "inode 1164467\nenters\ndb 1164468\nwal 1164469\nspace 20633383 66053021 4096\nwrites\nroot\n"
                         "mount /srv/milvus rw,relatime,discard\nend\n";

Result<StorageSeen> only(const QByteArray& bytes) {
    StorageParser parser(kPath);
    const auto looks = parser.feed(bytes);
    if (looks.size() != 1)
        return std::unexpected(Error{ErrorCode::Internal, QStringLiteral("%1 looks").arg(looks.size()), {}, {}});
    return looks[0];
}

} // namespace

class StorageLookTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsALook();
    void readsForms_data();
    void readsForms();
    void tellsWhyNot_data();
    void tellsWhyNot();
    void takesBytesInAnyPieces();
    void reallyLooks();
    void reallyLooksAtNoFolder();
    void repeatsUntilItsInputEnds();
    void tellsOfACalmLookWhatTheLastOneSaw();
    void seesChangesInCalmLooks();
};

void StorageLookTest::readsALook() {
    const auto seen = only(kLook);
    QVERIFY(seen.has_value());
    QCOMPARE(*seen, (StorageSeen{kPath, true, true, QStringLiteral("1164467-1164468-1164469"), 20633383LL * 4096,
                                 66053021LL * 4096}));
}

void StorageLookTest::readsForms_data() {
    QTest::addColumn<QByteArray>("look");
    QTest::addColumn<bool>("mounted");
    QTest::addColumn<bool>("writable");
    QTest::addColumn<QString>("id");
    const auto changed = [](const char* before, const char* after) { return QByteArray(kLook).replace(before, after); };
    const char* const id = "1164467-1164468-1164469";
    QTest::newRow("on the root file system") << changed("mount /srv/milvus", "mount /") << false << true << id;
    QTest::newRow("below the mount") << changed("mount /srv/milvus", "mount /srv") << true << true << id;
    QTest::newRow("mounted read-only") << changed("rw,", "ro,") << true << false << id;
    QTest::newRow("read-only among other options") << changed("rw,relatime", "nosuid,ro") << true << false << id;
    QTest::newRow("an option that begins alike") << changed("rw,relatime", "rw,rootcontext") << true << true << id;
    QTest::newRow("root is denied (root squash)") << changed("writes\n", "") << true << false << id;
    QTest::newRow("a user is denied, which says nothing of Milvus")
        << changed("writes\nroot\n", "") << true << true << id;
    QTest::newRow("no db and wal yet") << changed("db 1164468\nwal 1164469", "db \nwal ") << true << true
                                       << "1164467--";
    QTest::newRow("may not enter: no id") << changed("enters\ndb 1164468\nwal 1164469\n", "") << true << true << "";
    QTest::newRow("findmnt is missing") << changed("mount /srv/milvus rw,relatime,discard", "mount") << false << true
                                        << id;
    QTest::newRow("no such folder") << QByteArray("missing\nend\n") << false << false << "";
    QTest::newRow("carriage returns of a pty") << QByteArray(kLook).replace("\n", "\r\n") << true << true << id;
}

void StorageLookTest::readsForms() {
    QFETCH(QByteArray, look);
    const auto seen = only(look);
    QVERIFY2(seen.has_value(), seen ? "" : qPrintable(seen.error().text));
    QTEST(seen->mounted, "mounted");
    QTEST(seen->writable, "writable");
    QTEST(seen->id, "id");
}

void StorageLookTest::tellsWhyNot_data() {
    QTest::addColumn<QByteArray>("look");
    QTest::addColumn<int>("code");
    QTest::newRow("hung at once") << QByteArray("hung\nend\n") << int(ErrorCode::TimedOut);
    QTest::newRow("hung half-way") << QByteArray("inode 1164467\nhung\nend\n") << int(ErrorCode::TimedOut);
    QTest::newRow("nothing said") << QByteArray("end\n") << int(ErrorCode::Protocol);
    QTest::newRow("words") << QByteArray("sh: stat: not found\nend\n") << int(ErrorCode::Protocol);
}

void StorageLookTest::tellsWhyNot() {
    QFETCH(QByteArray, look);
    const auto seen = only(look);
    QVERIFY(!seen.has_value());
    QTEST(int(seen.error().code), "code");
    QVERIFY(seen.error().text.contains(kPath) && seen.error().remedy.endsWith(u'.'));
}

void StorageLookTest::takesBytesInAnyPieces() {
    StorageParser parser(kPath);
    int looks = 0;
    for (const char byte : kLook + kLook)
        looks += int(parser.feed(QByteArray(1, byte)).size());
    QCOMPARE(looks, 2);
    QVERIFY(parser.feed(QByteArray(qsizetype(200) * 1024, 'x')).isEmpty());
    QVERIFY(parser.feed("\n").isEmpty());
    QCOMPARE(parser.feed(kLook).size(), 1);
}

void StorageLookTest::reallyLooks() {
    const QTemporaryDir folder;
    QDir(folder.path()).mkdir(QStringLiteral("db"));
    const Command command = storageCommand(folder.path(), false);
    QProcess process;
    process.start(command.argv[0], command.argv.sliced(1));
    QVERIFY(process.waitForFinished(10'000));
    StorageParser parser(folder.path());
    const auto looks = parser.feed(process.readAllStandardOutput());
    QCOMPARE(looks.size(), 1);
    QVERIFY2(looks[0].has_value(), looks[0] ? "" : qPrintable(looks[0].error().text));
    QVERIFY(looks[0]->writable);
    QVERIFY(looks[0]->totalBytes >= looks[0]->freeBytes && looks[0]->freeBytes >= 0);
    const QStringList inodes = looks[0]->id.split(u'-');
    QCOMPARE(inodes.size(), 3);
    QVERIFY(!inodes[0].isEmpty() && !inodes[1].isEmpty() && inodes[0] != inodes[1]);
    QVERIFY2(inodes[2].isEmpty(), "there is no wal");
}

void StorageLookTest::reallyLooksAtNoFolder() {
    const Command command = storageCommand(QStringLiteral("/nonexistent/$(echo x)'\""), false);
    QProcess process;
    process.start(command.argv[0], command.argv.sliced(1));
    QVERIFY(process.waitForFinished(10'000));
    QCOMPARE(process.readAllStandardOutput(), QByteArray("missing\nend\n"));
}

void StorageLookTest::repeatsUntilItsInputEnds() {
    const QTemporaryDir folder;
    const Command command = storageCommand(folder.path(), true);
    QProcess process;
    process.start(command.argv[0], command.argv.sliced(1));
    StorageParser parser(folder.path());
    qsizetype looks = 0;
    connect(&process, &QProcess::readyReadStandardOutput, this,
            [&] { looks += parser.feed(process.readAllStandardOutput()).size(); });
    QTRY_COMPARE_WITH_TIMEOUT(looks, 1, 10'000);
    process.write("\n");
    QTRY_COMPARE_WITH_TIMEOUT(looks, 2, 10'000);
    process.closeWriteChannel();
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 10'000);
}

void StorageLookTest::tellsOfACalmLookWhatTheLastOneSaw() {
    StorageParser parser(kPath);
    const auto looks = parser.feed(kLook + "same\nmissing\nend\nsame\n");
    QCOMPARE(looks.size(), 4);
    QVERIFY(looks[1] && *looks[1] == *looks[0]);
    QVERIFY(looks[3] && *looks[3] == *looks[2] && *looks[3] != *looks[1]);
    QVERIFY2(!only("same\nend\n"), "the same as nothing");
}

void StorageLookTest::seesChangesInCalmLooks() {
    const QTemporaryDir folder;
    const Command command = storageCommand(folder.path(), true);
    QProcess process;
    process.start(command.argv[0], command.argv.sliced(1));
    QByteArray said;
    StorageParser parser(folder.path());
    QList<Result<StorageSeen>> looks;
    connect(&process, &QProcess::readyReadStandardOutput, this, [&] {
        const QByteArray bytes = process.readAllStandardOutput();
        said += bytes;
        looks += parser.feed(bytes);
    });
    QTRY_COMPARE_WITH_TIMEOUT(looks.size(), 1, 10'000);
    process.write("\n");
    QTRY_COMPARE_WITH_TIMEOUT(looks.size(), 2, 10'000);
    QVERIFY(said.endsWith("same\n"));
    QVERIFY(looks.last() && looks.last()->id.endsWith(QStringLiteral("--")));
    QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("wal")));
    process.write("\n");
    QTRY_VERIFY_WITH_TIMEOUT(looks.last() && !looks.last()->id.endsWith(u'-'), 10'000);
    QVERIFY(QDir(folder.path()).rmdir(QStringLiteral("wal")));
    process.write("\n");
    QTRY_VERIFY_WITH_TIMEOUT(looks.last() && looks.last()->id.endsWith(QStringLiteral("--")), 10'000);
    process.closeWriteChannel();
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 10'000);
}

QTEST_GUILESS_MAIN(StorageLookTest)
#include "storage_look_test.moc"
