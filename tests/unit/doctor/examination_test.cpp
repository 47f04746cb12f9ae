// SPDX-License-Identifier: GPL-3.0-or-later

// What `doctor` finds: rows of one thing wrong each, and its remedy.

#include "../app/example_picture.h"
#include "doctor/examination.h"

#include <QTest>

#include <algorithm>
#include <functional>

using namespace mha;
using namespace Qt::StringLiterals;

using Change = std::function<void(Picture&)>;
Q_DECLARE_METATYPE(Change)

class ExaminationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void allWell();
    void problem_data();
    void problem();
    void connection_data();
    void connection();
    void findingsAreNoFault();
};

void ExaminationTest::allWell() {
    const QList<Exam> exams = examine(examplePicture(), examplePair());
    for (const Exam& exam : exams)
        QVERIFY2(exam.state == ExamState::Ok, qPrintable(exam.node + u' ' + exam.name + u' ' + exam.text));
    QStringList steps;
    for (const Exam& exam : exams) {
        if (exam.node == u"backup")
            steps.append(exam.name);
    }
    QCOMPARE(steps.join(u','),
             u"resolve,tcp,host key,auth,commands,permission,docker,container,keepalived,configuration,"
             "addresses,storage,milvus,clock"_s);
    QCOMPARE(examExitCode(exams), 0);
}

void ExaminationTest::problem_data() {
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("node");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("says");
    QTest::addColumn<int>("problems");
    QTest::addColumn<int>("exit");
    const auto row = [](const char* name, const Change& change, const char* node, const char* step, const char* says,
                        int problems = 1, int exit = 1) {
        QTest::newRow(name) << change << QString::fromLatin1(node) << QString::fromLatin1(step)
                            << QString::fromLatin1(says) << problems << exit;
    };
    row(
        "docker refused",
        [](Picture& p) {
            p.nodes[0].container = {
                {},
                p.at,
                Error{ErrorCode::Refused, u"No permission on docker.sock."_s, u"master"_s, u"Join docker."_s}};
        },
        "master", "permission", "No permission", 1, 77);
    row(
        "docker silent",
        [](Picture& p) {
            p.nodes[1].container = {{}, p.at, Error{ErrorCode::TimedOut, u"No answer."_s, u"backup"_s, u"Look."_s}};
        },
        "backup", "docker", "No answer", 1, 69);
    row(
        "no container", [](Picture& p) { p.nodes[1].container.value->state = ContainerState::Missing; }, "backup",
        "container", "no container milvus", 1, 69);
    row(
        "restart policy", [](Picture& p) { p.nodes[1].container.value->restartPolicy = u"always"_s; }, "backup",
        "container", "docker update");
    row(
        "keepalived stopped", [](Picture& p) { p.nodes[1].vrrp.value->running = false; }, "backup", "keepalived",
        "systemctl start");
    row(
        "no configuration",
        [](Picture& p) { p.nodes[1].vrrpConfig = {{}, p.at, Error{ErrorCode::NotFound, u"Not there."_s, {}, {}}}; },
        "backup", "configuration", "Not there", 1, 69);
    row(
        "check not executable",
        [](Picture& p) {
            p.nodes[0].vrrpConfig.value->scripts.append(
                {.use = ScriptUse::Check, .path = u"/x"_s, .executable = false});
        },
        "master", "configuration", "chmod +x /x");
    row(
        "interface down", [](Picture& p) { p.nodes[0].vip.value->linkUp = false; }, "master", "addresses",
        "enp7s0 is down");
    row(
        "storage read-only", [](Picture& p) { p.nodes[0].storage.value->writable = false; }, "master", "storage",
        "cannot be written to");
    row(
        "two storages", [](Picture& p) { p.nodes[0].storage.value->id = u"x"_s; }, "", "storage-differs",
        "not the same folder");
    row(
        "Milvus hangs", [](Picture& p) { p.nodes[0].milvus.value->serving = false; }, "master", "milvus",
        "does not serve", 2);
    row(
        "clock", [](Picture& p) { p.nodes[0].clock.value->offset = -std::chrono::seconds(5); }, "master", "clock",
        "NTP");
    row("VIP silent", [](Picture& p) { p.vipProbe.value->good = false; }, "", "vip", "does not answer", 1, 69);
    row("VIP on both", [](Picture& p) { p.nodes[1].vip.value->held = true; }, "", "vip-on-both", "both hold");
    row(
        "virtual router ids",
        [](Picture& p) {
            p.nodes[0].vrrpConfig.value->vrid = 51;
            p.nodes[1].vrrpConfig.value->vrid = 52;
        },
        "", "vrid-differs", "51 and 52");
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
    const QList<Exam> exams = examine(picture, examplePair());
    const auto isIt = [&](const Exam& exam) {
        return exam.node == node && exam.name == name && exam.state == ExamState::Problem;
    };
    const auto found = std::ranges::find_if(exams, isIt);
    QVERIFY(found != exams.end());
    const QString whole = found->text + u' ' + found->remedy;
    QVERIFY2(whole.contains(says), qPrintable(whole));
    QStringList all;
    for (const Exam& exam : exams) {
        if (exam.state == ExamState::Problem)
            all.append(exam.node + u' ' + exam.name + u' ' + exam.code);
    }
    QFETCH(int, problems);
    QVERIFY2(all.size() == problems, qPrintable(all.join(u", "_s)));
    QTEST(examExitCode(exams), "exit");
}

