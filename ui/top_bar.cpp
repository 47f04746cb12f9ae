// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/top_bar.h"

#include "ui/choice.h"
#include "ui/icon.h"
#include "ui/label.h"

#include <QAction>
#include <QActionGroup>
#include <QButtonGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr int kBarHeight = 52;
constexpr std::array kPageIcons{"overview", "failovers", "events"};

QString withKeys(const QAction& action, const QString& what) {
    return action.shortcut().isEmpty() ? what
                                       : u"%1 (%2)"_s.arg(what, action.shortcut().toString(QKeySequence::NativeText));
}

QAction* made(QObject* owner, const QString& text, const QKeySequence& keys) {
    auto* action = new QAction(text, owner);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WindowShortcut);
    return action;
}

/// A button that does what an action does, and is enabled when it is.
QPushButton* buttonFor(QAction* action, const QString& toolTip, QWidget* parent) {
    QString text = action->text();
    auto* button = new QPushButton(text.remove(u'&'), parent);
    button->setToolTip(withKeys(*action, toolTip));
    button->setEnabled(action->isEnabled());
    button->setIconSize(kButtonIcon);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    QObject::connect(action, &QAction::enabledChanged, button, &QWidget::setEnabled);
    return button;
}

} // namespace

Actions::Actions(QObject* owner)
    : switchOver(made(owner, TopBar::tr("&Switch over…"), QKeySequence(u"Ctrl+Shift+S"_s))),
      exportReport(made(owner, TopBar::tr("&Export report…"), QKeySequence(u"Ctrl+E"_s))),
      retry(made(owner, TopBar::tr("&Retry the connections"), QKeySequence(u"F5"_s))),
      addPair(made(owner, TopBar::tr("&Add a pair…"), QKeySequence(u"Ctrl+N"_s))),
      openPair(made(owner, TopBar::tr("&Open a pair file…"), QKeySequence(u"Ctrl+O"_s))),
      filter(made(owner, TopBar::tr("&Filter"), QKeySequence(u"Ctrl+F"_s))),
      lanes(made(owner, TopBar::tr("Walk through the &lanes"), QKeySequence(u"Ctrl+L"_s))),
      pages{made(owner, TopBar::tr("Over&view"), QKeySequence(u"Ctrl+1"_s)),
            made(owner, TopBar::tr("Fai&lovers"), QKeySequence(u"Ctrl+2"_s)),
            made(owner, TopBar::tr("E&vents"), QKeySequence(u"Ctrl+3"_s))},
      quit(made(owner, TopBar::tr("&Quit"), QKeySequence(u"Ctrl+Q"_s))) {
    for (QAction* page : pages)
        page->setCheckable(true);
}

QList<QAction*> Actions::all() const {
    return {switchOver, exportReport, retry, addPair, openPair, filter, lanes, pages[0], pages[1], pages[2], quit};
}

void Actions::refreshIcons() const {
    switchOver->setIcon(themedIcon(u"switch"_s));
    exportReport->setIcon(themedIcon(u"report"_s));
    retry->setIcon(themedIcon(u"retry"_s));
    addPair->setIcon(themedIcon(u"add"_s));
    openPair->setIcon(themedIcon(u"folder"_s));
    filter->setIcon(themedIcon(u"search"_s));
}

