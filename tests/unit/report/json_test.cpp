// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

Instant at(int second, int milliseconds = 0) {
    return *fromIso(u"2026-03-01T12:00:00Z") + std::chrono::seconds(second) + std::chrono::milliseconds(milliseconds);
}

template <typename T> Fact<T> seen(const T& value, Instant when) {
    return {.value = value, .seenAt = when, .unknownBecause = {}, .since = when};
}

Pair testPair() {
    Pair pair;
    pair.name = u"milvus-prod"_s;
    pair.vip = u"192.168.1.104/24"_s;
    pair.storagePath = u"/srv/milvus"_s;
    pair.nodes[0].name = u"master"_s;
    pair.nodes[1].name = u"backup"_s;
    return pair;
}

NodePicture node(const QString& name, bool active) {
    NodePicture node;
    node.name = name;
    node.link.state = LinkState::Up;
    node.linkSince = node.upSince = at(0);
    node.heardAt = at(9);
    node.vip = seen(VipSeen{.held = active}, at(9));
    node.vrrp = seen(VrrpSeen{.running = true,
                              .state = active ? VrrpState::Master : VrrpState::Backup,
                              .priority = active ? 110 : 91,
                              .effectivePriority = active ? 110 : 91,
                              .since = at(1)},
                     at(9));
    node.container = seen(ContainerSeen{.name = u"milvus"_s,
                                        .state = active ? ContainerState::Running : ContainerState::Exited,
                                        .exitCode = 137,
                                        .startedAt = at(2),
                                        .finishedAt = at(3)},
                          at(9));
    node.milvus = seen(MilvusSeen{.serving = active, .version = u"0.8.0"_s, .latency = 4ms}, at(9));
    node.storage =
        seen(StorageSeen{.path = u"/srv/milvus"_s, .mounted = true, .writable = true, .id = u"0:42"_s}, at(9));
    node.program = seen(NodeProgramSeen{}, at(9));
    node.clock = seen(ClockSeen{.offset = 2ms, .error = 1ms}, at(9));
    return node;
}

Picture healthy() {
    Picture picture;
    picture.at = at(10, 250);
    picture.nodes = {node(u"master"_s, true), node(u"backup"_s, false)};
    picture.vipProbe = seen(VipProbeSeen{.good = true, .version = u"0.8.0"_s, .latency = 3ms}, at(10));
    picture.active = 0;
    picture.verdict.level = VerdictLevel::Healthy;
    return picture;
}

Error refused() {
    return {ErrorCode::Refused, u"Docker may not be asked."_s, u"master"_s, u"Add the user to the group docker."_s};
}

/// "nodes.0.container.state" in an object; Undefined where there is none.
QJsonValue pick(const QJsonObject& object, const QString& path) {
    QJsonValue value = object;
    const QStringList keys = path.split(u'.');
    for (const QString& key : keys)
        value = value.isArray() ? value.toArray().at(key.toInt()) : value.toObject().value(key);
    return value;
}

QString text(const QJsonValue& value) {
    if (value.isUndefined())
        return u"undefined"_s;
    const QByteArray json = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(json.mid(1, json.size() - 2));
}

using Change = std::function<void(Picture&, Pair&)>;

} // namespace

Q_DECLARE_METATYPE(Change)

class JsonTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void status_data();
    void status();
    void statusKeepsTheContractsFields();
    void failover();
    void events();
    void action();
    void errors_data();
    void errors();
};

