// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

class QTableView;

namespace mha {

/// Paints the rows of a table that wraps words one line each, but the chosen one whole: within its row, which may be
/// high, it begins at the top, and a word that is too long goes on in the next line.
class MomentDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    explicit MomentDelegate(QTableView* table);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

private:
    bool isWhole(const QModelIndex& index) const;

    const QTableView& table_;
};

} // namespace mha
