// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/pair.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace mha;

namespace {

constexpr const char* kGood = R"(name = "milvus-prod"
vip = "192.168.1.104/24"
known_hosts = "/etc/milvus-ha/known_hosts"
[milvus]
container = "milvus"
generation = "0.x"
client_port = 19531
health = "9091/healthz"
rto_seconds = 3
stop_grace_seconds = 20
[storage]
path = "/srv/milvus"
[[node]]
name = "master"
host = "192.168.1.85"
port = 2222
user = "milvus"
identity = "~/.ssh/id_ed25519"
interface = "enp7s0"
[[node]]
name = "backup"
host = "192.168.1.38"
container = "milvus-b"
)";

/// The good file with one line (1-based) put in another's place.
QByteArray withLine(int number, const QByteArray& line) {
    QList<QByteArray> lines = QByteArray(kGood).split('\n');
    lines[number - 1] = line;
    return lines.join('\n');
}

} // namespace

class PairTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEveryField();
    void fillsInWhatIsLeftOut();
    void readsAndWritesAQuery();
    void tellsWhatIsWrong_data();
    void tellsWhatIsWrong();
    void writesWhatItReads();
    void writesAwkwardTexts();
    void tellsOfAMissingFile();
    void findsNodes();
};

void PairTest::readsEveryField() {
    const auto pair = parsePair(kGood, QStringLiteral("pair.toml"));
    QVERIFY2(pair.has_value(), pair ? "" : qPrintable(toSentence(pair.error())));
    Pair expected;
    expected.name = QStringLiteral("milvus-prod");
    expected.vip = QStringLiteral("192.168.1.104/24");
    expected.knownHosts = QStringLiteral("/etc/milvus-ha/known_hosts");
    expected.generation = Generation::V0;
    expected.clientPort = 19531;
    expected.health = HealthEndpoint{QStringLiteral("/healthz"), 9091};
    expected.rto = std::chrono::seconds{3};
    expected.stopGrace = std::chrono::seconds{20};
    expected.storagePath = QStringLiteral("/srv/milvus");
    expected.nodes[0] = {QStringLiteral("master"),
                         QStringLiteral("192.168.1.85"),
                         2222,
                         QStringLiteral("milvus"),
                         QStringLiteral("~/.ssh/id_ed25519"),
                         QStringLiteral("enp7s0"),
                         {}};
    expected.nodes[1].name = QStringLiteral("backup");
    expected.nodes[1].host = QStringLiteral("192.168.1.38");
    expected.nodes[1].container = QStringLiteral("milvus-b");
    QVERIFY(*pair == expected);
    QCOMPARE(pair->vipAddress(), QStringLiteral("192.168.1.104"));
    QCOMPARE(pair->containerOn(pair->nodes[0]), QStringLiteral("milvus"));
    QCOMPARE(pair->containerOn(pair->nodes[1]), QStringLiteral("milvus-b"));
}

void PairTest::fillsInWhatIsLeftOut() {
    const auto pair = parsePair(
        "name='p'\nvip='10.0.0.9/24'\n[[node]]\nname='a'\nhost='10.0.0.1'\n[[node]]\nname='b'\nhost='10.0.0.2'\n",
        QStringLiteral("p.toml"));
    QVERIFY(pair.has_value());
    QCOMPARE(pair->container, QStringLiteral("milvus"));
    QVERIFY(pair->generation == Generation::Auto);
    QCOMPARE(pair->clientPort, quint16{19530});
    QVERIFY(!pair->health.has_value());
    QCOMPARE(pair->rto.count(), 5.0);
    QCOMPARE(qint64{pair->stopGrace.count()}, qint64{10});
    QVERIFY(pair->storagePath.isEmpty());
    QCOMPARE(pair->nodes[0].port, quint16{22});
    QCOMPARE(pair->nodes[0].user, QStringLiteral("root"));
}

void PairTest::readsAndWritesAQuery() {
    const auto pair =
        parsePair(withLine(8, R"(query = { path = "/q", body = '{"id":"1"}', expect = '"id":1', port = 19530 })"),
                  QStringLiteral("p.toml"));
    QVERIFY2(pair.has_value(), pair ? "" : qPrintable(toSentence(pair.error())));
    const MilvusQuery expected{19530, QStringLiteral("/q"), QStringLiteral("{\"id\":\"1\"}"),
                               QStringLiteral("\"id\":1")};
    QVERIFY(pair->query == expected);
    QVERIFY(parsePair(toToml(*pair), QStringLiteral("p.toml")) == *pair);
}