void JsonTest::status_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("expected");
    const Change none = [](Picture&, Pair&) {};
    const auto row = [](const char* name, const Change& change, const char* path, const char* expected) {
        QTest::newRow(name) << change << QString::fromLatin1(path) << QString::fromUtf8(expected);
    };
    row("pair", none, "pair", "\"milvus-prod\"");
    row("at has milliseconds", none, "at", "\"2026-03-01T12:00:10.250Z\"");
    row("verdict", none, "verdict", "\"healthy\"");
    row("no reasons", none, "reasons", "[]");
    row("vip address", none, "vip.address", "\"192.168.1.104/24\"");
    row("holders", none, "vip.holders", "[\"master\"]");
    row("answers", none, "vip.answers", "true");
    row("active", none, "active", "\"master\"");
    row("reachable", none, "nodes.0.reachable", "true");
    row("clock offset", none, "nodes.0.clock_offset_s", "0.002");
    row("vrrp engine", none, "nodes.0.vrrp.engine", "\"keepalived\"");
    row("vrrp state", none, "nodes.1.vrrp.state", "\"BACKUP\"");
    row("priority", none, "nodes.1.vrrp.priority", "91");
    row("holds vip", none, "nodes.1.holds_vip", "false");
    row("container state", none, "nodes.0.container.state", "\"running\"");
    row("a running container has no exit code", none, "nodes.0.container.exit_code", "null");
    row("running since its start", none, "nodes.0.container.since", "\"2026-03-01T12:00:02.000Z\"");
    row("exited since its end", none, "nodes.1.container.since", "\"2026-03-01T12:00:03.000Z\"");
    row("exit code", none, "nodes.1.container.exit_code", "137");
    row("latency", none, "nodes.0.milvus.latency_s", "0.004");
    row("no latency of what does not serve", none, "nodes.1.milvus.latency_s", "null");
    row("storage id", none, "nodes.0.storage.id", "\"0:42\"");
    row("nothing unseen", none, "nodes.0.unseen", "{}");
    row("seen at", none, "nodes.0.seen_at.container", "\"2026-03-01T12:00:09.000Z\"");

    const Change lost = [](Picture& picture, Pair&) {
        picture.nodes[1].link = {.state = LinkState::Down,
                                 .error = Error{ErrorCode::Unreachable, u"No route."_s, u"backup"_s, u"Look at it."_s}};
    };
    row("out of sight: no container", lost, "nodes.1.container", "null");
    row("out of sight: no VIP", lost, "nodes.1.holds_vip", "null");
    row("out of sight: why", lost, "nodes.1.unseen.container", "\"backup is out of sight. No route. Look at it.\"");
    row("out of sight: what it was", lost, "nodes.1.last_known.container.state", "\"exited\"");
    row("out of sight: when", lost, "nodes.1.seen_at.container", "\"2026-03-01T12:00:09.000Z\"");
    row("out of sight: the other holds it", lost, "vip.holders", "[\"master\"]");
    row("out of sight: the link", lost, "nodes.1.link.state", "\"down\"");
    row("out of sight: the link's error", lost, "nodes.1.link.error.node", "\"backup\"");
    row(
        "silent is not reachable", [](Picture& picture, Pair&) { picture.nodes[0].link.state = LinkState::Silent; },
        "nodes.0.container", "null");

    const Change nobody = [](Picture& picture, Pair&) { picture.nodes[0].vip = seen(VipSeen{.held = false}, at(9)); };
    row("nobody holds it", nobody, "vip.holders", "[]");
    row(
        "nobody is seen to hold it",
        [=](Picture& picture, Pair& pair) {
            nobody(picture, pair);
            lost(picture, pair);
        },
        "vip.holders", "null");

    const Change blind = [](Picture& picture, Pair&) {
        picture.nodes[0].container = {.value = {}, .seenAt = at(9), .unknownBecause = refused()};
    };
    row("not to be seen", blind, "nodes.0.container", "null");
    row("not to be seen: why", blind, "nodes.0.unseen.container",
        "\"master: Docker may not be asked. Add the user to the group docker.\"");
    row("not to be seen: the rest is", blind, "nodes.0.milvus.serving", "true");

    const Change earlier = [](Picture& picture, Pair&) { picture.nodes[0].upSince = at(9, 500); };
    row("of an earlier session", earlier, "nodes.0.container", "null");
    row("of an earlier session: why", earlier, "nodes.0.unseen.vip", "\"It has not been looked at yet.\"");
    row("of an earlier session: what it was", earlier, "nodes.0.last_known.holds_vip", "true");

    row(
        "keepalived stopped", [](Picture& picture, Pair&) { picture.nodes[0].vrrp.value->running = false; },
        "nodes.0.vrrp.state", "\"stopped\"");
    row(
        "VRRP state not known",
        [](Picture& picture, Pair&) { picture.nodes[0].vrrp.value->state = VrrpState::Unknown; }, "nodes.0.vrrp.state",
        "null");
    row(
        "priority not known", [](Picture& picture, Pair&) { picture.nodes[0].vrrp.value->priority = -1; },
        "nodes.0.vrrp.priority", "null");
    row(
        "container missing",
        [](Picture& picture, Pair&) { picture.nodes[0].container.value->state = ContainerState::Missing; },
        "nodes.0.container.state", "\"missing\"");
    row("storage not watched", [](Picture&, Pair& pair) { pair.storagePath.clear(); }, "nodes.0.storage", "null");
    row(
        "storage not watched: why", [](Picture&, Pair& pair) { pair.storagePath.clear(); }, "nodes.0.unseen.storage",
        "\"The pair file names no storage path, so the storage is not watched.\"");
    row("nobody serves", [](Picture& picture, Pair&) { picture.active = -1; }, "active", "null");
    row("not asked yet", [](Picture& picture, Pair&) { picture.vipProbe = {}; }, "vip.answers", "null");
    row("no answer", [](Picture& picture, Pair&) { picture.vipProbe.value->good = false; }, "vip.answers", "false");
    const Change down = [](Picture& picture, Pair&) {
        picture.verdict = {VerdictLevel::Down,
                           {{u"no-vip"_s, {}, u"Neither."_s, at(8)}, {u"x"_s, u"backup"_s, {}, {}}}};
    };
    row("reason of the pair", down, "reasons.0",
        R"({"code":"no-vip","node":null,"seen_at":"2026-03-01T12:00:08.000Z","text":"Neither."})");
    row("reason of a node", down, "reasons.1.node", "\"backup\"");
    row("no operation", none, "operation", "null");
    row(
        "operation",
        [](Picture& picture, Pair&) {
            picture.operation =
                OperationSeen{true, u"switchover"_s, u"master"_s, u"backup"_s, u"kernel"_s, u"ann@desk"_s};
        },
        "operation", R"({"from":"master","kind":"switchover","owner":"ann@desk","reason":"kernel","to":"backup"})");
}

