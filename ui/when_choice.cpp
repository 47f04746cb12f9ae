// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/when_choice.h"

#include "ui/label.h"
#include "ui/theme.h"

#include <QComboBox>
#include <QDateTimeEdit>
#include <QHBoxLayout>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace mha {

WhenChoice::WhenChoice(QWidget* parent)
    : QWidget(parent), mode_(new QComboBox(this)), time_(new QDateTimeEdit(this)),
      zone_(new Label(TypeSize::Body, this)) {
    mode_->setObjectName(u"when"_s);
    mode_->setAccessibleName(tr("When and how"));
    mode_->addItem(tr("now"));
    mode_->addItem(tr("as a drill: there and back"));
    mode_->addItem(tr("at a time"));
    time_->setAccessibleName(tr("Time of the switchover"));
    time_->setDisplayFormat(u"yyyy-MM-dd HH:mm"_s);
    // The next full hour but one: who schedules wants the night, not the next minutes.
    const QDateTime now = QDateTime::currentDateTime();
    time_->setDateTime(QDateTime(now.date(), QTime(now.time().hour(), 0)).addSecs(7200));
    time_->setCalendarPopup(true);
    zone_->setText(QTimeZone::systemTimeZone().abbreviation(now));
    zone_->setMuted();
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kUnit);
    row->addWidget(mode_);
    row->addWidget(time_);
    row->addWidget(zone_);
    const auto refresh = [this] {
        time_->setVisible(mode() == Mode::Later);
        zone_->setVisible(mode() == Mode::Later);
        Q_EMIT changed();
    };
    connect(mode_, &QComboBox::currentIndexChanged, this, refresh);
    connect(time_, &QDateTimeEdit::dateTimeChanged, this, &WhenChoice::changed);
    refresh();
}

WhenChoice::Mode WhenChoice::mode() const {
    return static_cast<Mode>(mode_->currentIndex());
}

std::optional<Instant> WhenChoice::at(Instant now) const {
    const Instant chosen{std::chrono::milliseconds(time_->dateTime().toMSecsSinceEpoch())};
    return mode() == Mode::Later && chosen > now ? std::optional(chosen) : std::nullopt;
}

void WhenChoice::setNowOnly() {
    mode_->setCurrentIndex(0);
    hide();
}

} // namespace mha
