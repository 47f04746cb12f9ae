// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/start_page.h"

#include "ui/empty_state.h"
#include "ui/icon.h"
#include "ui/label.h"
#include "ui/notice.h"
#include "ui/pair_button.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr int kListWidth = 640;

/// A column of a readable width in the middle of the page.
QVBoxLayout* centred(QWidget* page) {
    auto* middle = new QWidget(page);
    middle->setMaximumWidth(kListWidth);
    auto* row = new QHBoxLayout(page);
    row->addStretch(1);
    row->addWidget(middle, 100);
    row->addStretch(1);
    auto* column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 2 * kWide, 0, kWide);
    column->setSpacing(12);
    return column;
}

} // namespace

StartPage::StartPage(QWidget* parent) : QWidget(parent), column_(new QVBoxLayout(this)) {
    column_->setContentsMargins(kGap, kGap, kGap, kGap);
}

void StartPage::show(QWidget* body) {
    delete body_;
    body_ = body;
    column_->addWidget(body);
}

void StartPage::showFirstRun(const QString& folder) {
    auto* empty = new EmptyState(u"server"_s, this);
    empty->setTexts(
        tr("No pair yet"),
        tr("A pair is two servers that keep one Milvus alive behind one virtual IP. Add yours: host, user and key of "
           "both servers are enough, nothing is installed on them.\n\nPair files are kept in %1.")
            .arg(folder));
    QPushButton* add = empty->addButton(tr("&Add a pair"));
    QPushButton* open = empty->addButton(tr("&Open a pair file"));
    connect(add, &QPushButton::clicked, this, &StartPage::addWanted);
    connect(open, &QPushButton::clicked, this, &StartPage::openWanted);
    show(empty);
    add->setFocus();
}

void StartPage::showChoice(const QList<PairFile>& files) {
    auto* page = new QWidget(this);
    QVBoxLayout* column = centred(page);
    column->addWidget(new Label(tr("Which pair?"), TypeSize::Headline, page));
    QAbstractButton* first = nullptr;
    for (const PairFile& file : files) {
        if (!file.pair) {
            auto* notice = new Notice(page);
            notice->showError(file.pair.error());
            column->addWidget(notice);
            continue;
        }
        auto* button = new PairButton(
            file.pair->name,
            tr("VIP %1  ·  %2 and %3").arg(file.pair->vipAddress(), file.pair->nodes[0].host, file.pair->nodes[1].host),
            page);
        button->setAccessibleName(tr("Open the pair %1").arg(file.pair->name));
        button->setToolTip(file.fileName);
        connect(button, &QAbstractButton::clicked, this, [this, name = file.fileName] { Q_EMIT pairChosen(name); });
        column->addWidget(button);
        if (first == nullptr)
            first = button;
    }
    auto* add = new QPushButton(tr("&Add a pair"), page);
    connect(add, &QPushButton::clicked, this, &StartPage::addWanted);
    column->addWidget(add, 0, Qt::AlignLeft);
    column->addStretch(1);
    show(page);
    (first == nullptr ? add : first)->setFocus();
}

void StartPage::showBroken(const Error& error) {
    auto* page = new QWidget(this);
    QVBoxLayout* column = centred(page);
    auto* heading = new Label(tr("The pair file cannot be used"), TypeSize::Headline, page);
    heading->setWordWrap(true);
    column->addWidget(heading);
    auto* notice = new Notice(page);
    notice->showError(error);
    column->addWidget(notice);
    auto* again = new QPushButton(tr("&Read it again"), page);
    again->setProperty("look", "primary");
    auto* open = new QPushButton(tr("&Open another file"), page);
    auto* add = new QPushButton(tr("&Add a pair"), page);
    connect(again, &QPushButton::clicked, this, &StartPage::retryWanted);
    connect(open, &QPushButton::clicked, this, &StartPage::openWanted);
    connect(add, &QPushButton::clicked, this, &StartPage::addWanted);
    auto* row = new QHBoxLayout;
    row->setSpacing(kUnit);
    row->addWidget(again);
    row->addWidget(open);
    row->addWidget(add);
    row->addStretch(1);
    column->addLayout(row);
    column->addStretch(1);
    show(page);
    again->setFocus();
}

} // namespace mha
