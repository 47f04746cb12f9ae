// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/maintenance.h"

#include <QDialog>

class QButtonGroup;
class QPushButton;
class QVBoxLayout;

namespace mha {

class Field;
class Notice;

/// Asks why and for how long service shall stay away from a node, says what that means for the pair, and is armed only
/// while it may begin. It runs nothing itself: beginWanted asks, showResult() tells. GUI thread, window-modal.
class MaintenanceDialog : public QDialog {
    Q_OBJECT

public:
    MaintenanceDialog(Pair pair, int node, QString owner, QWidget* parent = nullptr);

    void showPicture(const Picture& picture);
    /// It was begun, and the dialog closes; or why it was not.
    void showResult(const std::optional<Error>& error);

    int node() const { return request_.node; }

Q_SIGNALS:
    void beginWanted(const mha::MaintenanceRequest& request);

private:
    void addTimes(QVBoxLayout* column);
    MaintenanceRequest wanted() const;
    void refresh();

    Pair pair_;
    MaintenanceRequest request_;
    Picture picture_;
    bool asked_ = false;
    Field* reason_;
    QButtonGroup* times_;
    Notice* means_;
    Notice* wrong_;
    QPushButton* begin_;
};

} // namespace mha
