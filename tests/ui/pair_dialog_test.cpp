// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "shots.h"
#include "ui/field.h"
#include "ui/label.h"
#include "ui/node_form.h"
#include "ui/node_test.h"
#include "ui/notice.h"
#include "ui/pair_dialog.h"
#include "ui/pair_files.h"
#include "ui/style.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace mha;
using namespace mha::test;

class PairDialogTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void wrongFieldsAreToldAtTheField_data();
    void wrongFieldsAreToldAtTheField();
    void typingTakesTheSentenceAway();
    void writesAFileThatReadsBack();
    void neverOverwrites();
    void folderThatCannotBeWritten();
    void byKeyboard();
    void testOfANodeThatRefuses();
    void findingsInWords();
    void predictsTheTakeover();
    void testNeedsAHost();

private:
    Field* field(const QString& key) const;

    Style style_{ThemeChoice::Light};
    std::unique_ptr<QTemporaryDir> folder_;
    std::unique_ptr<PairDialog> dialog_;
};

void PairDialogTest::init() {
    folder_ = std::make_unique<QTemporaryDir>();
    dialog_ = std::make_unique<PairDialog>(folder_->path());
    dialog_->show();
    QVERIFY(QTest::qWaitForWindowExposed(dialog_.get()));
}

void PairDialogTest::cleanup() {
    dialog_.reset();
}

/// "node 2.host" is the second form's; anything else one of the pair's.
Field* PairDialogTest::field(const QString& key) const {
    if (key.startsWith(u"node "_s))
        return dialog_->nodeForm(key.mid(5, 1).toInt() - 1)->field(key.section(u'.', 1));
    for (Field* one : dialog_->findChildren<Field*>()) {
        if (one->key() == key && qobject_cast<NodeForm*>(one->parentWidget()) == nullptr)
            return one;
    }
    return nullptr;
}

void PairDialogTest::wrongFieldsAreToldAtTheField_data() {
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("told");
    QTest::newRow("no name") << u"name"_s << QString() << u"missing"_s;
    QTest::newRow("no vip") << u"vip"_s << QString() << u"192.168.1.104/24"_s;
    QTest::newRow("vip without prefix") << u"vip"_s << u"192.168.1.104"_s << u"prefix length"_s;
    QTest::newRow("container") << u"milvus.container"_s << u"a b"_s << u"as Docker has it"_s;
    QTest::newRow("storage") << u"storage.path"_s << u"srv/milvus"_s << u"slash"_s;
    QTest::newRow("rto") << u"milvus.rto_seconds"_s << u"0"_s << u"above 0"_s;
    QTest::newRow("no host") << u"node 1.host"_s << QString() << u"missing"_s;
    QTest::newRow("host") << u"node 1.host"_s << u"a b"_s << u"host name or an address"_s;
    QTest::newRow("second host as the first") << u"node 2.host"_s << u"192.168.1.85"_s << u"first node's"_s;
    QTest::newRow("host is the vip") << u"node 2.host"_s << u"192.168.1.104"_s << u"is the VIP"_s;
    QTest::newRow("same name") << u"node 2.name"_s << u"master"_s << u"must differ"_s;
    QTest::newRow("user") << u"node 2.user"_s << u"a b"_s << u"user name"_s;
    QTest::newRow("port") << u"node 2.port"_s << QString() << u"65535"_s;
}

void PairDialogTest::wrongFieldsAreToldAtTheField() {
    QFETCH(QString, key);
    QFETCH(QString, text);
    QFETCH(QString, told);
    dialog_->setPair(pairOfTheGuide());
    Field* wrong = field(key);
    QVERIFY(wrong != nullptr);
    wrong->setText(text);
    dialog_->accept();
    QVERIFY(dialog_->isVisible());
    QVERIFY2(wrong->wrong().contains(told), qPrintable(wrong->wrong()));
    QCOMPARE(dialog_->focusWidget(), wrong->edit());
    QCOMPARE(wrong->edit()->accessibleDescription(), wrong->wrong());
    QVERIFY(QDir(folder_->path()).isEmpty());
}

void PairDialogTest::typingTakesTheSentenceAway() {
    dialog_->accept();
    Field* name = field(u"name"_s);
    QVERIFY(!name->wrong().isEmpty());
    QTest::keyClicks(name->edit(), u"m"_s);
    QVERIFY(name->wrong().isEmpty());
    shoot(*dialog_, u"pair-dialog-empty"_s);
}

void PairDialogTest::writesAFileThatReadsBack() {
    Pair pair = pairOfTheGuide();
    pair.name = u"milvus prod"_s;
    pair.nodes[1].port = 2222;
    pair.nodes[1].identity = u"~/.ssh/id_ed25519"_s;
    pair.rto = std::chrono::duration<double>(2.5);
    dialog_->setPair(pair);
    dialog_->accept();
    QVERIFY(!dialog_->isVisible());
    QCOMPARE(dialog_->fileName(), folder_->filePath(u"milvus-prod.toml"_s));
    const Result<Pair> read = loadPair(dialog_->fileName());
    QVERIFY(read.has_value());
    QCOMPARE(*read, pair);
}

void PairDialogTest::neverOverwrites() {
    QCOMPARE(*savePair(pairOfTheGuide(), folder_->path()), folder_->filePath(u"milvus-prod.toml"_s));
    QCOMPARE(*savePair(pairOfTheGuide(), folder_->path()), folder_->filePath(u"milvus-prod-2.toml"_s));
    QCOMPARE(pairFilesIn(folder_->path()).size(), 2);
}

