// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/drawing.h"

#include <QSize>
#include <QStringList>

#include <memory>

class QPainter;

namespace mha {

/// A document for A4, written from its begin to its end: texts, tables whose header is on every page, and charts, which
/// are not cut by the end of a page. Needs a QGuiApplication; one thread.
class Paper {
public:
    enum class Text { Eyebrow, Title, Heading, Body, Strong, Muted };

    struct Column {
        QString title;
        int share = 1; ///< of the width
        bool number = false;
    };

    explicit Paper(const QString& footer);
    ~Paper();

    /// What a chart is to be as wide as, in pixels of 1/96 inch.
    double width() const;

    void add(Text look, const QString& text);
    /// A chart with its title and legend, all on one page.
    void add(const Drawing& drawing, const QString& title = {}, const QList<QPair<Ink, QString>>& keys = {});
    /// Cells in the order of the columns; a line end within a cell begins a muted line.
    void add(const QList<Column>& columns, const QList<QStringList>& rows);
    /// Next to each other: muted label, large figure, muted note.
    void addFigures(const QList<QStringList>& figures);

    // These end the document: nothing is added after them. A page is painted at 96 dots to the inch.
    int pages();
    void paint(QPainter& painter, int page);
    QSize pageSize() const;
    QByteArray pdf();

private:
    class Inside;
    std::unique_ptr<Inside> inside_;
};

} // namespace mha
