// SPDX-License-Identifier: GPL-3.0-or-later

// What `doctor` finds: rows of one thing wrong each, and its remedy.

#include "examination.h"
#include "example_picture.h"

#include <QTest>

#include <algorithm>
#include <functional>

using namespace mha;
using namespace mha::cli;
using namespace Qt::StringLiterals;

using Change = std::function<void(Picture&)>;
Q_DECLARE_METATYPE(Change)

class ExaminationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void allWell();
    void problem_data();
    void problem();
};

void ExaminationTest::allWell() {
    const QList<Finding> findings = examine(examplePicture(), examplePair());
    for (const Finding& finding : findings)
        QVERIFY2(finding.ok, qPrintable(finding.node + u' ' + finding.name + u' ' + finding.text));
    QVERIFY(findings.size() > 12);
}

void ExaminationTest::problem_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("node");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("says");
    const auto row = [](const char* name, const Change& change, const char* node, const char* rung, const char* says) {
        QTest::newRow(name) << change << QString::fromLatin1(node) << QString::fromLatin1(rung)
                            << QString::fromLatin1(says);
    };
    row(
        "key refused",
        [](Picture& p) {
            p.nodes[1].link = {LinkState::Refused, Error{ErrorCode::Refused, u"The key is not accepted."_s, u"backup"_s,
                                                         u"Put it there."_s}};
        },
        "backup", "connection", "The key is not accepted. Put it there.");
    row(
        "no answer", [](Picture& p) { p.nodes[0].link = {LinkState::Connecting, {}}; }, "master", "connection",
        "does not answer in time");
    row(
        "docker refused",
        [](Picture& p) {
            p.nodes[0].container = {
                {},
                p.at,
                Error{ErrorCode::Refused, u"No permission on docker.sock."_s, u"master"_s, u"Join docker."_s}};
        },
        "master", "docker", "No permission");
    row(
        "no container", [](Picture& p) { p.nodes[1].container.value->state = ContainerState::Missing; }, "backup",
        "container", "no container milvus");
    row(
        "restart policy", [](Picture& p) { p.nodes[1].container.value->restartPolicy = u"always"_s; }, "backup",
        "restart policy", "docker update");
    row(
        "keepalived stopped", [](Picture& p) { p.nodes[1].vrrp.value->running = false; }, "backup", "keepalived",
        "systemctl start");
    row(
        "no configuration",
        [](Picture& p) { p.nodes[1].vrrpConfig = {{}, p.at, Error{ErrorCode::Refused, u"Cannot be read."_s, {}, {}}}; },
        "backup", "configuration", "Cannot be read");
    row(
        "interface down", [](Picture& p) { p.nodes[0].vip.value->linkUp = false; }, "master", "addresses",
        "enp7s0 is down");
    row(
        "storage read-only", [](Picture& p) { p.nodes[0].storage.value->writable = false; }, "master", "storage",
        "not writable");
    row(
        "two storages", [](Picture& p) { p.nodes[0].storage.value->id = u"x"_s; }, "", "shared storage",
        "different folders");
    row(
        "Milvus hangs", [](Picture& p) { p.nodes[0].milvus.value->serving = false; }, "master", "milvus",
        "does not serve");
    row(
        "clock", [](Picture& p) { p.nodes[0].clock.value->offset = -std::chrono::seconds(5); }, "master", "clock",
        "NTP");
    row("VIP silent", [](Picture& p) { p.vipProbe.value->good = false; }, "", "vip", "does not answer");
    row("VIP on both", [](Picture& p) { p.nodes[1].vip.value->held = true; }, "", "vip holder", "Both nodes");
    row(
        "no way to move the VIP", [](Picture& p) { p.nodes[0].vrrpConfig.value->scriptWeight = 0; }, "",
        "switchover to backup", "vrrp_script");
}

void ExaminationTest::problem() {
    QFETCH(Change, change);
    QFETCH(QString, node);
    QFETCH(QString, name);
    QFETCH(QString, says);
    Picture picture = examplePicture();
    change(picture);
    const QList<Finding> findings = examine(picture, examplePair());
    const auto found =
        std::ranges::find_if(findings, [&](const Finding& f) { return f.node == node && f.name == name; });
    QVERIFY(found != findings.end());
    QVERIFY(!found->ok);
    const QString whole = found->text + u' ' + found->remedy;
    QVERIFY2(whole.contains(says), qPrintable(whole));
    QCOMPARE(std::ranges::count_if(findings, [](const Finding& f) { return !f.ok; }), 1);
}

QTEST_GUILESS_MAIN(ExaminationTest)
#include "examination_test.moc"