void JsonTest::status() {
    QFETCH(Change, change);
    QFETCH(QString, path);
    QFETCH(QString, expected);
    Picture picture = healthy();
    Pair pair = testPair();
    change(picture, pair);
    QCOMPARE(text(pick(toJson(picture, pair), path)), expected);
}

/// Also of a pair of which nothing is known no field of the contract may be left out.
void JsonTest::statusKeepsTheContractsFields() {
    const Picture pictures[] = {healthy(), Picture{}};
    for (const Picture& picture : pictures) {
        const QJsonObject status = toJson(picture, testPair());
        for (const char* key : {"pair", "at", "verdict", "reasons", "vip", "active", "nodes"})
            QVERIFY2(status.contains(QLatin1String(key)), key);
        for (const char* key : {"address", "holders", "answers"})
            QVERIFY2(status[u"vip"].toObject().contains(QLatin1String(key)), key);
        const QJsonArray nodes = status[u"nodes"].toArray();
        QCOMPARE(nodes.size(), 2);
        for (const auto& node : nodes) {
            for (const char* key :
                 {"name", "reachable", "clock_offset_s", "vrrp", "holds_vip", "container", "milvus", "storage"})
                QVERIFY2(node.toObject().contains(QLatin1String(key)), key);
        }
    }
}

void JsonTest::failover() {
    const Failover failover{.id = 7,
                            .pair = u"p"_s,
                            .kind = FailoverKind::Failback,
                            .trigger = u"planned"_s,
                            .from = u"backup"_s,
                            .to = {},
                            .startedAt = at(0),
                            .endedAt = at(4, 400),
                            .error = 20ms,
                            .phases = {{u"detection"_s, 0ms, 1500ms, 10ms, u"backup"_s}},
                            .moves = {{u"backup"_s, {}, at(2)}},
                            .source = u"observed"_s,
                            .operatorName = u"ann"_s,
                            .reason = u"kernel \"6.1\""_s};
    QCOMPARE(text(toJson(failover)),
             uR"({"ended_at":"2026-03-01T12:00:04.400Z","error_s":0.02,"from":"backup","id":7,"kind":"failback",)"
             R"("moves":[{"at":"2026-03-01T12:00:02.000Z","from":"backup","to":null}],"operator":"ann","pair":"p",)"
             R"("phases":[{"duration_s":1.5,"error_s":0.01,"name":"detection","node":"backup","parallel":false,)"
             R"("start_s":0}],)"
             R"("planned":true,"reason":"kernel \"6.1\"","recovery_s":4.4,"source":"observed",)"
             R"("started_at":"2026-03-01T12:00:00.000Z","to":null,"trigger":"planned"})"_s);
}

