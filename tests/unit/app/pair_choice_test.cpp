// SPDX-License-Identifier: GPL-3.0-or-later

// Which pair file is taken: the named one, or the only one there is.

#include "pair_choice.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace mha;
using namespace mha::cli;
using namespace Qt::StringLiterals;

class PairChoiceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void choose();

private:
    static void write(const QTemporaryDir& folder, const QString& name);
};

void PairChoiceTest::write(const QTemporaryDir& folder, const QString& name) {
    QFile file(folder.filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("name = \"p\"\nvip = \"192.168.1.104/24\"\n[[node]]\nname = \"a\"\nhost = \"h1\"\n[[node]]\nname = "
               "\"b\"\nhost = \"h2\"\n");
}

void PairChoiceTest::choose() {
    const QTemporaryDir folder;
    const auto codeOf = [](const Result<Pair>& pair) { return pair ? u"ok"_s : errorCodeName(pair.error().code); };
    QCOMPARE(codeOf(choosePair({}, folder.path())), u"usage"_s);
    QCOMPARE(codeOf(choosePair({}, folder.filePath(u"none"_s))), u"usage"_s);
    QCOMPARE(codeOf(choosePair(folder.filePath(u"one.toml"_s), folder.path())), u"bad-pair-file"_s);
    write(folder, u"one.toml"_s);
    write(folder, u"notes.txt"_s);
    QCOMPARE(codeOf(choosePair({}, folder.path())), u"ok"_s);
    write(folder, u"two.toml"_s);
    const Result<Pair> several = choosePair({}, folder.path());
    QCOMPARE(codeOf(several), u"usage"_s);
    QVERIFY2(several.error().text.contains(u"one.toml, two.toml"), qPrintable(several.error().text));
    QCOMPARE(codeOf(choosePair(folder.filePath(u"two.toml"_s), folder.path())), u"ok"_s);
}

QTEST_GUILESS_MAIN(PairChoiceTest)
#include "pair_choice_test.moc"