void PairTest::tellsWhatIsWrong_data() {
    QTest::addColumn<QByteArray>("toml");
    QTest::addColumn<int>("line");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("remedy");

    const auto row = [](const char* name, const QByteArray& toml, int line, const char* field, const char* remedy) {
        QTest::newRow(name) << toml << line << QString::fromLatin1(field) << QString::fromLatin1(remedy);
    };
    row("not TOML", withLine(6, "generation = 0.x"), 6, "TOML", "Mend");
    row("no name", withLine(1, ""), 1, "name is missing", "a name");
    row("empty name", withLine(1, "name = \"\""), 1, "name is \"\"", "a name");
    row("name with slash", withLine(1, "name = \"../x\""), 1, "name is", "slash");
    row("name with line feed", withLine(1, "name = \"a\\n\""), 1, "name is", "a name");
    row("no vip", withLine(2, ""), 1, "vip is missing", "prefix length");
    row("vip without prefix", withLine(2, "vip = \"192.168.1.104\""), 2, "vip is", "192.168.1.104/24");
    row("vip out of range", withLine(2, "vip = \"192.168.1.304/24\""), 2, "vip is", "prefix length");
    row("vip prefix 33", withLine(2, "vip = \"192.168.1.104/33\""), 2, "vip is", "prefix length");
    row("vip prefix huge", withLine(2, "vip = \"192.168.1.104/99999999999\""), 2, "vip is", "prefix length");
    row("vip multicast", withLine(2, "vip = \"224.0.0.18/24\""), 2, "vip is", "prefix length");
    row("vip no text", withLine(2, "vip = 192"), 2, "vip is a whole number", "in quotes");
    row("unknown root field", withLine(3, "known_host = \"x\""), 3, "known_host is not", "\"known_hosts\"");
    row("unknown section", withLine(4, "[milvs]"), 4, "milvs is not", "\"milvus\"");
    row("unknown milvus field", withLine(5, "contaner = \"milvus\""), 5, "milvus.contaner is not", "\"container\"");
    row("milvus is no section", "name = \"p\"\nvip = \"10.0.0.9/24\"\nmilvus = 3\n", 3, "milvus is a whole number",
        "[milvus]");
    row("container with blank", withLine(5, "container = \"a b\""), 5, "milvus.container is", "Docker");
    row("container as option", withLine(5, "container = \"--all\""), 5, "milvus.container is", "Docker");
    row("generation 1", withLine(6, "generation = \"1.x\""), 6, "milvus.generation is \"1.x\"", "\"auto\"");
    row("client port 0", withLine(7, "client_port = 0"), 7, "milvus.client_port is 0", "1 to 65535");
    row("client port text", withLine(7, "client_port = \"19530\""), 7, "milvus.client_port is text", "whole number");
    row("health no port", withLine(8, "health = \"/healthz\""), 8, "milvus.health is", "9091/healthz");
    row("health port too high", withLine(8, "health = \"99091/healthz\""), 8, "milvus.health is", "9091/healthz");
    row("query with an unknown field", withLine(8, R"(query = { path = "/q", expect = "1", bodi = "x" })"), 8,
        "milvus.query.bodi", "Did you mean \"body\"");
    row("query without an expected answer", withLine(8, R"(query = { path = "/q" })"), 8, "milvus.query.expect",
        "a text");
    row("query without a path", withLine(8, R"(query = { expect = "1" })"), 8, "milvus.query.path", "a URL path");
    row("query's path is none", withLine(8, R"(query = { path = "q", expect = "1" })"), 8, "milvus.query.path is",
        "a URL path");
    row("query's port too high", withLine(8, R"(query = { path = "/q", expect = "1", port = 70000 })"), 8,
        "milvus.query.port is", "65535");
    row("query is text", withLine(8, R"(query = "/q")"), 8, "milvus.query is text", "section");
    row("health with line feed", withLine(8, "health = \"9091/a\\nb\""), 8, "milvus.health is", "9091/healthz");
    row("rto zero", withLine(9, "rto_seconds = 0"), 9, "milvus.rto_seconds is 0", "above 0");
    row("rto not a number", withLine(9, "rto_seconds = nan"), 9, "milvus.rto_seconds is nan", "above 0");
    row("rto text", withLine(9, "rto_seconds = \"5 s\""), 9, "milvus.rto_seconds is text", "number of seconds");
    row("grace fraction", withLine(10, "stop_grace_seconds = 1.5"), 10,
        "milvus.stop_grace_seconds is a number with a point", "whole number");
    row("storage without path", withLine(12, ""), 11, "storage.path is missing", "full path");
    row("storage path relative", withLine(12, "path = \"srv\""), 12, "storage.path is", "slash");
    row("node without name", withLine(14, ""), 13, "node 1.name is missing", "a name");
    row("node without host", withLine(22, ""), 20, "node 2.host is missing", "address");
    row("host as option", withLine(15, "host = \"-oProxyCommand=x\""), 15, "node 1.host is", "address");
    row("port too high", withLine(16, "port = 70000"), 16, "node 1.port is 70000", "1 to 65535");
    row("user with blank", withLine(17, "user = \"a b\""), 17, "node 1.user is", "user name");
    row("interface too long", withLine(19, "interface = \"enp7s0enp7s0enp7s0\""), 19, "node 1.interface is", "15");
    row("unknown node field", withLine(19, "iface = \"enp7s0\""), 19, "node 1.iface is not", "\"interface\"");
    row("same names", withLine(21, "name = \"master\""), 21, "node 2.name is \"master\"", "must differ");
    row("same server", withLine(22, "host = \"192.168.1.85\"\nport = 2222"), 22, "node 2.host is", "two servers");
    row("node on the VIP", withLine(22, "host = \"192.168.1.104\""), 22, "node 2.host is the VIP", "own address");
    row("one node", QByteArray(kGood).left(QByteArray(kGood).lastIndexOf("[[node]]")), 13, "node is there 1",
        "exactly two");
    row("three nodes", QByteArray(kGood) + "[[node]]\nname = \"c\"\nhost = \"c\"\n", 24, "node is there 3",
        "exactly two");
    row("no nodes", "name = \"p\"\nvip = \"10.0.0.9/24\"\n", 1, "node is missing", "exactly two");
    row("node is one section", "name = \"p\"\nvip = \"10.0.0.9/24\"\n[node]\nname = \"a\"\n", 3, "node is not a list",
        "exactly two");
    row("empty file", "", 1, "name is missing", "a name");
    row("not UTF-8", "name = \"\xff\xfe\"\n", 1, "TOML", "Mend");
}

