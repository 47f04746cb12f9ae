// SPDX-License-Identifier: GPL-3.0-or-later

// keepalived.conf is kept byte for byte: a corpus of files as they are met, and what changing them may touch.

#include "keepalived/config_document.h"
#include "keepalived/config_places.h"
#include "keepalived/config_view.h"
#include "keepalived/fault_flag.h"

#include <QDir>
#include <QFile>
#include <QtTest>

using namespace mha;
using namespace Qt::StringLiterals;

namespace {

QByteArray joined(const QByteArray& text) {
    QByteArray result;
    for (const ConfigToken& token : readConfigTokens(text))
        result += text.sliced(token.span.begin, token.span.end - token.span.begin);
    return result;
}

using Edit = std::function<void(ConfigDocument&)>;

const ConfigStatement& instance(const ConfigDocument& document) {
    return *document.find(u"vrrp_instance");
}

} // namespace

Q_DECLARE_METATYPE(Edit)

class DocumentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void corpusRoundTrips_data() { corpus_data(); }

    void corpusRoundTrips();

    void corpusTakesAnAdditionBack_data() { corpus_data(); }

    void corpusTakesAnAdditionBack();

    void corpusTakesTheFaultFlagBack_data() { corpus_data(); }

    void corpusTakesTheFaultFlagBack();
    void faultFlagIsPutIn();
    void faultFlagIsRefused_data();
    void faultFlagIsRefused();
    void edits_data();
    void edits();
    void words_data();
    void words();
    void tellsWhatIsNotBalanced_data();
    void tellsWhatIsNotBalanced();
    void statementsHaveTheirParts();
    void viewDecides();

private:
    static void corpus_data();
};

