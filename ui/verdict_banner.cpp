// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/verdict_banner.h"

#include "ui/icon.h"
#include "ui/label.h"
#include "ui/wording.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr int kIconSize = 56;
constexpr int kMinimumHeight = 88;

bool loud(VerdictLevel level) {
    return level >= VerdictLevel::Down;
}

QString probeText(const Picture& picture, const Pair& pair) {
    if (!picture.vipProbe)
        return {};
    if (!picture.vipProbe->good)
        return VerdictBanner::tr("No answer through %1.").arg(pair.vipAddress());
    return VerdictBanner::tr("Milvus answers through %1 in %2.")
        .arg(pair.vipAddress(), Wording::latency(picture.vipProbe->latency));
}

void clear(QLayout* layout) {
    while (QLayoutItem* item = layout->takeAt(0)) {
        if (QLayout* inner = item->layout()) {
            clear(inner);
        } else if (QWidget* widget = item->widget()) {
            widget->deleteLater();
        }
        delete item;
    }
}

} // namespace

VerdictBanner::VerdictBanner(QWidget* parent)
    : QFrame(parent), icon_(new IconView(kIconSize, this)), headline_(new Label(TypeSize::Display, this)),
      safety_(new Label(TypeSize::Title, this)), for_(new Label(TypeSize::Headline, this)),
      sinceLabel_(new Label(TypeSize::Body, this)), more_(new QPushButton(this)), reasonsLayout_(new QVBoxLayout) {
    setMinimumHeight(kMinimumHeight);
    setAccessibleName(tr("Verdict"));
    headline_->setSentence();
    safety_->setSentence();
    QFont safetyFont = typeFont(TypeSize::Title);
    safetyFont.setWeight(QFont::Normal);
    safety_->setFont(safetyFont);
    more_->setProperty("look", "small");
    more_->setCheckable(true);
    more_->setShortcut(QKeySequence(tr("Ctrl+M")));
    more_->hide();
    build();
    connect(more_, &QPushButton::toggled, this, &VerdictBanner::setExpanded);
    showNothing(tr("Looking"), {});
}

void VerdictBanner::build() {
    for_->setAlignment(Qt::AlignRight);
    for_->setSteady(tr("for %1").arg(Wording::widestSince()));
    sinceLabel_->setAlignment(Qt::AlignRight);
    reasonsLayout_->setSpacing(kUnit);

    auto* middle = new QVBoxLayout;
    middle->setSpacing(kHalf);
    middle->addWidget(headline_);
    middle->addWidget(safety_);
    middle->addLayout(reasonsLayout_);
    middle->addStretch(1);

    auto* right = new QVBoxLayout;
    right->setSpacing(kHalf);
    right->addWidget(for_, 0, Qt::AlignRight);
    right->addWidget(sinceLabel_);
    right->addStretch(1);
    right->addWidget(more_, 0, Qt::AlignRight | Qt::AlignBottom);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kWide, 14, kWide, 14);
    row->setSpacing(20);
    row->addWidget(icon_, 0, Qt::AlignTop);
    row->addLayout(middle, 1);
    row->addLayout(right);
}

void VerdictBanner::showNothing(const QString& headline, const QString& text) {
    known_ = false;
    verdict_ = {};
    icon_->setIcon(u"unknown"_s, Tone::Unknown);
    headline_->setText(headline);
    safety_->showText(text);
    for_->hide();
    sinceLabel_->hide();
    showReasons();
    applyColors();
}

void VerdictBanner::showPicture(const Picture& picture, const Pair& pair, Instant now) {
    known_ = true;
    const bool changed = verdict_ != picture.verdict || reasonLabels_.isEmpty() != picture.verdict.reasons.isEmpty();
    verdict_ = picture.verdict;
    since_ = picture.verdictSince;
    headline_->setText(tr("%1: %2").arg(Wording::verdict(verdict_.level), Wording::whoServes(picture)));
    QString safety = Wording::safety(verdict_.level);
    const QString probe = probeText(picture, pair);
    if (!probe.isEmpty() && !loud(verdict_.level))
        safety += u' ' + probe;
    safety_->showText(safety);
    setAccessibleDescription(headline_->text() + u". "_s + safety);
    if (changed) {
        showReasons();
        applyColors();
    }
    tick(now);
}