void PairTest::tellsWhatIsWrong() {
    QFETCH(QByteArray, toml);
    QFETCH(int, line);
    QFETCH(QString, field);
    QFETCH(QString, remedy);
    const auto pair = parsePair(toml, QStringLiteral("pair.toml"));
    QVERIFY(!pair.has_value());
    const QString sentence = toSentence(pair.error());
    QCOMPARE(errorCodeName(pair.error().code), QStringLiteral("bad-pair-file"));
    QCOMPARE(pair.error().where, QStringLiteral("pair.toml, line %1").arg(line));
    QVERIFY2(pair.error().text.contains(field), qPrintable(sentence));
    QVERIFY2(pair.error().remedy.contains(remedy), qPrintable(sentence));
}

void PairTest::writesWhatItReads() {
    const auto pair = parsePair(kGood, QStringLiteral("pair.toml"));
    QVERIFY(pair.has_value());
    const auto again = parsePair(toToml(*pair), QStringLiteral("again.toml"));
    QVERIFY2(again.has_value(), again ? "" : qPrintable(toSentence(again.error())));
    QVERIFY(*again == *pair);
    QCOMPARE(toToml(*again), toToml(*pair));
}

void PairTest::writesAwkwardTexts() {
    auto pair = parsePair(kGood, QStringLiteral("pair.toml"));
    QVERIFY(pair.has_value());
    pair->name = QString::fromUtf8("Größe 'a' # [x] = 你好");
    pair->nodes[0].identity = QStringLiteral("/home/a \"b\"/k\\ey 'c'");
    pair->rto = std::chrono::duration<double>(0.1);
    const auto again = parsePair(toToml(*pair), QStringLiteral("again.toml"));
    QVERIFY2(again.has_value(), again ? "" : qPrintable(toSentence(again.error())));
    QVERIFY(*again == *pair);
}

void PairTest::tellsOfAMissingFile() {
    QTemporaryDir folder;
    const auto missing = loadPair(folder.filePath(QStringLiteral("none.toml")));
    QVERIFY(!missing.has_value());
    QCOMPARE(exitCode(missing.error().code), 65);
    QVERIFY(missing.error().where.endsWith(QStringLiteral("none.toml")));
    QVERIFY(missing.error().remedy.contains(QStringLiteral("--pair")));

    QFile file(folder.filePath(QStringLiteral("good.toml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(kGood);
    file.close();
    QVERIFY(loadPair(file.fileName()).has_value());
}

void PairTest::findsNodes() {
    const auto pair = parsePair(kGood, QStringLiteral("pair.toml"));
    QVERIFY(pair.has_value());
    QCOMPARE(pair->indexOf(u"master"), 0);
    QCOMPARE(pair->indexOf(u"backup"), 1);
    QCOMPARE(pair->indexOf(u"other"), -1);
}

QTEST_APPLESS_MAIN(PairTest)
#include "pair_test.moc"