void DocumentTest::corpus_data() {
    QTest::addColumn<QByteArray>("text");
    QDir corpus(QFINDTESTDATA("fixtures/corpus"));
    const QStringList names = corpus.entryList({u"*.conf"_s}, QDir::Files);
    QVERIFY(names.size() >= 12);
    for (const QString& name : names) {
        QFile file(corpus.filePath(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QTest::newRow(qPrintable(name)) << file.readAll();
    }
}

void DocumentTest::corpusRoundTrips() {
    QFETCH(QByteArray, text);
    QCOMPARE(joined(text), text);
    ConfigDocument document(text);
    QVERIFY(document.balanced());
    QCOMPARE(document.text(), text);
    // Saying again what it says changes nothing.
    for (qsizetype i = 0; i < document.statements().size(); ++i) {
        const ConfigStatement statement = document.statements()[i];
        document.set(statement, statement.words);
    }
    QCOMPARE(document.text(), text);
}

void DocumentTest::corpusTakesAnAdditionBack() {
    QFETCH(QByteArray, text);
    ConfigDocument document(text);
    document.append(nullptr, "vrrp_track_file milvus_ha {\n    file /run/milvus-ha/fault\n    weight 0\n}");
    const ConfigStatement* added = document.find(u"vrrp_track_file", u"milvus_ha");
    QVERIFY(added != nullptr);
    QCOMPARE(added->children.size(), 2);
    document.remove(*added);
    QCOMPARE(document.text(), text);

    if (document.find(u"vrrp_instance") == nullptr)
        return;
    document.append(&instance(document), "track_file {\n    milvus_ha weight 0\n}");
    const ConfigStatement* line = instance(document).child(u"track_file");
    QVERIFY(line != nullptr);
    QCOMPARE(line->children.value(0).words, (QStringList{u"milvus_ha"_s, u"weight"_s, u"0"_s}));
    document.remove(*line);
    const bool braceAlone = !text.contains("{ 192.168.1.104 } }");
    if (braceAlone)
        QCOMPARE(document.text(), text);
}

namespace {

/// The first address that any instance carries, with what decides "@…" so that it is seen.
struct FirstVip {
    QString address;
    QString configId;
};

std::optional<FirstVip> firstVip(const ConfigDocument& document) {
    for (const QString& configId : {u"host"_s, u"backup"_s, u"main"_s, u"node1"_s}) {
        for (const ConfigStatement& statement : effectiveStatements(document.statements(), configId)) {
            const ConfigStatement* block = statement.child(u"virtual_ipaddress");
            if (statement.keyword() == "vrrp_instance"_L1 && block != nullptr && !block->children.isEmpty() &&
                statement.repetition.isEmpty() && isInstanceOf(statement, addressOfEntry(block->children.first())))
                return FirstVip{addressOfEntry(block->children.first()), configId};
        }
    }
    return std::nullopt;
}

bool tracksIt(const QByteArray& text, const FirstVip& vip) {
    const ConfigDocument document(text);
    const QList<ConfigStatement> statements = effectiveStatements(document.statements(), vip.configId);
    return std::ranges::any_of(statements, [&](const ConfigStatement& statement) {
        return isInstanceOf(statement, vip.address) && tracksFaultFlag(statements, statement);
    });
}

} // namespace

/// Put in and taken out again is the same file; put in twice is put in once.
void DocumentTest::corpusTakesTheFaultFlagBack() {
    QFETCH(QByteArray, text);
    const std::optional<FirstVip> vip = firstVip(ConfigDocument(text));
    if (!vip)
        QSKIP("no instance of its own");
    QVERIFY(!tracksIt(text, *vip));
    const Result<QByteArray> with = withFaultFlag(text, vip->address, vip->configId);
    QVERIFY2(with, qPrintable(with ? QString() : with.error().text));
    QVERIFY2(tracksIt(*with, *vip), with->constData());
    QCOMPARE(withFaultFlag(*with, vip->address, vip->configId).value_or(QByteArray()), *with);
    const QByteArray without = withoutFaultFlag(*with).value_or(QByteArray());
    if (text.contains("} }")) { // an instance that ends within a line is ended on a line of its own from then on
        QCOMPARE(without.simplified(), text.simplified());
    } else {
        QCOMPARE(without, text);
    }
    QCOMPARE(withoutFaultFlag(text).value_or(QByteArray()), text);
}

void DocumentTest::faultFlagIsPutIn() {
    const QByteArray text =
        "! main\nvrrp_script chk {\n  script /x\n}\n\n# the VIP\nvrrp_instance VI {\n  state BACKUP\n"
        "  virtual_ipaddress {\n    10.0.0.1/24 dev eth0\n  }\n}\n";
    const QByteArray expected =
        "! main\nvrrp_script chk {\n  script /x\n}\n\n"
        "track_file milvus_ha {\n    # of milvus-ha: `milvus-ha lever remove` takes it away\n"
        "    file /run/milvus-ha.fault\n    weight 0\n    init_file 0\n}\n"
        "# the VIP\nvrrp_instance VI {\n  state BACKUP\n  virtual_ipaddress {\n    10.0.0.1/24 dev eth0\n  }\n"
        "  track_file {\n      milvus_ha weight 0\n  }\n}\n";
    QCOMPARE(withFaultFlag(text, u"10.0.0.1"_s, {}).value_or(QByteArray()), expected);
}

void DocumentTest::faultFlagIsRefused_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("no such VIP") << QByteArray("vrrp_instance V {\n virtual_ipaddress {\n 10.0.0.2\n }\n}\n")
                                 << ErrorCode::NotFound;
    QTest::newRow("included") << QByteArray("include conf.d/*.conf\n") << ErrorCode::NotFound;
    QTest::newRow("not closed") << QByteArray("vrrp_instance V {\n") << ErrorCode::Protocol;
    QTest::newRow("empty") << QByteArray() << ErrorCode::NotFound;
}

void DocumentTest::faultFlagIsRefused() {
    QFETCH(QByteArray, text);
    QFETCH(ErrorCode, code);
    const Result<QByteArray> with = withFaultFlag(text, u"10.0.0.1"_s, {});
    QVERIFY(!with);
    QCOMPARE(with.error().code, code);
}

void DocumentTest::edits_data() {
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char* name, const QByteArray& before, const Edit& edit, const QByteArray& after) {
        QTest::newRow(name) << before << edit << after;
    };
    const auto setPriority = [](ConfigDocument& d) {
        d.set(*instance(d).child(u"priority"), {u"priority"_s, u"90"_s});
    };
    row("another value, comment and blanks kept", "vrrp_instance A {\n\tpriority   110 # high\n}\n", setPriority,
        "vrrp_instance A {\n\tpriority   90 # high\n}\n");
    row("carriage returns kept", "vrrp_instance A {\r\n priority 110\r\n}\r\n", setPriority,
        "vrrp_instance A {\r\n priority 90\r\n}\r\n");
    row("a condition kept", "vrrp_instance A {\n @main priority 110\n}\n", setPriority,
        "vrrp_instance A {\n @main priority 90\n}\n");
    row(
        "a word more", "vrrp_instance A {\n track_script { chk }\n}\n",
        [](ConfigDocument& d) {
            d.set(instance(d).child(u"track_script")->children[0], {u"chk"_s, u"weight"_s, u"-5"_s});
        },
        "vrrp_instance A {\n track_script { chk weight -5 }\n}\n");
    row(
        "a word less", "vrrp_instance A { # x\n}\n",
        [](ConfigDocument& d) { d.set(instance(d), {u"vrrp_instance"_s}); }, "vrrp_instance { # x\n}\n");
    row(
        "quotes where they were", "vrrp_script a {\n script \"/bin/a b\"\n}\n",
        [](ConfigDocument& d) { d.set(*d.find(u"vrrp_script")->child(u"script"), {u"script"_s, u"/bin/c"_s}); },
        "vrrp_script a {\n script \"/bin/c\"\n}\n");
    const auto addTrack = [](ConfigDocument& d) { d.append(&instance(d), "track_file {\n    f weight 0\n}\n"); };
    row("into a block, indented as its others", "vrrp_instance A {\n\tpriority 1\n}\n", addTrack,
        "vrrp_instance A {\n\tpriority 1\n\ttrack_file {\n\t    f weight 0\n\t}\n}\n");
    row("into an empty block", "vrrp_instance A {\n}\n", addTrack,
        "vrrp_instance A {\n    track_file {\n        f weight 0\n    }\n}\n");
    row("into a block of one line", "vrrp_instance A { priority 1 }\n", addTrack,
        "vrrp_instance A { priority 1 \n    track_file {\n        f weight 0\n    }\n}\n");
    row("into a block with carriage returns", "vrrp_instance A {\r\n  priority 1\r\n}\r\n", addTrack,
        "vrrp_instance A {\r\n  priority 1\r\n  track_file {\r\n      f weight 0\r\n  }\r\n}\r\n");
    row("behind a comment at the block's end", "vrrp_instance A {\n  priority 1\n  # last\n}\n", addTrack,
        "vrrp_instance A {\n  priority 1\n  # last\n  track_file {\n      f weight 0\n  }\n}\n");
    row("behind a line that goes on", "vrrp_instance A {\n  notify x \\\n}\n", addTrack,
        "vrrp_instance A {\n  notify x \\\n\n  track_file {\n      f weight 0\n  }\n}\n");
    const auto removePriority = [](ConfigDocument& d) { d.remove(*instance(d).child(u"priority")); };
    row("a line with its comment", "vrrp_instance A {\n a\n priority 1 # one\n b\n}\n", removePriority,
        "vrrp_instance A {\n a\n b\n}\n");
    row("one of a line", "vrrp_instance A { a b\n priority 1 }\n", removePriority, "vrrp_instance A { a b\n  }\n");
    row(
        "a block", "a {\n}\n\nvrrp_instance A {\n x\n} ! gone\nb\n", [](ConfigDocument& d) { d.remove(instance(d)); },
        "a {\n}\n\nb\n");
    row("the last line without an end", "a\nvrrp_instance A", [](ConfigDocument& d) { d.remove(instance(d)); }, "a");
}