void VerdictBanner::showReasons() {
    clear(reasonsLayout_);
    reasonLabels_.clear();
    ageLabels_.clear();
    const qsizetype shown = expanded_ ? verdict_.reasons.size() : std::min<qsizetype>(1, verdict_.reasons.size());
    for (qsizetype i = 0; i < shown; ++i) {
        const Reason& reason = verdict_.reasons.at(i);
        // The first sentence says what is, the others what to do.
        const qsizetype end = reason.text.indexOf(u". "_s);
        const QString what = end < 0 ? reason.text : reason.text.first(end + 1);
        const QString remedy = end < 0 ? Wording::remedy(reason.code) : reason.text.sliced(end + 2);
        auto* block = new QVBoxLayout;
        block->setSpacing(2);
        if (i == 0)
            block->setContentsMargins(0, kHalf, 0, 0);
        for (const auto& [text, size] : {std::pair(what, TypeSize::Strong), std::pair(remedy, TypeSize::Body)}) {
            if (text.isEmpty())
                continue;
            auto* label = new Label(text, size, this);
            label->setSentence();
            label->setToolTip(tr("Reason code %1").arg(reason.code));
            block->addWidget(label);
            reasonLabels_.append(label);
        }
        if (expanded_) {
            auto* age = new Label(TypeSize::Caption, this);
            block->addWidget(age);
            ageLabels_.append(age);
        }
        reasonsLayout_->addLayout(block);
    }
    const int others = static_cast<int>(verdict_.reasons.size()) - 1;
    more_->setVisible(others > 0);
    more_->setText(expanded_     ? tr("Fewer reasons")
                   : others == 1 ? tr("1 more reason")
                                 : tr("%1 more reasons").arg(others));
    more_->setToolTip(
        tr("Show every reason behind the verdict (%1)").arg(more_->shortcut().toString(QKeySequence::NativeText)));
    updateGeometry();
}

void VerdictBanner::setExpanded(bool expanded) {
    if (expanded_ == expanded)
        return;
    expanded_ = expanded;
    more_->setChecked(expanded);
    showReasons();
    applyColors();
    tick(now_);
}

void VerdictBanner::tick(Instant now) {
    now_ = now;
    if (!known_)
        return;
    const Duration lasted = now - since_;
    const bool minutes = toldInMinutes(verdict_.level, lasted);
    for_->showText(
        tr("for %1").arg(Wording::since(minutes ? std::chrono::floor<std::chrono::minutes>(lasted) : lasted)));
    sinceLabel_->showText(
        tr("since %1").arg(lasted < std::chrono::hours(20) ? Wording::clock(since_) : Wording::dayAndClock(since_)));
    for (qsizetype i = 0; i < ageLabels_.size() && i < verdict_.reasons.size(); ++i)
        ageLabels_.at(i)->setText(tr("seen %1").arg(Wording::age(verdict_.reasons.at(i).seenAt, now)));
}

bool VerdictBanner::toldInMinutes(VerdictLevel level, Duration lasted) {
    return level == VerdictLevel::Healthy && lasted >= std::chrono::minutes(1);
}

QString VerdictBanner::headline() const {
    return headline_->text();
}

QString VerdictBanner::sinceText() const {
    return for_->text();
}

QColor VerdictBanner::ground() const {
    const Theme& t = theme();
    if (!known_)
        return t.unknownSoft;
    if (verdict_.level >= VerdictLevel::SplitBrain)
        return t.danger;
    if (verdict_.level == VerdictLevel::Down)
        return t.alarm;
    return toneGround(t, toneOf(verdict_.level));
}

QColor VerdictBanner::ink() const {
    const Theme& t = theme();
    return known_ && loud(verdict_.level) ? t.onAlarm : t.text;
}

void VerdictBanner::applyColors() {
    const Theme& t = theme();
    const bool alarm = known_ && loud(verdict_.level);
    const Tone tone = known_ ? toneOf(verdict_.level) : Tone::Unknown;
    icon_->setIcon(known_ ? verdictIcon(verdict_.level) : u"unknown"_s, alarm ? t.onAlarm : toneColor(t, tone));
    const auto inkOf = [this](const Theme&) { return ink(); };
    for (Label* label : {headline_, safety_, for_, sinceLabel_})
        label->setInk(inkOf);
    for (Label* label : std::as_const(reasonLabels_))
        label->setInk(inkOf);
    for (Label* label : std::as_const(ageLabels_))
        label->setInk(inkOf);
    update();
}

void VerdictBanner::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyColors();
}

void VerdictBanner::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tone tone = known_ ? toneOf(verdict_.level) : Tone::Unknown;
    const bool alarm = known_ && loud(verdict_.level);
    painter.setBrush(ground());
    QColor edge = toneColor(theme(), tone);
    edge.setAlphaF(0.35F);
    painter.setPen(alarm ? QPen(Qt::NoPen) : QPen(edge, 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
}

} // namespace mha
