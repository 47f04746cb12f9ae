// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/time.h"

#include <QObject>

#include <optional>

namespace mha {

class MainWindow;

struct ScreenshotOptions {
    QString fileName;
    std::optional<Duration> after; ///< nothing: when the pair's picture is complete
};

/// Takes the window's picture once and ends the program: 0, or the exit code of a file that cannot be written. Works
/// without a display. Child of the window.
class Screenshot : public QObject {
    Q_OBJECT

public:
    Screenshot(MainWindow& window, ScreenshotOptions options);

private:
    void take();

    MainWindow& window_;
    ScreenshotOptions options_;
    bool taken_ = false;
};

} // namespace mha
