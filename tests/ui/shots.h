// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QDir>
#include <QLabel>
#include <QTest>
#include <QWidget>

namespace mha::test {

/// Writes the widget's picture for a human eye where MILVUS_HA_SHOTS names a folder; else does nothing.
inline void shoot(QWidget& widget, const QString& name) {
    const QString folder = qEnvironmentVariable("MILVUS_HA_SHOTS");
    if (folder.isEmpty())
        return;
    QTest::qWait(20); // what was laid out anew takes its place
    widget.grab().save(QDir(folder).filePath(name + QStringLiteral(".png")));
}

/// The texts of visible labels and buttons that have less room than they need, or lie outside of the window.
inline QStringList cutOff(const QWidget& top) {
    QStringList result;
    const auto look = [&](const QWidget* widget, const QString& text, const QSize& needed) {
        if (!widget->isVisibleTo(&top) || text.isEmpty())
            return;
        if (widget->width() < needed.width() || widget->height() < needed.height()) {
            result += QStringLiteral("“%1” has %2x%3, needs %4x%5")
                          .arg(text)
                          .arg(widget->width())
                          .arg(widget->height())
                          .arg(needed.width())
                          .arg(needed.height());
        }
        if (widget->mapTo(&top, QPoint(0, 0)).x() < 0 ||
            widget->mapTo(&top, QPoint(widget->width(), 0)).x() > top.width())
            result += QStringLiteral("“%1” is outside of the window").arg(text);
    };
    for (const QLabel* label : top.findChildren<QLabel*>()) {
        const QSize needed = label->wordWrap() ? QSize(0, label->heightForWidth(label->width())) : label->sizeHint();
        look(label, label->text(), needed);
    }
    for (const QAbstractButton* button : top.findChildren<QAbstractButton*>())
        look(button, button->text(), button->sizeHint());
    return result;
}

} // namespace mha::test
