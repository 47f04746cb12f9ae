// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/field.h"

#include "ui/label.h"

#include <QLineEdit>
#include <QStyle>
#include <QVBoxLayout>

namespace mha {

Field::Field(const QString& caption, const QString& key, const QString& hint, QWidget* parent)
    : QWidget(parent), key_(key), edit_(new QLineEdit(this)), line_(new QHBoxLayout),
      wrong_(new Label(TypeSize::Caption, this)) {
    auto* name = new Label(caption, TypeSize::Caption, this);
    name->setBuddy(edit_);
    name->setMuted();
    QString plain = caption;
    edit_->setAccessibleName(plain.remove(QLatin1Char('&')));
    edit_->setPlaceholderText(hint);
    wrong_->setTone(Tone::Bad);
    wrong_->setWordWrap(true);
    wrong_->hide();
    line_->setSpacing(kUnit);
    line_->addWidget(edit_, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kHalf);
    column->addWidget(name);
    column->addLayout(line_);
    column->addWidget(wrong_);
    column->addStretch(1);
    setFocusProxy(edit_);
    connect(edit_, &QLineEdit::textEdited, this, [this] {
        setWrong({});
        Q_EMIT edited();
    });
}

QString Field::text() const {
    return edit_->text().trimmed();
}

void Field::setText(const QString& text) {
    edit_->setText(text);
}

void Field::setWrong(const QString& sentence) {
    wrong_->showText(sentence);
    edit_->setAccessibleDescription(sentence);
    if (edit_->property("wrong").toBool() == !sentence.isEmpty())
        return;
    edit_->setProperty("wrong", !sentence.isEmpty());
    edit_->style()->unpolish(edit_);
    edit_->style()->polish(edit_);
}

QString Field::wrong() const {
    return wrong_->isHidden() ? QString() : wrong_->text();
}

void Field::addBeside(QWidget* widget) {
    line_->addWidget(widget);
}

} // namespace mha
