// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/node_card.h"

#include "ui/fact_text.h"
#include "ui/icon.h"
#include "ui/label.h"
#include "ui/notice.h"
#include "ui/wording.h"

#include <QGridLayout>
#include <QPainter>
#include <QPushButton>

#include <utility>

using namespace Qt::StringLiterals;

namespace mha {

NodeCard::NodeCard(QWidget* parent)
    : QFrame(parent), name_(new ElidedLabel(TypeSize::Headline, this)), address_(new Label(TypeSize::Body, this)),
      role_(new Badge(this)), vip_(new Badge(this)), link_(new Badge(this)), notice_(new Notice(this)),
      maintain_(new QPushButton(tr("Maintenance…"), this)) {
    address_->setFont(monoFont());
    address_->setMuted();
    address_->setSentence();
    // As wide as the name is, and gives way to the badges beside it.
    name_->setStrong();
    name_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    notice_->hide();

    auto* heading = new QHBoxLayout;
    heading->setSpacing(kUnit);
    heading->addWidget(name_);
    heading->addWidget(role_);
    heading->addStretch(1);
    heading->addWidget(vip_);

    auto* second = new QHBoxLayout;
    second->setSpacing(kUnit);
    second->addWidget(address_, 1);
    second->addWidget(maintain_, 0, Qt::AlignTop);
    second->addWidget(link_, 0, Qt::AlignTop);

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(kUnit);
    grid->setVerticalSpacing(0);
    grid->setColumnStretch(2, 1);
    rows_ = {addRow(grid, tr("VRRP")), addRow(grid, tr("Container")), addRow(grid, tr("Milvus")),
             addRow(grid, tr("Storage"))};

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(20, 12, 20, kUnit);
    column->setSpacing(kHalf);
    column->addLayout(heading);
    column->addLayout(second);
    column->addWidget(notice_);
    column->addSpacing(kUnit);
    // The facts of both cards stand side by side, however long what is wrong with one of them is.
    column->addStretch(1);
    column->addLayout(grid);
    connect(notice_, &Notice::pressed, this, [this] {
        if (node_.link.error) {
            Q_EMIT retryWanted();
        } else {
            Q_EMIT maintenanceEndWanted();
        }
    });
    maintain_->setProperty("look", "small");
    maintain_->setToolTip(tr("Keep service away from this node while somebody works on it"));
    maintain_->hide();
    connect(maintain_, &QPushButton::clicked, this, &NodeCard::maintenanceWanted);
}

NodeCard::Row NodeCard::addRow(QGridLayout* grid, const QString& name) {
    const int line = grid->rowCount();
    Row row;
    row.icon = new IconView(18, this);
    auto* title = new Label(name, TypeSize::Body, this);
    title->setMuted();
    title->setMinimumWidth(72);
    row.value = new Label(TypeSize::Strong, this);
    row.detail = new ElidedLabel(TypeSize::Caption, this);
    row.more = new ElidedLabel(TypeSize::Caption, this);
    row.age = new Label(TypeSize::Caption, this);
    row.age->setMuted();
    row.age->setSteady(Wording::widestAge());
    row.age->setAlignment(Qt::AlignRight | Qt::AlignVCenter);

    auto* rule = new QFrame(this);
    rule->setProperty("look", "line");
    grid->addWidget(rule, line, 0, 1, 4);
    grid->setRowMinimumHeight(line + 1, kHalf);
    grid->addWidget(row.icon, line + 2, 0, Qt::AlignVCenter);
    grid->addWidget(title, line + 2, 1);
    grid->addWidget(row.value, line + 2, 2);
    grid->addWidget(row.age, line + 2, 3, Qt::AlignRight | Qt::AlignVCenter);
    grid->addWidget(row.detail, line + 3, 2, 1, 2);
    grid->addWidget(row.more, line + 4, 2, 1, 2);
    grid->setRowMinimumHeight(line + 5, kHalf);
    return row;
}

void NodeCard::showNode(const Picture& picture, const Pair& pair, int node, Instant now) {
    const auto index = static_cast<std::size_t>(node);
    const NodeConfig& config = pair.nodes.at(index);
    node_ = picture.nodes.at(index);
    shown_ = true;
    now_ = now;
    const QString name = node_.name.isEmpty() ? config.name : node_.name;
    setAccessibleName(tr("Node %1").arg(name));
    name_->setText(name);
    address_->setText(config.port == 22 ? config.host : tr("%1 port %2").arg(config.host).arg(config.port));

    if (picture.active == node && node_.reachable()) {
        role_->showBadge({}, tr("active"), node_.milvus && node_.milvus->serving ? Tone::Good : Tone::Plain);
    } else if (picture.active == node) {
        role_->showBadge({}, tr("served last"), Tone::Unknown);
    } else {
        role_->showBadge({}, picture.active >= 0 ? tr("standby") : QString(), Tone::Plain);
    }

    // The badge must not vanish when the node falls silent: where the VIP was last seen is what an operator asks then.
    const bool held = node_.vip && node_.vip->held;
    if (std::exchange(holdsVip_, held && node_.reachable()) != holdsVip_)
        update();
    if (holdsVip_) {
        vip_->showBadge(u"vip"_s, tr("VIP %1").arg(pair.vipAddress()), Tone::Plain, true);
    } else {
        vip_->showBadge(u"vip"_s, held ? tr("had the VIP") : QString(), Tone::Unknown);
    }
    vip_->setToolTip(
        held ? tr("%1 on %2, seen %3")
                   .arg(pair.vip, node_.vip->interface, Wording::dayAndClockWithMilliseconds(node_.vip.seenAt))
             : QString());
    refresh();
}

void NodeCard::setActing(bool acting) {
    acting_ = acting;
    if (shown_)
        refresh();
}

void NodeCard::tick(Instant now) {
    now_ = now;
    if (shown_)
        refresh();
}

void NodeCard::refresh() {
    showLink(FactWords::link(node_, now_));
    showRow(rows_[0], FactWords::vrrp(node_, now_));
    showRow(rows_[1], FactWords::container(node_, now_));
    showRow(rows_[2], FactWords::milvus(node_, now_));
    showRow(rows_[3], FactWords::storage(node_, now_));
}

void NodeCard::showRow(const Row& row, const FactText& text) {
    row.icon->setIcon(text.old ? u"clock"_s : toneIcon(text.tone), text.tone);
    row.value->setText(text.value);
    if (text.old || !text.known) {
        row.value->setMuted();
    } else {
        row.value->setInk([](const Theme& t) { return t.text; });
    }
    row.value->setToolTip(text.whole);
    row.detail->setText(text.detail, text.whole);
    row.detail->setVisible(!text.detail.isEmpty());
    row.more->setText(text.more, text.whole);
    row.more->setVisible(!text.more.isEmpty());
    // What is not old is so now: changes are told at once, and what has not changed is looked at now and then.
    row.age->setText(!text.known ? QString() : text.old ? Wording::age(text.seenAt, now_) : tr("now"));
    if (text.old) {
        row.age->setTone(Tone::Warn);
    } else {
        row.age->setMuted();
    }
}

void NodeCard::showLink(const FactText& link) {
    const LinkState state = node_.link.state;
    const QString icon = state == LinkState::Refused ? u"key"_s : toneIcon(link.tone);
    link_->showBadge(icon, link.value, link.tone);
    link_->setToolTip(node_.heardAt == Instant{}
                          ? link.whole
                          : tr("%1. Last heard %2").arg(link.whole, Wording::age(node_.heardAt, now_)));
    showNotice();
}

void NodeCard::showNotice() {
    const bool resting = node_.vrrp && node_.vrrp->maintenance;
    const bool seen = acting_ && node_.reachable() && node_.vrrp;
    maintain_->setVisible(seen && !resting && !holdsVip_);
    // The card says already which node it is.
    if (node_.link.error) {
        notice_->showNotice(Tone::Bad, node_.link.error->text, node_.link.error->remedy);
        const bool operatorMustAct = node_.link.state == LinkState::Refused;
        notice_->setButton(operatorMustAct ? tr("Retry") : QString(), tr("Connect to %1 again now").arg(node_.name));
    } else if (resting) {
        const Maintenance& work = *node_.vrrp->maintenance;
        notice_->showNotice(Tone::Warn,
                            tr("In maintenance until %1: %2").arg(Wording::dayAndClock(work.until), work.reason),
                            tr("By %1. It ends by itself.").arg(work.owner));
        notice_->setButton(seen ? tr("End") : QString(), tr("End the maintenance of %1 now").arg(node_.name));
    } else {
        notice_->hide();
    }
}

void NodeCard::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(t.surface);
    // The holder of the VIP stands out by a heavier frame as well as by its badge.
    painter.setPen(holdsVip_ ? QPen(t.accent, 2) : QPen(t.border, 1));
    const double inset = holdsVip_ ? 1.0 : 0.5;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), kRadius, kRadius);
}

} // namespace mha
