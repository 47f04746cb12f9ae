// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pair_view.h"

#include <QFrame>

#include <array>

class QAction;
class QButtonGroup;
class QMenu;
class QPushButton;
class QToolButton;

namespace mha {

class ElidedLabel;

/// The window's actions, made once: bar, menu and keys use the same.
struct Actions {
    explicit Actions(QObject* owner);

    QAction* switchOver;
    QAction* exportReport;
    QAction* retry;
    QAction* addPair;
    QAction* openPair;
    QAction* filter;
    QAction* lanes;
    std::array<QAction*, 3> pages;
    QAction* quit;

    QList<QAction*> all() const;
    /// Drawings in the theme's colours; again after light turned dark.
    void refreshIcons() const;
};

/// The strip on top: which pair, which page, and what can be done. Every action is in the menu with its keys.
class TopBar : public QFrame {
    Q_OBJECT

public:
    explicit TopBar(const Actions& actions, QWidget* parent = nullptr);

    void setPairName(const QString& name);
    void setPage(Page page);
    /// Without a pair there are no pages to choose.
    void setPagesVisible(bool visible);
    /// Pairs to change to, by name and file; shown in the menu.
    void setPairs(const QList<QPair<QString, QString>>& namesAndFiles, const QString& current);

    QMenu* menu() const { return menu_; }

    void openMenu();

Q_SIGNALS:
    void pairChosen(const QString& fileName);

protected:
    void changeEvent(QEvent* event) override;

private:
    void refreshIcons();

    Actions actions_;
    ElidedLabel* name_;
    QButtonGroup* tabs_;
    QPushButton* switch_;
    QPushButton* export_;
    QToolButton* menuButton_;
    QMenu* menu_;
    QMenu* pairs_;
};

} // namespace mha