void PairDialogTest::folderThatCannotBeWritten() {
    QFile inTheWay(folder_->filePath(u"file"_s));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    dialog_ = std::make_unique<PairDialog>(folder_->filePath(u"file/below"_s));
    dialog_->setPair(pairOfTheGuide());
    dialog_->show();
    dialog_->accept();
    QVERIFY(dialog_->isVisible());
    bool told = false;
    for (const Notice* notice : dialog_->findChildren<Notice*>())
        told = told || (notice->isVisible() && notice->text().contains(u"cannot be created"_s));
    QVERIFY(told);
}

void PairDialogTest::byKeyboard() {
    const auto type = [this](const QString& text) {
        QTest::keyClick(dialog_->focusWidget(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(dialog_->focusWidget(), text);
        QTest::keyClick(dialog_->focusWidget(), Qt::Key_Tab);
    };
    const auto skip = [this](int count) {
        for (int i = 0; i < count; ++i)
            QTest::keyClick(dialog_->focusWidget(), Qt::Key_Tab);
    };
    QCOMPARE(dialog_->focusWidget(), field(u"name"_s)->edit());
    type(u"night"_s);
    type(u"10.0.0.9/24"_s);
    type(u"milvus"_s);
    type(u"/srv/milvus"_s);
    type(u"5"_s);
    for (int node = 0; node < 2; ++node) {
        QCOMPARE(dialog_->focusWidget(), dialog_->nodeForm(node)->field(u"host"_s)->edit());
        type(u"10.0.0.%1"_s.arg(node + 1));
        type(node == 0 ? u"left"_s : u"right"_s);
        skip(5); // user, port, key, Browse, Test
    }
    skip(2); // Cancel, Add: and round again
    QCOMPARE(dialog_->focusWidget(), field(u"name"_s)->edit());
    QTest::keyClick(field(u"name"_s)->edit(), Qt::Key_Return);
    QVERIFY2(!dialog_->isVisible(), "Return adds the pair");
    QCOMPARE(loadPair(dialog_->fileName())->nodes[1].name, u"right"_s);
}

void PairDialogTest::testOfANodeThatRefuses() {
    // A port that is closed: nothing listens on one that was free a moment ago.
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    Pair pair = pairOfTheGuide();
    pair.nodes[0].host = u"127.0.0.1"_s;
    pair.nodes[0].port = server.serverPort();
    server.close();
    dialog_->setPair(pair);
    NodeForm* form = dialog_->nodeForm(0);
    QTest::mouseClick(form->testButton(), Qt::LeftButton);
    QVERIFY(!form->testButton()->isEnabled());
    QVERIFY(form->notice()->text().contains(u"Connecting"_s));
    QTRY_VERIFY_WITH_TIMEOUT(form->testButton()->isEnabled(), 10000);
    QVERIFY2(!form->notice()->text().contains(u"Connected"_s), qPrintable(form->notice()->text()));
    QVERIFY(form->notice()->isVisible());
}

void PairDialogTest::findingsInWords() {
    dialog_->setPair(pairOfTheGuide());
    NodeFindings findings;
    findings.container = healthy().nodes[0].container;
    findings.vrrp = healthy().nodes[0].vrrp;
    findings.vip = healthy().nodes[0].vip;
    dialog_->nodeForm(0)->showFindings(findings);
    const QString good = dialog_->nodeForm(0)->notice()->text();
    QVERIFY2(good.contains(u"Docker, container: running"_s) && good.contains(u"keepalived: MASTER"_s) &&
                 good.contains(u"VIP: here"_s),
             qPrintable(good));
    findings.vrrp =
        unseen<VrrpSeen>({ErrorCode::Refused, u"The user may not use sudo."_s, u"backup"_s, u"Allow it."_s});
    findings.container.value->state = ContainerState::Missing;
    dialog_->nodeForm(1)->showFindings(findings);
    const QString lacking = dialog_->nodeForm(1)->notice()->text();
    QVERIFY2(lacking.contains(u"container: missing"_s) && lacking.contains(u"Allow it."_s), qPrintable(lacking));
    shoot(*dialog_, u"pair-dialog-tested"_s);
    findings.refused =
        Error{ErrorCode::Refused, u"The key is not accepted."_s, u"backup"_s, u"Add it to authorized_keys."_s};
    dialog_->nodeForm(1)->showFindings(findings);
    QVERIFY(dialog_->nodeForm(1)->notice()->accessibleName().contains(u"authorized_keys"_s));
}

void PairDialogTest::predictsTheTakeover() {
    dialog_->setPair(pairOfTheGuide());
    const auto* const label = dialog_->findChild<Label*>(u"prediction"_s);
    QVERIFY(label != nullptr);
    for (int node = 0; node < 2; ++node) {
        QVERIFY2(!label->isVisible(), "not before both are known");
        NodeFindings findings;
        findings.vrrp = healthy().nodes.at(static_cast<std::size_t>(node)).vrrp;
        VrrpConfigSeen config;
        config.vrid = 51;
        config.priority = findings.vrrp->priority;
        config.scriptWeight = -20;
        findings.config.value = config;
        dialog_->predictWith(node, findings);
    }
    QVERIFY(label->isVisible());
    // 3 adverts of 1 s and the skew of priority 91: RFC 3768, 6.1.
    QVERIFY2(label->text().contains(u"The active node dies or hangs: the VIP is on backup after"_s) &&
                 label->text().contains(toText(Duration(3'644'531))),
             qPrintable(label->text()));
    shoot(*dialog_, u"pair-dialog-predicted"_s);
}

void PairDialogTest::testNeedsAHost() {
    NodeForm* form = dialog_->nodeForm(1);
    QTest::mouseClick(form->testButton(), Qt::LeftButton);
    QVERIFY(!form->field(u"host"_s)->wrong().isEmpty());
    QVERIFY(form->testButton()->isEnabled());
}

QTEST_MAIN(PairDialogTest)
#include "pair_dialog_test.moc"
