// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QScrollBar>
#include <QSizeGrip>
#include <QSplitterHandle>
#include <QStringList>
#include <QTableView>
#include <QWidget>

namespace mha::test {

/// What is wrong with a window's layout, by looking at every visible widget of it: a text that has less room than it
/// needs, a widget outside of what holds it, two neighbours that lie over each other. Empty: all is well. A text that
/// ends in "…" on purpose (ElidedLabel, a table's cell) is well where the whole is its tool tip.
class LayoutCheck {
public:
    explicit LayoutCheck(const QWidget& window) : window_(window) { look(window); }

    const QStringList& faults() const { return faults_; }

    static QStringList faultsOf(const QWidget& window) { return LayoutCheck(window).faults(); }

private:
    static QString nameOf(const QWidget& widget) {
        QString name = QString::fromLatin1(widget.metaObject()->className()).remove(QStringLiteral("mha::"));
        for (const char* property : {"text", "title", "accessibleName", "objectName"}) {
            const QString text = widget.property(property).toString().simplified();
            if (!text.isEmpty())
                return name + QStringLiteral(" “") + text.left(60) + QStringLiteral("”");
        }
        return name;
    }

    static QString sizeText(QSize size) { return QStringLiteral("%1x%2").arg(size.width()).arg(size.height()); }

    /// Drawn into by others, or by the style: no part of the layout.
    static bool isDecoration(const QWidget& widget) {
        return widget.isWindow() || qobject_cast<const QScrollBar*>(&widget) != nullptr ||
               qobject_cast<const QSizeGrip*>(&widget) != nullptr ||
               qobject_cast<const QSplitterHandle*>(&widget) != nullptr || widget.inherits("QTableCornerButton") ||
               widget.testAttribute(Qt::WA_TransparentForMouseEvents);
    }

    void look(const QWidget& widget) {
        lookAtText(widget);
        QList<const QWidget*> shown;
        for (const QObject* child : widget.children()) {
            const auto* inner = qobject_cast<const QWidget*>(child);
            if (inner == nullptr || !inner->isVisibleTo(&window_) || isDecoration(*inner))
                continue;
            shown.append(inner);
            lookAtPlace(widget, *inner);
            look(*inner);
        }
        // The parts of these are placed by Qt: a view over its headers, a line edit within a box.
        if (qobject_cast<const QAbstractScrollArea*>(&widget) != nullptr ||
            qobject_cast<const QComboBox*>(&widget) != nullptr)
            return;
        for (qsizetype i = 0; i < shown.size(); ++i) {
            for (qsizetype j = i + 1; j < shown.size(); ++j) {
                if (shown.at(i)->geometry().intersects(shown.at(j)->geometry())) {
                    faults_ +=
                        QStringLiteral("%1 and %2 lie over each other").arg(nameOf(*shown.at(i)), nameOf(*shown.at(j)));
                }
            }
        }
    }

    /// Within its parent; but what scrolls may be higher (and only higher) than what it scrolls in.
    void lookAtPlace(const QWidget& parent, const QWidget& inner) {
        const QRect place = inner.geometry();
        const auto* area = qobject_cast<const QAbstractScrollArea*>(parent.parentWidget());
        const bool scrolls = area != nullptr && area->viewport() == &parent;
        const bool wide = place.left() < 0 || place.right() > parent.width() - 1;
        const bool high = !scrolls && (place.top() < 0 || place.bottom() > parent.height() - 1);
        const bool scrollsWide = scrolls && area->horizontalScrollBar()->maximum() > 0;
        if ((wide && !scrollsWide) || high) {
            faults_ += QStringLiteral("%1 at %2,%3 %4 is outside of %5 %6")
                           .arg(nameOf(inner))
                           .arg(place.x())
                           .arg(place.y())
                           .arg(sizeText(place.size()), nameOf(parent), sizeText(parent.size()));
        }
    }

    void need(const QWidget& widget, QSize needed) {
        if (widget.width() < needed.width() || widget.height() < needed.height()) {
            faults_ +=
                QStringLiteral("%1 has %2, needs %3").arg(nameOf(widget), sizeText(widget.size()), sizeText(needed));
        }
    }

    void lookAtText(const QWidget& widget) {
        if (const auto* label = qobject_cast<const QLabel*>(&widget)) {
            if (label->text().isEmpty())
                return;
            need(widget, label->wordWrap() ? QSize(0, label->heightForWidth(label->width())) : label->sizeHint());
        } else if (const auto* button = qobject_cast<const QAbstractButton*>(&widget)) {
            if (!button->text().isEmpty())
                need(widget, button->sizeHint());
        } else if (const auto* box = qobject_cast<const QComboBox*>(&widget)) {
            need(widget, box->minimumSizeHint());
        } else if (const auto* header = qobject_cast<const QHeaderView*>(&widget)) {
            lookAtHeader(*header);
        } else if (widget.inherits("mha::ElidedLabel")) {
            if (widget.width() < widget.sizeHint().width() && widget.toolTip().isEmpty())
                faults_ += QStringLiteral("%1 is elided and has no tool tip").arg(nameOf(widget));
        }
    }

    void lookAtHeader(const QHeaderView& header) {
        if (header.orientation() != Qt::Horizontal || header.model() == nullptr)
            return;
        for (int section = 0; section < header.count(); ++section) {
            const int needed = header.sectionSizeHint(section);
            if (!header.isSectionHidden(section) && header.sectionSize(section) < needed) {
                faults_ += QStringLiteral("table header “%1” has %2, needs %3")
                               .arg(header.model()->headerData(section, Qt::Horizontal).toString())
                               .arg(header.sectionSize(section))
                               .arg(needed);
            }
        }
    }

    const QWidget& window_;
    QStringList faults_;
};

} // namespace mha::test
