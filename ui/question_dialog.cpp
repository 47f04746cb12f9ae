// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/question_dialog.h"

#include "ui/icon.h"
#include "ui/label.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace mha {

QuestionDialog::QuestionDialog(const QString& title, const QString& text, QWidget* parent) : QDialog(parent) {
    setWindowTitle(title);
    setMinimumWidth(520);
    auto* icon = new IconView(32, this);
    icon->setIcon(u"key"_s, Tone::Busy);
    auto* heading = new Label(title, TypeSize::Title, this);
    heading->setWordWrap(true);
    auto* body = new Label(text, TypeSize::Body, this);
    body->setSentence();
    auto* top = new QHBoxLayout;
    top->setSpacing(kGap);
    top->addWidget(icon, 0, Qt::AlignTop);
    auto* words = new QVBoxLayout;
    words->setSpacing(kUnit);
    words->addWidget(heading);
    words->addWidget(body);
    top->addLayout(words, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kWide, kWide, kWide, kGap);
    column->setSpacing(kGap);
    column->addLayout(top);
}

QuestionDialog* QuestionDialog::hostKey(const QString& node, const QString& host, const QString& fingerprint,
                                        QWidget* parent) {
    auto* dialog = new QuestionDialog(tr("Is this really %1?").arg(node),
                                      tr("%1 shows a host key that is not in known_hosts yet. Compare the fingerprint "
                                         "with what the machine itself says; "
                                         "if it differs, somebody else answers in its place.")
                                          .arg(host),
                                      parent);
    dialog->addCode(tr("Fingerprint that was shown"), fingerprint);
    dialog->addCode(tr("Run on %1 to compare").arg(node),
                    u"for f in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $f; done"_s);
    dialog->addButtons(tr("It is the same: &trust it"), tr("Do &not connect"), false);
    return dialog;
}

QuestionDialog* QuestionDialog::passphrase(const QString& node, const QString& file, QWidget* parent) {
    auto* dialog =
        new QuestionDialog(tr("Passphrase of a key"),
                           tr("The key file %1, for %2, is locked by a passphrase. It is used once and not stored; "
                              "“ssh-add” before the start saves the question.")
                               .arg(file, node),
                           parent);
    dialog->addSecret(tr("&Passphrase"));
    dialog->addButtons(tr("&Unlock"), tr("Do &not connect"), true);
    return dialog;
}

QuestionDialog* QuestionDialog::password(const QString& node, const QString& user, QWidget* parent) {
    auto* dialog =
        new QuestionDialog(tr("Password for %1").arg(node),
                           tr("No key was accepted for %1 on %2. The password is used for this connection and not "
                              "stored.")
                               .arg(user, node),
                           parent);
    dialog->addSecret(tr("&Password"));
    dialog->addButtons(tr("&Log in"), tr("Do &not connect"), true);
    return dialog;
}

void QuestionDialog::addCode(const QString& caption, const QString& code) {
    auto* name = new Label(caption, TypeSize::Caption, this);
    name->setMuted();
    auto* text = new Label(code, TypeSize::Body, this);
    text->setFont(monoFont());
    text->setSentence();
    auto* block = new QVBoxLayout;
    block->setSpacing(2);
    block->addWidget(name);
    block->addWidget(text);
    static_cast<QVBoxLayout*>(layout())->addLayout(block);
}

void QuestionDialog::addSecret(const QString& caption) {
    secret_ = new QLineEdit(this);
    secret_->setEchoMode(QLineEdit::Password);
    QString plain = caption;
    secret_->setAccessibleName(plain.remove(u'&'));
    auto* name = new Label(caption, TypeSize::Body, this);
    name->setBuddy(secret_);
    auto* block = new QVBoxLayout;
    block->setSpacing(kHalf);
    block->addWidget(name);
    block->addWidget(secret_);
    static_cast<QVBoxLayout*>(layout())->addLayout(block);
    secret_->setFocus();
}

void QuestionDialog::addButtons(const QString& accept, const QString& reject, bool acceptIsDefault) {
    auto* yes = new QPushButton(accept, this);
    auto* no = new QPushButton(reject, this);
    (acceptIsDefault ? yes : no)->setDefault(true);
    (acceptIsDefault ? yes : no)->setProperty("look", "primary");
    yes->setAutoDefault(acceptIsDefault);
    connect(yes, &QPushButton::clicked, this, &QDialog::accept);
    connect(no, &QPushButton::clicked, this, &QDialog::reject);
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addStretch(1);
    row->addWidget(no);
    row->addWidget(yes);
    static_cast<QVBoxLayout*>(layout())->addLayout(row);
    if (secret_ == nullptr)
        no->setFocus();
    // By itself a dialog is as tall as its sentences would be if they were narrow.
    resize(minimumWidth(), layout()->totalHeightForWidth(minimumWidth()));
}

QString QuestionDialog::secret() const {
    return secret_ == nullptr ? QString() : secret_->text();
}

} // namespace mha
