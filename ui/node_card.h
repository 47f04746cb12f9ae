// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"
#include "model/picture.h"

#include <QFrame>

#include <array>

class QGridLayout;
class QPushButton;

namespace mha {

class Badge;
class ElidedLabel;
class IconView;
class Label;
class Notice;
struct FactText;

/// One node of the pair: name, address, role, the VIP where it is, and what is known of VRRP, container, Milvus and
/// storage, each with its age. What is not known says so and why; what is old is shown as old. GUI thread.
class NodeCard : public QFrame {
    Q_OBJECT

public:
    explicit NodeCard(QWidget* parent = nullptr);

    void showNode(const Picture& picture, const Pair& pair, int node, Instant now);
    /// Lets the ages count.
    void tick(Instant now);
    /// Whether something may be done from here: not in a replay or in the past.
    void setActing(bool acting);

Q_SIGNALS:
    void retryWanted();
    void maintenanceWanted();
    void maintenanceEndWanted();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Row {
        IconView* icon = nullptr;
        Label* value = nullptr;
        ElidedLabel* detail = nullptr;
        ElidedLabel* more = nullptr;
        Label* age = nullptr;
    };

    Row addRow(QGridLayout* grid, const QString& name);
    void showRow(const Row& row, const FactText& text);
    void showLink(const FactText& link);
    /// What is wrong with the connection, else the maintenance of the node.
    void showNotice();
    void refresh();

    NodePicture node_;
    bool shown_ = false;
    bool holdsVip_ = false;
    bool acting_ = false;
    Instant now_;
    ElidedLabel* name_;
    Label* address_;
    Badge* role_;
    Badge* vip_;
    Badge* link_;
    Notice* notice_;
    QPushButton* maintain_;
    std::array<Row, 4> rows_{};
};

} // namespace mha
