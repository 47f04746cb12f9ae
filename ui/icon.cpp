// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/icon.h"

#include <QFile>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

using namespace Qt::StringLiterals;

namespace mha {

QPixmap iconPixmap(const QString& name, int size, const QColor& color, qreal ratio) {
    const QString key = u"mha-%1-%2-%3-%4"_s.arg(name).arg(size).arg(color.name()).arg(ratio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    const int pixels = qRound(size * ratio);
    pixmap = QPixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QFile file(u":/icons/%1.svg"_s.arg(name));
    if (file.open(QIODevice::ReadOnly)) {
        QSvgRenderer renderer(file.readAll().replace("currentColor", color.name().toLatin1()));
        QPainter painter(&pixmap);
        renderer.render(&painter);
    }
    pixmap.setDevicePixelRatio(ratio);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QIcon themedIcon(const QString& name) {
    return themedIcon(name, theme().text);
}

QIcon themedIcon(const QString& name, const QColor& color) {
    QIcon icon;
    for (const qreal ratio : {1.0, 2.0}) {
        icon.addPixmap(iconPixmap(name, 18, color, ratio));
        icon.addPixmap(iconPixmap(name, 18, theme().controlBorder, ratio), QIcon::Disabled);
    }
    return icon;
}

QIcon buttonIcon(const QString& name, const QColor& color) {
    QIcon icon;
    for (const qreal ratio : {1.0, 2.0}) {
        for (const QIcon::Mode mode : {QIcon::Normal, QIcon::Disabled}) {
            QPixmap pixmap(kButtonIcon * ratio);
            pixmap.fill(Qt::transparent);
            pixmap.setDevicePixelRatio(ratio);
            QPainter painter(&pixmap);
            painter.drawPixmap(
                0, 0,
                iconPixmap(name, kButtonIcon.height(), mode == QIcon::Normal ? color : theme().controlBorder, ratio));
            painter.end();
            icon.addPixmap(pixmap, mode);
        }
    }
    return icon;
}

QString verdictIcon(VerdictLevel level) {
    switch (level) {
    case VerdictLevel::Healthy:
        return u"healthy"_s;
    case VerdictLevel::Degraded:
        return u"degraded"_s;
    case VerdictLevel::Switching:
        return u"switching"_s;
    case VerdictLevel::Unknown:
        return u"unknown"_s;
    case VerdictLevel::Down:
        return u"down"_s;
    case VerdictLevel::SplitBrain:
        return u"split-brain"_s;
    case VerdictLevel::TwoWriters:
        return u"two-writers"_s;
    }
    return u"unknown"_s;
}

QString toneIcon(Tone tone) {
    switch (tone) {
    case Tone::Plain:
        return u"idle"_s;
    case Tone::Good:
        return u"good"_s;
    case Tone::Busy:
        return u"switching"_s;
    case Tone::Warn:
        return u"degraded"_s;
    case Tone::Bad:
        return u"down"_s;
    case Tone::Unknown:
        return u"unknown"_s;
    }
    return u"unknown"_s;
}

IconView::IconView(int size, QWidget* parent) : QWidget(parent), size_(size) {
    setFixedSize(size, size);
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

void IconView::setIcon(const QString& name, Tone tone) {
    if (name_ == name && tone_ == tone && !color_.isValid())
        return;
    name_ = name;
    tone_ = tone;
    color_ = QColor();
    update();
}

void IconView::setIcon(const QString& name, const QColor& color) {
    if (name_ == name && color_ == color)
        return;
    name_ = name;
    color_ = color;
    update();
}

void IconView::paintEvent(QPaintEvent*) {
    if (name_.isEmpty())
        return;
    QPainter painter(this);
    const QColor color = color_.isValid() ? color_ : toneColor(theme(), tone_);
    painter.drawPixmap(0, 0, iconPixmap(name_, size_, color, devicePixelRatioF()));
}

} // namespace mha
