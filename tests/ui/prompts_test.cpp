// SPDX-License-Identifier: GPL-3.0-or-later
#include "pictures.h"
#include "shots.h"
#include "ui/prompts.h"
#include "ui/question_dialog.h"
#include "ui/style.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

#include <future>

using namespace mha;
using namespace mha::test;

namespace {

/// Asks as a link does: in a thread of its own, which waits.
template <typename Ask> auto inThread(Ask ask) {
    return std::async(std::launch::async, ask);
}

template <typename Future> bool ready(const Future& future) {
    return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

} // namespace

class PromptsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void init() {
        window_ = std::make_unique<QWidget>();
        window_->show();
    }

    void hostKeyIsShownAndNoIsTheDefault();
    void hostKeyAccepted();
    void passphraseIsTypedUnseen();
    void sharedKeyFileIsAskedOnce();
    void wrongPassphraseIsAskedAgain();
    void oneAtATime();
    void closingAnswersNo();
    void askedAfterClosingIsNo();

private:
    Style style_{ThemeChoice::Light};
    std::unique_ptr<QWidget> window_;
};

void PromptsTest::hostKeyIsShownAndNoIsTheDefault() {
    Prompts prompts(window_.get());
    auto answer = inThread(
        [ask = prompts.functions().acceptHostKey] { return ask(u"master"_s, u"192.168.1.85"_s, u"SHA256:abc"_s); });
    QTRY_VERIFY(prompts.dialog() != nullptr);
    QDialog* dialog = prompts.dialog();
    QVERIFY(QTest::qWaitForWindowExposed(dialog));
    bool fingerprint = false;
    for (const QLabel* label : dialog->findChildren<QLabel*>())
        fingerprint = fingerprint || label->text() == u"SHA256:abc"_s;
    QVERIFY(fingerprint);
    QCOMPARE(cutOff(*dialog), QStringList());
    shoot(*dialog, u"host-key"_s);
    QTest::keyClick(dialog, Qt::Key_Return);
    QTRY_VERIFY(ready(answer));
    QVERIFY(!answer.get());
}

void PromptsTest::hostKeyAccepted() {
    Prompts prompts(window_.get());
    auto answer = inThread(
        [ask = prompts.functions().acceptHostKey] { return ask(u"master"_s, u"192.168.1.85"_s, u"SHA256:abc"_s); });
    QTRY_VERIFY(prompts.dialog() != nullptr);
    QVERIFY(QTest::qWaitForWindowExposed(prompts.dialog()));
    for (QPushButton* button : prompts.dialog()->findChildren<QPushButton*>()) {
        if (button->text().contains(u"trust"_s)) {
            QTest::mouseClick(button, Qt::LeftButton);
            break;
        }
    }
    QTRY_VERIFY(ready(answer));
    QVERIFY(answer.get());
}

void PromptsTest::passphraseIsTypedUnseen() {
    Prompts prompts(window_.get());
    auto answer = inThread([ask = prompts.functions().password] { return ask(u"master"_s, u"root"_s); });
    QTRY_VERIFY(prompts.dialog() != nullptr);
    auto* line = prompts.dialog()->findChild<QLineEdit*>();
    QCOMPARE(line->echoMode(), QLineEdit::Password);
    QTest::keyClicks(line, u"s3cret"_s);
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_VERIFY(ready(answer));
    QCOMPARE(answer.get(), std::optional(u"s3cret"_s));
}

void PromptsTest::sharedKeyFileIsAskedOnce() {
    Prompts prompts(window_.get());
    const auto ask = prompts.functions().passphrase;
    auto first = inThread([ask] { return ask(u"master"_s, u"/k"_s); });
    QTRY_VERIFY(prompts.dialog() != nullptr);
    auto second = inThread([ask] { return ask(u"backup"_s, u"/k"_s); });
    auto* line = prompts.dialog()->findChild<QLineEdit*>();
    QTest::keyClicks(line, u"one"_s);
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_VERIFY(ready(first) && ready(second));
    QCOMPARE(first.get(), std::optional(u"one"_s));
    QCOMPARE(second.get(), std::optional(u"one"_s));
}

void PromptsTest::wrongPassphraseIsAskedAgain() {
    Prompts prompts(window_.get());
    const auto ask = prompts.functions().passphrase;
    for (const QString& typed : {u"wrong"_s, u"right"_s}) {
        auto answer = inThread([ask] { return ask(u"master"_s, u"/k"_s); });
        QTRY_VERIFY(prompts.dialog() != nullptr);
        auto* line = prompts.dialog()->findChild<QLineEdit*>();
        QTest::keyClicks(line, typed);
        QTest::keyClick(line, Qt::Key_Return);
        QTRY_VERIFY(ready(answer));
        QCOMPARE(answer.get(), std::optional(typed));
        QTRY_VERIFY(prompts.dialog() == nullptr);
    }
}

void PromptsTest::oneAtATime() {
    Prompts prompts(window_.get());
    const auto ask = prompts.functions().acceptHostKey;
    auto first = inThread([ask] { return ask(u"master"_s, u"h1"_s, u"f1"_s); });
    QTRY_VERIFY(prompts.dialog() != nullptr);
    auto second = inThread([ask] { return ask(u"backup"_s, u"h2"_s, u"f2"_s); });
    prompts.dialog()->reject();
    QTRY_VERIFY(ready(first));
    QTRY_VERIFY(prompts.dialog() != nullptr && prompts.dialog()->windowTitle().contains(u"backup"_s));
    QVERIFY(!ready(second));
    prompts.dialog()->accept();
    QTRY_VERIFY(ready(second));
    QVERIFY(second.get());
}

void PromptsTest::closingAnswersNo() {
    auto prompts = std::make_unique<Prompts>(window_.get());
    const auto ask = prompts->functions().passphrase;
    auto shown = inThread([ask] { return ask(u"master"_s, u"/a"_s); });
    QTRY_VERIFY(prompts->dialog() != nullptr);
    auto queued = inThread([ask] { return ask(u"backup"_s, u"/b"_s); });
    prompts->close();
    // No event loop runs here: the answers must not need one.
    QCOMPARE(shown.wait_for(std::chrono::seconds(5)), std::future_status::ready);
    QCOMPARE(queued.wait_for(std::chrono::seconds(5)), std::future_status::ready);
    QVERIFY(!shown.get());
    QVERIFY(!queued.get());
    QVERIFY(prompts->dialog() == nullptr);
}

void PromptsTest::askedAfterClosingIsNo() {
    auto prompts = std::make_unique<Prompts>(window_.get());
    const SshPrompts functions = prompts->functions();
    prompts.reset();
    QVERIFY(!functions.acceptHostKey(u"master"_s, u"h"_s, u"f"_s));
    QVERIFY(!functions.password(u"master"_s, u"root"_s));
}

QTEST_MAIN(PromptsTest)
#include "prompts_test.moc"
