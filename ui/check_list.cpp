// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/check_list.h"

#include "ui/icon.h"
#include "ui/label.h"

#include <QHBoxLayout>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

Tone toneOf(CheckResult result) {
    switch (result) {
    case CheckResult::Pass:
        return Tone::Good;
    case CheckResult::Warn:
        return Tone::Warn;
    case CheckResult::Refuse:
        return Tone::Bad;
    }
    return Tone::Unknown;
}

QString word(CheckResult result) {
    switch (result) {
    case CheckResult::Pass:
        return CheckList::tr("passed");
    case CheckResult::Warn:
        return CheckList::tr("warning");
    case CheckResult::Refuse:
        return CheckList::tr("refuses");
    }
    return {};
}

} // namespace

CheckList::CheckList(QWidget* parent) : QWidget(parent), column_(new QVBoxLayout(this)) {
    setProperty("look", "page");
    column_->setContentsMargins(0, 0, kUnit, 0);
    column_->setSpacing(kUnit);
    column_->addStretch(1);
}

void CheckList::showChecks(const QList<Check>& checks) {
    if (checks == shown_)
        return;
    shown_ = checks;
    while (column_->count() > 1) {
        QLayoutItem* item = column_->takeAt(0);
        delete item->widget();
        delete item;
    }
    QList<Check> worstFirst = checks;
    std::ranges::stable_sort(worstFirst, std::greater{}, &Check::result);
    for (const Check& check : std::as_const(worstFirst)) {
        auto* box = new QWidget(this);
        const bool pass = check.result == CheckResult::Pass;
        auto* icon = new IconView(18, box);
        icon->setIcon(toneIcon(toneOf(check.result)), toneOf(check.result));
        auto* text = new Label(check.text, pass ? TypeSize::Body : TypeSize::Strong, box);
        text->setSentence();
        if (pass)
            text->setMuted();
        auto* row = new QHBoxLayout(box);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(12);
        row->addWidget(icon, 0, Qt::AlignTop);
        row->addWidget(text, 1);
        box->setToolTip(tr("%1: %2").arg(check.code, word(check.result)));
        box->setAccessibleName(tr("%1: %2").arg(word(check.result), check.text));
        column_->insertWidget(column_->count() - 1, box);
    }
}

QString CheckList::summary(const QList<Check>& checks) {
    const auto count = [&](CheckResult result) { return std::ranges::count(checks, result, &Check::result); };
    QStringList parts;
    if (const auto refusing = count(CheckResult::Refuse); refusing > 0)
        parts += refusing == 1 ? tr("1 refuses") : tr("%1 refuse").arg(refusing);
    if (const auto warnings = count(CheckResult::Warn); warnings > 0)
        parts += warnings == 1 ? tr("1 warning") : tr("%1 warnings").arg(warnings);
    if (const auto passed = count(CheckResult::Pass); passed > 0)
        parts += tr("%1 passed").arg(passed);
    return parts.join(u", "_s);
}

} // namespace mha
