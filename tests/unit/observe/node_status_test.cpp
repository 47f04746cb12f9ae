// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/node_status.h"

#include <QJsonDocument>
#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

QJsonObject object(const char* json) {
    return QJsonDocument::fromJson(json).object();
}

/// As the program printed it in the lab.
constexpr const char* kNative = R"({
    "engine": "native", "version": "0.1.0", "interface": "enp7s0", "milvus": "running", "hold": "none",
    "hold_reason": "left over", "isolated": false, "maintenance": null, "stop_deadline_s": 0.3,
    "peer": {"address": "192.168.1.38", "answers": true, "milvus": "stopped", "speaks": true, "vrrp": "BACKUP"},
    "vrrp": {"state": "MASTER", "version": 3, "vrid": 51, "priority": 110, "effective_priority": 110,
             "preempt": false, "advert_interval_s": 0.1, "master_down_s": 0.357, "vips": ["192.168.1.104"],
             "auth_type": "", "since": "2026-11-30T17:00:00.250Z", "sent": 1204, "obeyed": 3, "rejected": 1,
             "resigned": 2, "became_master": 4, "left_master": 3}})";

} // namespace

class NodeStatusTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void native();
    void keepalived();
    void held();
    void nonsense();
};

void NodeStatusTest::native() {
    const auto seen = parseNodeStatus(object(kNative));
    QVERIFY(seen);
    QVERIFY(seen->program.running);
    QCOMPARE(seen->program.engine, "native");
    QCOMPARE(seen->program.milvus, "running");
    QCOMPARE(seen->program.hold, "");
    QCOMPARE(seen->program.holdReason, "");
    QVERIFY(seen->program.peerAnswers && seen->program.peerSpeaks && !seen->program.isolated);
    QCOMPARE(seen->program.peerMilvus, "stopped");
    QCOMPARE(seen->program.stopDeadline, Duration(300ms));
    QVERIFY(seen->vrrp && seen->config);
    QCOMPARE(seen->vrrp->engine, "native");
    QCOMPARE(seen->vrrp->program(), "milvus-ha-node");
    QCOMPARE(seen->vrrp->state, VrrpState::Master);
    QCOMPARE(seen->vrrp->effectivePriority, 110);
    QVERIFY(seen->vrrp->nopreempt);
    QCOMPARE(seen->vrrp->masterDown, Duration(357ms));
    QCOMPARE(seen->vrrp->since, fromIso(u"2026-11-30T17:00:00.250Z"));
    QCOMPARE(*seen->vrrp->counts, (VrrpCounts{1204, 3, 1, 4, 3, 2}));
    QVERIFY(!seen->vrrp->maintenance);
    QCOMPARE(seen->config->vrid, 51);
    QCOMPARE(seen->config->version, 3);
    QCOMPARE(seen->config->vips, QStringList{"192.168.1.104"});
}

void NodeStatusTest::keepalived() {
    QJsonObject status = object(kNative);
    status[QStringLiteral("engine")] = QStringLiteral("keepalived");
    const auto seen = parseNodeStatus(status);
    QVERIFY(seen);
    QVERIFY2(!seen->vrrp && !seen->config, "keepalived itself is asked");
}

void NodeStatusTest::held() {
    QJsonObject status = object(kNative);
    status[QStringLiteral("hold")] = QStringLiteral("maintenance");
    status[QStringLiteral("maintenance")] =
        QJsonObject{{"owner", "ann@desk"}, {"reason", "new disk"}, {"until", "2026-11-30T18:00:00.000Z"}};
    const auto seen = parseNodeStatus(status);
    QVERIFY(seen);
    QCOMPARE(seen->program.hold, "maintenance");
    QCOMPARE(seen->program.holdReason, "left over");
    QVERIFY(seen->vrrp->maintenance);
    QCOMPARE(seen->vrrp->maintenance->owner, "ann@desk");
    QCOMPARE(seen->vrrp->maintenance->until, *fromIso(u"2026-11-30T18:00:00.000Z"));
}

void NodeStatusTest::nonsense() {
    for (const char* json : {"{}", R"({"engine":1})", R"({"engine":"native","vrrp":[],"milvus":"running"})",
                             R"({"error":"You may not."})"}) {
        const auto seen = parseNodeStatus(object(json));
        QVERIFY(!seen);
        QCOMPARE(seen.error().code, ErrorCode::Protocol);
    }
}

QTEST_GUILESS_MAIN(NodeStatusTest)
#include "node_status_test.moc"