void JsonTest::events() {
    const Event event{.id = 3,
                      .at = at(1),
                      .pair = u"p"_s,
                      .node = {},
                      .kind = EventKind::Verdict,
                      .severity = Severity::Warning,
                      .code = u"verdict"_s,
                      .text = u"It is degraded."_s};
    QCOMPARE(text(toJson(event)),
             uR"({"at":"2026-03-01T12:00:01.000Z","code":"verdict","id":3,"kind":"verdict","node":null,"pair":"p",)"
             R"("severity":"warning","source":"observed","text":"It is degraded."})"_s);
}

void JsonTest::action() {
    ActionRecord action{.id = 1,
                        .pair = u"p"_s,
                        .kind = u"switchover"_s,
                        .from = u"master"_s,
                        .to = u"backup"_s,
                        .owner = u"ann@desk"_s,
                        .reason = u"kernel"_s,
                        .startedAt = at(0),
                        .endedAt = {},
                        .outcome = Outcome::RolledBack,
                        .text = u"Back."_s,
                        .outage = {},
                        .steps = {{u"Stop"_s, StepState::Done, at(0), at(1, 250), u"stopped"_s}, {u"Start"_s}}};
    const QJsonObject json = toJson(action);
    QCOMPARE(json[u"outcome"].toString(), u"rolled-back"_s);
    QCOMPARE(text(json[u"ended_at"]), u"null"_s);
    QCOMPARE(text(json[u"outage_s"]), u"null"_s);
    QCOMPARE(text(pick(json, u"steps.0"_s)),
             uR"({"detail":"stopped","duration_s":1.25,"ended_at":"2026-03-01T12:00:01.250Z","name":"Stop",)"
             R"("started_at":"2026-03-01T12:00:00.000Z","state":"done"})"_s);
    QCOMPARE(
        text(pick(json, u"steps.1"_s)),
        uR"({"detail":null,"duration_s":null,"ended_at":null,"name":"Start","started_at":null,"state":"waiting"})"_s);
    action.endedAt = at(9);
    action.outage = 4400ms;
    QCOMPARE(text(toJson(action)[u"ended_at"]), u"\"2026-03-01T12:00:09.000Z\""_s);
    QCOMPARE(text(toJson(action)[u"outage_s"]), u"4.4"_s);
}

void JsonTest::errors_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("where");
    QTest::addColumn<bool>("withPair");
    QTest::addColumn<QString>("node");
    const auto row = [](const char* name, ErrorCode code, const char* where, bool withPair, const char* expected) {
        QTest::newRow(name) << static_cast<int>(code) << QString::fromLatin1(where) << withPair
                            << QString::fromLatin1(expected);
    };
    row("a node", ErrorCode::HostKeyChanged, "master", true, "\"master\"");
    row("an endpoint", ErrorCode::Unreachable, "192.168.1.104:19530", true, "null");
    row("a node, pair not known", ErrorCode::Refused, "master", false, "\"master\"");
    row("a file, pair not known", ErrorCode::BadPairFile, "pair.toml, line 3", false, "null");
    row("nowhere", ErrorCode::Unreachable, "", false, "null");
}

void JsonTest::errors() {
    QFETCH(int, code);
    QFETCH(QString, where);
    QFETCH(bool, withPair);
    QFETCH(QString, node);
    const Error error{static_cast<ErrorCode>(code), u"It failed."_s, where, u"Do this."_s};
    const Pair pair = testPair();
    const QJsonObject json = toJson(error, withPair ? &pair : nullptr);
    QCOMPARE(json[u"code"].toString(), errorCodeName(error.code));
    QCOMPARE(json[u"text"].toString(), error.text);
    QCOMPARE(json[u"remedy"].toString(), error.remedy);
    QCOMPARE(text(json[u"node"]), node);
    QCOMPARE(json[u"where"].toString(), where);
}

QTEST_GUILESS_MAIN(JsonTest)
#include "json_test.moc"
