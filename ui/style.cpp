// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style.h"

#include <QApplication>
#include <QEvent>
#include <QStyleFactory>

using namespace Qt::StringLiterals;

/// The drawings are linked into a static library: unless they are asked for by name, the linker leaves them out.
static void loadDrawings() {
    Q_INIT_RESOURCE(milvus_ha);
}

namespace mha {

namespace {

// @name stands for a colour of the theme. Sizes come from the 8 px grid of theme.h.
constexpr auto kSheet = R"(
* { outline: 0; }
QToolTip { background: @text; color: @surface; border: 0; padding: 6px 8px; }
QDialog, QMainWindow { background: @window; }

QLabel[look="muted"] { color: @muted; }
QLabel[look="accent"] { color: @accent; }

QFrame[look="card"] { background: @surface; border: 1px solid @border; border-radius: 8px; }
QFrame[look="bar"] { background: @surface; border: 0; border-bottom: 1px solid @border; }
QFrame[look="foot"] { background: @surface; border: 0; border-top: 1px solid @border; }
QFrame[look="line"] { background: @border; border: 0; min-height: 1px; max-height: 1px; }

QPushButton {
  background: @surface; color: @text; border: 1px solid @controlBorder; border-radius: 6px;
  padding: 0 14px; min-height: 30px;
}
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @border; }
QPushButton:focus { border: 2px solid @accent; padding: 0 13px; min-height: 28px; }
QPushButton:disabled { color: @controlBorder; background: @window; border-color: @border; }
QPushButton[look="primary"] { background: @accent; color: @onAccent; border: 1px solid @accent; font-weight: bold; }
QPushButton[look="primary"]:hover { background: @text; border-color: @text; color: @surface; }
QPushButton[look="primary"]:focus { border: 2px solid @text; }
QPushButton[look="primary"]:disabled { background: @window; color: @controlBorder; border-color: @border; }
QPushButton[look="danger"] { background: @surface; color: @bad; border: 1px solid @bad; font-weight: bold; }
QPushButton[look="danger"]:hover { background: @badSoft; }
QPushButton[look="danger"]:focus { border: 2px solid @bad; }
QPushButton[look="danger"]:disabled { color: @controlBorder; border-color: @border; background: @window; }
QPushButton[look="small"] { min-height: 24px; padding: 0 10px; }
QPushButton[look="small"][menu="true"] { padding-right: 26px; }
QPushButton::menu-indicator { image: url(:/icons/arrow-@mode.svg); width: 14px; height: 14px; subcontrol-origin: padding; subcontrol-position: center right; right: 8px; }
QPushButton[look="small"]:focus { min-height: 22px; padding: 0 9px; }

QPushButton[look="tab"] {
  background: transparent; border: 0; border-radius: 6px; padding: 0 14px; color: @muted; font-weight: bold;
}
QPushButton[look="tab"]:hover { background: @hover; color: @text; }
QPushButton[look="tab"]:checked { background: @accentSoft; color: @accent; }
QPushButton[look="tab"]:focus { border: 2px solid @accent; padding: 0 12px; min-height: 26px; }
QPushButton[look="segment"] { padding: 0 10px; min-height: 24px; border-radius: 6px; background: transparent; border: 1px solid transparent; color: @muted; }
QPushButton[look="segment"]:hover { background: @hover; color: @text; }
QPushButton[look="segment"]:checked { background: @accentSoft; color: @accent; font-weight: bold; }
QPushButton[look="segment"]:focus { border: 2px solid @accent; padding: 0 9px; min-height: 22px; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 3px 6px; min-height: 24px; color: @text; }
QToolButton:hover { background: @hover; }
QToolButton:focus { border: 2px solid @accent; padding: 2px 5px; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox, QDateTimeEdit, QPlainTextEdit {
  background: @surface; color: @text; border: 1px solid @controlBorder; border-radius: 6px; padding: 0 8px; min-height: 30px;
  selection-background-color: @accent; selection-color: @onAccent;
}
QLineEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateTimeEdit:focus, QPlainTextEdit:focus { border: 2px solid @accent; padding: 0 7px; min-height: 28px; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QDateTimeEdit:disabled { color: @controlBorder; background: @window; border-color: @border; }
QLineEdit[wrong="true"] { border: 2px solid @bad; padding: 0 7px; min-height: 28px; }
QComboBox { padding-right: 4px; }
QComboBox::drop-down, QDateTimeEdit::drop-down { border: 0; width: 24px; }
QComboBox::down-arrow, QDateTimeEdit::down-arrow { image: url(:/icons/arrow-@mode.svg); width: 16px; height: 16px; }
QComboBox QAbstractItemView { background: @surface; color: @text; border: 1px solid @controlBorder; selection-background-color: @accentSoft; selection-color: @text; outline: 0; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { width: 0; border: 0; }

QTableView {
  background: @surface; alternate-background-color: @surface; color: @text; border: 0; gridline-color: transparent;
  selection-background-color: @accentSoft; selection-color: @text;
}
QTableView::item { border-bottom: 1px solid @border; padding: 0 8px; }
QTableView::item:selected { background: @accentSoft; color: @text; }
QHeaderView { background: @surface; border: 0; }
QHeaderView::section { background: @surface; color: @muted; border: 0; border-bottom: 1px solid @controlBorder; padding: 6px 8px 6px 11px; font-weight: bold; }
QHeaderView::down-arrow { image: url(:/icons/arrow-@mode.svg); width: 14px; height: 14px; }
QHeaderView::up-arrow { image: url(:/icons/arrow-up-@mode.svg); width: 14px; height: 14px; }
QTableCornerButton::section { background: @surface; border: 0; }

QScrollArea, QScrollArea > QWidget > QWidget[look="page"] { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: @border; border-radius: 4px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: @controlBorder; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QMenu { background: @surface; color: @text; border: 1px solid @controlBorder; padding: 6px; }
QMenu::item { padding: 7px 28px 7px 12px; border-radius: 4px; }
QMenu::item:selected { background: @accentSoft; color: @text; }
QMenu::item:disabled { color: @controlBorder; }
QMenu::separator { height: 1px; background: @border; margin: 6px 4px; }
QMenu::icon { padding-left: 8px; }

QCheckBox { color: @text; spacing: 8px; min-height: 24px; }
QCheckBox::indicator { width: 18px; height: 18px; border: 1px solid @controlBorder; border-radius: 4px; background: @surface; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url(:/icons/tick-@mode.svg); }
QCheckBox::indicator:focus { border: 2px solid @accent; }
)";

} // namespace

QString styleSheetOf(const Theme& t) {
    QString sheet = QString::fromLatin1(kSheet);
    // Longer names first: "@text" must not eat the beginning of another name.
    const QList<QPair<QString, QColor>> colors = {
        {u"@controlBorder"_s, t.controlBorder},
        {u"@accentSoft"_s, t.accentSoft},
        {u"@onAccent"_s, t.onAccent},
        {u"@badSoft"_s, t.badSoft},
        {u"@surface"_s, t.surface},
        {u"@window"_s, t.window},
        {u"@accent"_s, t.accent},
        {u"@border"_s, t.border},
        {u"@hover"_s, t.hover},
        {u"@muted"_s, t.muted},
        {u"@text"_s, t.text},
        {u"@bad"_s, t.bad},
    };
    for (const auto& [name, color] : colors)
        sheet.replace(name, color.name());
    sheet.replace(u"@mode"_s, t.dark ? u"dark"_s : u"light"_s);
    return sheet;
}

Style::Style(ThemeChoice choice, QObject* parent) : QObject(parent), choice_(choice) {
    loadDrawings();
    if (QStyle* fusion = QStyleFactory::create(u"Fusion"_s))
        QApplication::setStyle(fusion);
    put();
    qApp->installEventFilter(this);
}

void Style::choose(ThemeChoice choice) {
    choice_ = choice;
    put();
}

bool Style::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::ThemeChange && choice_ == ThemeChoice::System && !putting_)
        QMetaObject::invokeMethod(this, &Style::put, Qt::QueuedConnection);
    return QObject::eventFilter(watched, event);
}

void Style::put() {
    putting_ = true;
    bool dark = choice_ == ThemeChoice::Dark;
    if (choice_ == ThemeChoice::System) {
        // With no palette of ours in the way the application shows the desktop's own.
        QApplication::setPalette(QPalette());
        dark = isDark(QGuiApplication::palette());
    }
    const Theme& t = dark ? darkTheme() : lightTheme();
    QApplication::setPalette(paletteOf(t));
    qApp->setStyleSheet(styleSheetOf(t));
    putting_ = false;
}

} // namespace mha
