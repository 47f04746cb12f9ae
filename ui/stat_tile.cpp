// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/stat_tile.h"

#include "ui/label.h"

#include <QVBoxLayout>

namespace mha {

StatTile::StatTile(const QString& name, QWidget* parent)
    : QFrame(parent), figure_(new Label(TypeSize::Headline, this)), name_(name) {
    setProperty("look", "card");
    auto* caption = new Label(name, TypeSize::Caption, this);
    caption->setMuted();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kGap, kUnit, kGap, kUnit);
    column->setSpacing(0);
    column->addWidget(figure_);
    column->addWidget(caption);
    showFigure(QStringLiteral("–"));
}

void StatTile::showFigure(const QString& figure, const QString& toolTip, Tone tone) {
    figure_->setText(figure);
    if (tone == Tone::Plain)
        figure_->setInk([](const Theme& t) { return t.text; });
    else
        figure_->setTone(tone);
    setToolTip(toolTip);
    setAccessibleName(tr("%1: %2").arg(name_, figure));
}

QString StatTile::figure() const {
    return figure_->text();
}

} // namespace mha