void DocumentTest::edits() {
    QFETCH(QByteArray, before);
    QFETCH(Edit, edit);
    ConfigDocument document(before);
    edit(document);
    QTEST(document.text(), "after");
    QVERIFY(document.balanced());
}

void DocumentTest::words_data() {
    QTest::addColumn<QString>("word");
    QTest::addColumn<QByteArray>("written");
    QTest::newRow("plain") << u"/etc/a-b.sh"_s << QByteArray("/etc/a-b.sh");
    QTest::newRow("blank") << u"/bin/a b"_s << QByteArray("\"/bin/a b\"");
    QTest::newRow("empty") << QString() << QByteArray("\"\"");
    QTest::newRow("comment sign") << u"a#b!"_s << QByteArray("\"a#b!\"");
    QTest::newRow("double quote") << u"say \"x\""_s << QByteArray("'say \"x\"'");
    QTest::newRow("both quotes") << u"\"'"_s << QByteArray("\\\"\\'");
    QTest::newRow("braces") << u"{}"_s << QByteArray("\"{}\"");
    QTest::newRow("backslash") << u"a\\b"_s << QByteArray("\"a\\b\"");
    QTest::newRow("variable") << u"${A}"_s << QByteArray("\"${A}\"");
    QTest::newRow("no condition") << u"@x"_s << QByteArray("\"@x\"");
    QTest::newRow("umlaut") << u"K\u00f6ln"_s << QByteArray("K\xc3\xb6ln");
}

