// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/maintenance_dialog.h"

#include "ui/choice.h"
#include "ui/field.h"
#include "ui/label.h"
#include "ui/notice.h"
#include "ui/theme.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <utility>

namespace mha {

MaintenanceDialog::MaintenanceDialog(Pair pair, int node, QString owner, QWidget* parent)
    : QDialog(parent), pair_(std::move(pair)), request_{.node = node, .owner = std::move(owner), .reason = {}},
      reason_(new Field(tr("&Reason"), {}, tr("Shown wherever this pair is seen"), this)),
      times_(new QButtonGroup(this)), means_(new Notice(this)), wrong_(new Notice(this)),
      begin_(new QPushButton(tr("&Begin maintenance"), this)) {
    const QString name = pair_.nodes.at(static_cast<std::size_t>(node)).name;
    setWindowTitle(tr("Maintenance of %1").arg(name));
    setMinimumWidth(520);
    auto* heading = new Label(windowTitle(), TypeSize::Title, this);
    auto* body = new Label(tr("Service stays where it is and does not move to %1 while you work there. It ends by "
                              "itself at its time, or with a restart of %1.")
                               .arg(name),
                           TypeSize::Body, this);
    body->setSentence();
    auto* close = new QPushButton(tr("&Cancel"), this);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(kUnit);
    buttons->addStretch(1);
    buttons->addWidget(close);
    buttons->addWidget(begin_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kWide, kWide, kWide, kGap);
    column->setSpacing(kGap);
    column->addWidget(heading);
    column->addWidget(body);
    column->addWidget(reason_);
    addTimes(column);
    column->addWidget(means_);
    column->addWidget(wrong_);
    column->addStretch(1);
    column->addLayout(buttons);
    wrong_->hide();
    begin_->setProperty("look", "primary");
    begin_->setDefault(true);
    connect(reason_, &Field::edited, this, &MaintenanceDialog::refresh);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(begin_, &QPushButton::clicked, this, [this] {
        asked_ = true;
        refresh();
        Q_EMIT beginWanted(wanted());
    });
    reason_->edit()->setFocus();
    refresh();
}

void MaintenanceDialog::addTimes(QVBoxLayout* column) {
    struct Choice {
        QString text;
        std::chrono::minutes length;
    };

    const Choice choices[] = {{tr("30 min"), std::chrono::minutes(30)},
                              {tr("2 h"), std::chrono::hours(2)},
                              {tr("8 h"), std::chrono::hours(8)},
                              {tr("1 day"), std::chrono::hours(24)},
                              {tr("7 days"), kLongestMaintenance}};
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    for (const Choice& choice : choices) {
        QPushButton* button = makeSegment(choice.text, this);
        button->setChecked(choice.length == std::chrono::hours(2));
        times_->addButton(button, static_cast<int>(choice.length.count()));
        row->addWidget(button);
    }
    row->addStretch(1);
    tabStopsAtTheChosen(*times_);
    auto* block = new QVBoxLayout;
    block->setSpacing(kHalf);
    auto* caption = new Label(tr("For"), TypeSize::Caption, this);
    caption->setMuted();
    block->addWidget(caption);
    block->addLayout(row);
    column->addLayout(block);
}

MaintenanceRequest MaintenanceDialog::wanted() const {
    MaintenanceRequest request = request_;
    request.reason = reason_->text().trimmed();
    request.duration = std::chrono::minutes(times_->checkedId());
    const NodePicture& node = picture_.nodes.at(static_cast<std::size_t>(request.node));
    request.byFlag = node.vrrpConfig && node.vrrpConfig->faultFlag;
    return request;
}

void MaintenanceDialog::showPicture(const Picture& picture) {
    picture_ = picture;
    refresh();
    // By itself a dialog is as tall as its sentences would be if they were narrow.
    if (!isVisible())
        resize(minimumWidth(), layout()->totalHeightForWidth(minimumWidth()));
}

void MaintenanceDialog::refresh() {
    const MaintenanceRequest request = wanted();
    const std::optional<Error> refusal = maintenanceRefusal(picture_, request);
    const QString& name = pair_.nodes.at(static_cast<std::size_t>(request.node)).name;
    const QString& other = pair_.nodes.at(static_cast<std::size_t>(1 - request.node)).name;
    if (refusal) {
        means_->showNotice(Tone::Bad, refusal->text, refusal->remedy);
    } else if (request.byFlag) {
        means_->showNotice(Tone::Warn, tr("Until it ends, nothing takes over from %1.").arg(other),
                           tr("keepalived on %1 goes to FAULT by its flag.").arg(name));
    } else {
        means_->showNotice(Tone::Warn, tr("keepalived on %1 may still take over: it has no FAULT flag.").arg(name),
                           tr("“milvus-ha lever install” would keep service away. Without it, no switchover of this "
                              "program goes there, and every console shows it."));
    }
    means_->show();
    begin_->setEnabled(!refusal && !request.reason.isEmpty() && !asked_);
}

void MaintenanceDialog::showResult(const std::optional<Error>& error) {
    if (!error)
        return accept();
    asked_ = false;
    wrong_->showError(*error);
    wrong_->show();
    refresh();
}

} // namespace mha
