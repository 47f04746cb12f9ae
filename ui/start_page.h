// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pair_files.h"

#include <QWidget>

class QVBoxLayout;

namespace mha {

/// What the window shows while no pair is open: the first run, a choice among several pair files, or what is wrong with
/// the one that was asked for.
class StartPage : public QWidget {
    Q_OBJECT

public:
    explicit StartPage(QWidget* parent = nullptr);

    void showFirstRun(const QString& folder);
    void showChoice(const QList<PairFile>& files);
    void showBroken(const Error& error);

Q_SIGNALS:
    void addWanted();
    void openWanted();
    void retryWanted(); ///< read the broken file again
    void pairChosen(const QString& fileName);

private:
    void show(QWidget* body);

    QVBoxLayout* column_;
    QWidget* body_ = nullptr;
};

} // namespace mha
