// SPDX-License-Identifier: GPL-3.0-or-later

// What an operation has left on a node, as the doctor says it. The script itself is run in the lab.

#include "doctor/leftovers.h"

#include <QTest>

using namespace mha;
using namespace Qt::StringLiterals;

class LeftoversTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void exam_data();
    void exam();
};

void LeftoversTest::exam_data() {
    QTest::addColumn<QByteArray>("printed");
    QTest::addColumn<ExamState>("state");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing") << QByteArray("flag 0\ntimer inactive\n") << ExamState::Ok << u"No operation"_s;
    QTest::newRow("no systemd") << QByteArray("flag 0\ntimer \n") << ExamState::Ok << u"No operation"_s;
    QTest::newRow("flag and timer") << QByteArray("flag 1\ntimer active\n") << ExamState::Note << u"the timer clears"_s;
    QTest::newRow("flag alone") << QByteArray("flag 1\ntimer inactive\n") << ExamState::Problem << u"no timer"_s;
    QTest::newRow("a file") << QByteArray("flag 0\ntimer inactive\nnonce /srv/milvus/.milvus-ha-1\n") << ExamState::Note
                            << u"/srv/milvus/.milvus-ha-1"_s;
}

void LeftoversTest::exam() {
    QFETCH(QByteArray, printed);
    QFETCH(ExamState, state);
    QFETCH(QString, says);
    const Exam exam = leftoversExam(u"master"_s, printed);
    QCOMPARE(exam.state, state);
    QVERIFY2(exam.text.contains(says), qPrintable(exam.text));
    QCOMPARE(exam.remedy.isEmpty(), state == ExamState::Ok);
}

QTEST_APPLESS_MAIN(LeftoversTest)
#include "leftovers_test.moc"
