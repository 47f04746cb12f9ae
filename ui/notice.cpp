// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/notice.h"

#include "ui/icon.h"
#include "ui/label.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>

#include <utility>

namespace mha {

Notice::Notice(QWidget* parent)
    : QFrame(parent), icon_(new IconView(20, this)), text_(new Label(TypeSize::Body, this)),
      remedy_(new Label(TypeSize::Body, this)), button_(new QPushButton(this)) {
    text_->setSentence();
    remedy_->setSentence();
    button_->setProperty("look", "small");
    button_->setAutoDefault(false);
    button_->hide();

    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(text_);
    words->addWidget(remedy_);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, kUnit, 12, kUnit);
    row->setSpacing(12);
    row->addWidget(icon_, 0, Qt::AlignTop);
    row->addLayout(words, 1);
    row->addWidget(button_, 0, Qt::AlignVCenter);
    connect(button_, &QPushButton::clicked, this, &Notice::pressed);
}

void Notice::showNotice(Tone tone, const QString& text, const QString& remedy) {
    if (std::exchange(tone_, tone) != tone)
        update();
    icon_->setIcon(toneIcon(tone), tone);
    text_->setInk([](const Theme& t) { return t.text; });
    text_->showText(text);
    remedy_->setInk([](const Theme& t) { return t.text; });
    remedy_->showText(remedy);
    setAccessibleName(remedy.isEmpty() ? text : text + QLatin1Char(' ') + remedy);
    show();
}

void Notice::showError(const Error& error) {
    showNotice(Tone::Bad, error.where.isEmpty() ? error.text : tr("%1: %2").arg(error.where, error.text), error.remedy);
}

void Notice::setButton(const QString& text, const QString& toolTip) {
    button_->setText(text);
    button_->setToolTip(toolTip);
    button_->setVisible(!text.isEmpty());
}

QString Notice::text() const {
    return text_->text();
}

void Notice::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(toneGround(t, tone_));
    painter.drawRoundedRect(QRectF(rect()), 6, 6);
}

} // namespace mha
