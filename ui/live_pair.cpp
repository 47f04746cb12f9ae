// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/live_pair.h"

#include "ui/icon.h"
#include "ui/label.h"
#include "ui/wording.h"

#include <QGridLayout>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace mha {

LivePair::LivePair(QWidget* parent) : QWidget(parent), elapsed_(new Label(TypeSize::Display, this)) {
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(2);
    grid->setColumnStretch(1, 1);
    grid->addWidget(elapsed_, 0, 0, 1, 2);
    int line = 1;
    for (Row& row : rows_) {
        row.icon = new IconView(20, this);
        row.title = new Label(TypeSize::Strong, this);
        row.text = new Label(TypeSize::Body, this);
        row.text->setSentence();
        grid->setRowMinimumHeight(line, 12);
        grid->addWidget(row.icon, line + 1, 0, 2, 1, Qt::AlignTop);
        grid->addWidget(row.title, line + 1, 1);
        grid->addWidget(row.text, line + 2, 1);
        line += 3;
    }
    grid->setRowStretch(line, 1);
}

void LivePair::showElapsed(Duration elapsed) {
    elapsed_->setText(toText(std::max(elapsed, Duration{})));
}

void LivePair::showPicture(const Picture& picture, const Pair& pair) {
    const Fact<VipProbeSeen>& probe = picture.vipProbe;
    const bool good = probe && probe->good;
    rows_[0].icon->setIcon(toneIcon(!probe ? Tone::Unknown
                                    : good ? Tone::Good
                                           : Tone::Bad),
                           !probe ? Tone::Unknown
                           : good ? Tone::Good
                                  : Tone::Bad);
    rows_[0].title->setText(tr("Through %1").arg(pair.vipAddress()));
    rows_[0].text->setText(!probe ? tr("not known") : good ? tr("Milvus answers") : tr("no answer"));
    for (std::size_t i = 0; i < 2; ++i) {
        const NodePicture& node = picture.nodes.at(i);
        Row& row = rows_.at(i + 1);
        row.title->setText(node.name);
        if (!node.reachable()) {
            row.icon->setIcon(toneIcon(Tone::Unknown), Tone::Unknown);
            row.text->setText(Wording::linkState(node.link.state));
            continue;
        }
        const bool holds = node.vip && node.vip->held;
        row.icon->setIcon(holds ? u"vip"_s : toneIcon(Tone::Plain), holds ? Tone::Busy : Tone::Plain);
        QStringList words;
        if (holds)
            words += tr("VIP");
        words += node.vrrp ? Wording::vrrpState(node.vrrp->state) : tr("VRRP unknown");
        words += node.container ? tr("container %1").arg(Wording::containerState(node.container->state))
                                : tr("container unknown");
        row.text->setText(words.join(u"  ·  "_s));
    }
}

} // namespace mha
