// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <functional>

class QPainter;

namespace mha {

/// One pattern of a legend with its word. The pattern is painted by what draws it in the picture itself.
class LegendKey : public QWidget {
    Q_OBJECT

public:
    using Paint = std::function<void(QPainter&, const QRectF&)>;

    LegendKey(Paint paint, const QString& text, QWidget* parent = nullptr);
    void setText(const QString& text);

    QSize sizeHint() const override;

    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Paint paint_;
    QString text_;
};

} // namespace mha
