// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme.h"

#include <QObject>

namespace mha {

/// Puts the theme onto the application (palette and style sheet) and, with ThemeChoice::System, follows the desktop
/// when it turns light or dark while the window is open. Owned by main(); GUI thread.
class Style : public QObject {
    Q_OBJECT

public:
    explicit Style(ThemeChoice choice, QObject* parent = nullptr);

    void choose(ThemeChoice choice);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void put();

    ThemeChoice choice_;
    bool putting_ = false;
};

/// The application's style sheet for a theme. Widgets opt into a look by the dynamic property "look": "primary",
/// "danger", "quiet", "tab", "card", "title", "muted" ….
QString styleSheetOf(const Theme& theme);

} // namespace mha