TopBar::TopBar(const Actions& actions, QWidget* parent)
    : QFrame(parent), actions_(actions), name_(new ElidedLabel(TypeSize::Title, this)), tabs_(new QButtonGroup(this)),
      switch_(buttonFor(actions.switchOver, tr("Move Milvus to the other node: asks before it does anything"), this)),
      export_(buttonFor(actions.exportReport, tr("Write a report of the failovers as one file"), this)),
      menuButton_(new QToolButton(this)), menu_(new QMenu(this)), pairs_(new QMenu(tr("&Pairs"), this)) {
    setProperty("look", "bar");
    setFixedHeight(kBarHeight);
    switch_->setProperty("look", "primary");
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(kWide, 0, kGap, 0);
    row->setSpacing(kUnit);
    name_->setStrong();
    name_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    row->addWidget(name_);
    row->addSpacing(kGap);
    for (std::size_t i = 0; i < actions_.pages.size(); ++i) {
        QAction* page = actions_.pages.at(i);
        QPushButton* tab = buttonFor(page, tr("Show the page"), this);
        tab->setProperty("look", "tab");
        tab->setCheckable(true);
        tabs_->addButton(tab, static_cast<int>(i));
        row->addWidget(tab);
    }
    tabs_->button(0)->setChecked(true);
    tabStopsAtTheChosen(*tabs_);
    row->addStretch(1);
    row->addWidget(export_);
    row->addWidget(switch_);
    row->addWidget(menuButton_);

    for (QAction* action : actions_.pages)
        menu_->addAction(action);
    menu_->addAction(actions_.filter);
    menu_->addAction(actions_.lanes);
    menu_->addSeparator();
    menu_->addActions({actions_.switchOver, actions_.exportReport, actions_.retry});
    menu_->addSeparator();
    menu_->addMenu(pairs_);
    menu_->addActions({actions_.addPair, actions_.openPair});
    menu_->addSeparator();
    menu_->addAction(actions_.quit);
    menuButton_->setAccessibleName(tr("Menu"));
    menuButton_->setToolTip(tr("Everything that can be done, with its keys (F10)"));
    menuButton_->setIconSize(QSize(20, 20));
    menuButton_->setFocusPolicy(Qt::StrongFocus);
    connect(menuButton_, &QToolButton::clicked, this, &TopBar::openMenu);
    refreshIcons();
}

void TopBar::openMenu() {
    menu_->popup(
        menuButton_->mapToGlobal(QPoint(menuButton_->width() - menu_->sizeHint().width(), menuButton_->height() + 2)));
}

void TopBar::setPairName(const QString& name) {
    name_->setText(name);
}

void TopBar::setPage(Page page) {
    const int index = static_cast<int>(page);
    tabs_->button(index)->setChecked(true);
    for (int i = 0; i < 3; ++i)
        actions_.pages.at(static_cast<std::size_t>(i))->setChecked(i == index);
}

void TopBar::setPagesVisible(bool visible) {
    for (QAbstractButton* tab : tabs_->buttons())
        tab->setVisible(visible);
    switch_->setVisible(visible);
    export_->setVisible(visible);
    for (QAction* action : {actions_.switchOver, actions_.exportReport, actions_.retry, actions_.filter, actions_.lanes,
                            actions_.pages[0], actions_.pages[1], actions_.pages[2]})
        action->setEnabled(visible);
}

void TopBar::setPairs(const QList<QPair<QString, QString>>& namesAndFiles, const QString& current) {
    pairs_->clear();
    for (const auto& [name, file] : namesAndFiles) {
        QAction* action = pairs_->addAction(name);
        action->setCheckable(true);
        action->setChecked(file == current);
        action->setToolTip(file);
        connect(action, &QAction::triggered, this, [this, fileName = file] { Q_EMIT pairChosen(fileName); });
    }
    pairs_->setEnabled(!namesAndFiles.isEmpty());
}

void TopBar::refreshIcons() {
    actions_.refreshIcons();
    menuButton_->setIcon(themedIcon(u"menu"_s));
    switch_->setIcon(buttonIcon(u"switch"_s, theme().onAccent));
    export_->setIcon(buttonIcon(u"report"_s, theme().text));
    for (int i = 0; i < 3; ++i) {
        const QString drawing = QString::fromLatin1(kPageIcons.at(static_cast<std::size_t>(i)));
        tabs_->button(i)->setIcon(buttonIcon(drawing, theme().muted));
    }
}

void TopBar::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refreshIcons();
}

} // namespace mha