void ExaminationTest::connection_data() {
    QTest::addColumn<LinkStep>("step");
    QTest::addColumn<LinkState>("state");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("failed");
    QTest::addColumn<int>("exit");
    QTest::newRow("name") << LinkStep::Resolve << LinkState::Down << ErrorCode::Unreachable << u"resolve"_s << 69;
    QTest::newRow("port") << LinkStep::Connect << LinkState::Down << ErrorCode::Unreachable << u"tcp"_s << 69;
    QTest::newRow("host key") << LinkStep::HostKey << LinkState::Refused << ErrorCode::HostKeyChanged << u"host key"_s
                              << 77;
    QTest::newRow("key") << LinkStep::SignIn << LinkState::Refused << ErrorCode::Refused << u"auth"_s << 77;
    QTest::newRow("shell") << LinkStep::Command << LinkState::Refused << ErrorCode::Refused << u"commands"_s << 77;
}

void ExaminationTest::connection() {
    QFETCH(LinkStep, step);
    QFETCH(LinkState, state);
    QFETCH(ErrorCode, code);
    QFETCH(QString, failed);
    Picture picture = examplePicture();
    picture.nodes[1].link = {state, Error{code, u"It said no."_s, u"backup"_s, u"Mend it."_s}, step};
    const QList<Exam> exams = examine(picture, examplePair());
    bool before = true;
    for (const Exam& exam : exams) {
        if (exam.node != u"backup" || !exam.code.isEmpty()) // only the ladder's own lines
            continue;
        if (exam.name == failed) {
            before = false;
            QVERIFY(exam.state == ExamState::Problem);
            QCOMPARE(exam.text, u"It said no."_s);
            QCOMPARE(exam.remedy, u"Mend it."_s);
        } else {
            QVERIFY2(exam.state == (before ? ExamState::Ok : ExamState::NotTried), qPrintable(exam.name));
            QVERIFY2(before || exam.text.contains(failed), qPrintable(exam.text));
        }
    }
    QVERIFY(!before);
    QTEST(examExitCode(exams), "exit");
}

void ExaminationTest::findingsAreNoFault() {
    Picture picture = examplePicture();
    picture.nodes[1].vrrpConfig.value->tracksOther = false;
    const QList<Exam> exams = examine(picture, examplePair());
    const auto note = std::ranges::find(exams, u"standby-unchecked"_s, &Exam::code);
    QVERIFY(note != exams.end());
    QVERIFY(note->state == ExamState::Note && note->name == u"configuration" && !note->remedy.isEmpty());
    QCOMPARE(examExitCode(exams), 0);
}

QTEST_GUILESS_MAIN(ExaminationTest)
#include "examination_test.moc"
