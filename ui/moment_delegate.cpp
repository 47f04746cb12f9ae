// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/moment_delegate.h"

#include "ui/theme.h"

#include <QHeaderView>
#include <QTableView>

#include <utility>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

/// With the padding of the style sheet and the frame that the style leaves for the focus.
constexpr int kSideMargin = 12;
/// What has no better place to be broken is broken after so many letters.
constexpr qsizetype kLongestPart = 16;
constexpr QChar kMayBreak(0x200b);

/// A log's words: paths, ids of 64 letters, "key=value".
QString breakable(const QString& text) {
    QString result;
    qsizetype part = 0;
    for (const QChar letter : text) {
        result += letter;
        ++part;
        if (letter.isSpace()) {
            part = 0;
        } else if (part >= kLongestPart || u"/.=:,;_-"_s.contains(letter)) {
            result += kMayBreak;
            part = 0;
        }
    }
    return result;
}

} // namespace

MomentDelegate::MomentDelegate(QTableView* table) : QStyledItemDelegate(table), table_(*table) {}

bool MomentDelegate::isWhole(const QModelIndex& index) const {
    return index.row() == table_.currentIndex().row();
}

void MomentDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    if (!isWhole(index)) {
        option->features &= ~QStyleOptionViewItem::WrapText;
        return;
    }
    option->text = breakable(option->text);
    if (table_.rowHeight(index.row()) > table_.verticalHeader()->defaultSectionSize())
        option->displayAlignment = Qt::AlignLeft | Qt::AlignTop;
}

void MomentDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    if (!isWhole(index) || option.rect.height() <= table_.verticalHeader()->defaultSectionSize()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    // Its ground, and then the words with some room above them.
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const QString words = std::exchange(item.text, QString());
    const auto draw = [&] { table_.style()->drawControl(QStyle::CE_ItemViewItem, &item, painter, &table_); };
    draw();
    item.text = words;
    item.rect.setTop(item.rect.top() + kHalf);
    draw();
}

QSize MomentDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyleOptionViewItem item = option;
    initStyleOption(&item, index);
    const int width = table_.columnWidth(index.column()) - 2 * kSideMargin;
    const QRect words = QFontMetrics(item.font).boundingRect({0, 0, width, 0}, Qt::TextWordWrap, item.text);
    return {table_.columnWidth(index.column()), words.height() + 2 * kHalf};
}

} // namespace mha