void DocumentTest::words() {
    QFETCH(QString, word);
    QTEST(encodeConfigWord(word, false), "written");
    QCOMPARE(decodeConfigWord(encodeConfigWord(word, false)).text, word);
    ConfigDocument document("a b\n");
    document.set(document.statements().first(), {word, u"c"_s, word});
    QCOMPARE(document.statements().value(0).words, (QStringList{word, u"c"_s, word}));
}

void DocumentTest::tellsWhatIsNotBalanced_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("left open") << QByteArray("a {\n");
    QTest::newRow("closed twice") << QByteArray("a {\n}\n}\n");
    QTest::newRow("closed first") << QByteArray("}\n");
    QTest::newRow("too deep") << QByteArray("a {\n").repeated(5'000) + QByteArray("}\n").repeated(5'000);
}

void DocumentTest::tellsWhatIsNotBalanced() {
    QFETCH(QByteArray, text);
    const ConfigDocument document(text);
    QVERIFY(!document.balanced());
    QVERIFY(document.statements().isEmpty());
    QCOMPARE(document.text(), text);
    QCOMPARE(joined(text), text);
}

void DocumentTest::statementsHaveTheirParts() {
    const ConfigDocument document("$A=1 { \\\n}\n@^x ~SEQ(i,1,{2}) key 'a b' c\n");
    QCOMPARE(document.statements().size(), 2);
    QVERIFY(document.statements()[0].isDefinition());
    QCOMPARE(document.statements()[0].words.value(0), u"$A"_s);
    const ConfigStatement& second = document.statements()[1];
    QCOMPARE(second.condition, u"@^x"_s);
    QCOMPARE(second.repetition, u"~SEQ(i,1,{2})"_s);
    QCOMPARE(second.words, (QStringList{u"key"_s, u"a b"_s, u"c"_s}));
    QVERIFY(second.quotedArgument);
}

void DocumentTest::viewDecides() {
    const ConfigDocument document("$P=110\n@a priority $P\n@^a priority 91\nvip 10.0.0.${P}/$UNKNOWN\n");
    const QList<ConfigStatement> here = effectiveStatements(document.statements(), u"a"_s);
    QCOMPARE(here.size(), 2);
    QCOMPARE(here[0].argument(1), u"110"_s);
    QCOMPARE(here[1].argument(1), u"10.0.0.110/$UNKNOWN"_s);
    QCOMPARE(effectiveStatements(document.statements(), u"b"_s).value(0).argument(1), u"91"_s);
}

QTEST_GUILESS_MAIN(DocumentTest)
#include "document_test.moc"
