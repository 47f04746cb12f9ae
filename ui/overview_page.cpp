// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/overview_page.h"

#include "ui/lane_panel.h"
#include "ui/node_card.h"
#include "ui/theme.h"

#include <QVBoxLayout>

namespace mha {

OverviewPage::OverviewPage(QWidget* parent)
    : QScrollArea(parent), cards_{new NodeCard(this), new NodeCard(this)}, lanes_(new LanePanel(this)) {
    auto* body = new QWidget(this);
    body->setProperty("look", "page");
    auto* cards = new QHBoxLayout;
    cards->setSpacing(12);
    cards->addWidget(cards_[0], 1);
    cards->addWidget(cards_[1], 1);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addLayout(cards);
    column->addWidget(lanes_, 1);
    setWidget(body);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    body->setAutoFillBackground(false);
    for (NodeCard* card : cards_)
        connect(card, &NodeCard::retryWanted, this, &OverviewPage::retryWanted);
}

void OverviewPage::showPicture(const Picture& picture, const Pair& pair, Instant now) {
    cards_[0]->showNode(picture, pair, 0, now);
    cards_[1]->showNode(picture, pair, 1, now);
}

void OverviewPage::tick(Instant now) {
    for (NodeCard* card : cards_)
        card->tick(now);
    lanes_->tick(now);
}

} // namespace mha
