// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/empty_state.h"

#include "ui/icon.h"
#include "ui/label.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace mha {

EmptyState::EmptyState(const QString& icon, QWidget* parent)
    : QWidget(parent), title_(new Label(TypeSize::Title, this)), text_(new Label(TypeSize::Body, this)),
      buttons_(new QWidget(this)) {
    auto* drawing = new IconView(40, this);
    drawing->setIcon(icon, Tone::Plain);
    title_->setAlignment(Qt::AlignCenter);
    title_->setWordWrap(true);
    text_->setMuted();
    text_->setSentence();
    text_->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    auto* row = new QHBoxLayout(buttons_);
    row->setContentsMargins(0, kGap, 0, 0);
    row->setSpacing(kUnit);
    buttons_->hide();

    // A line of text is read best at some 60 characters.
    constexpr int kReadable = 520;
    text_->setMaximumWidth(kReadable);
    text_->setMinimumWidth(std::min(kReadable, 360));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kGap, kGap, kGap, kGap);
    column->setSpacing(kUnit);
    column->addStretch(1);
    column->addWidget(drawing, 0, Qt::AlignHCenter);
    column->addWidget(title_);
    auto* middle = new QHBoxLayout;
    middle->addStretch(1);
    middle->addWidget(text_, 100);
    middle->addStretch(1);
    column->addLayout(middle);
    column->addWidget(buttons_, 0, Qt::AlignHCenter);
    column->addStretch(1);
}

void EmptyState::setTexts(const QString& title, const QString& text) {
    title_->setText(title);
    text_->setText(text);
    setAccessibleName(title + QLatin1Char('.') + QLatin1Char(' ') + text);
}

QPushButton* EmptyState::addButton(const QString& text) {
    auto* button = new QPushButton(text, buttons_);
    if (buttons_->layout()->count() == 0)
        button->setProperty("look", "primary");
    buttons_->layout()->addWidget(button);
    buttons_->show();
    return button;
}

QString EmptyState::title() const {
    return title_->text();
}

} // namespace mha
