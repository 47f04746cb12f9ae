// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/screenshot.h"

#include "model/error.h"
#include "ui/main_window.h"
#include "ui/pair_session.h"

#include <QCoreApplication>
#include <QPixmap>
#include <QTextStream>
#include <QTimer>

using namespace std::chrono_literals;

namespace mha {

namespace {

/// The lanes want something to show, and the history's pages are read beside the GUI thread.
constexpr auto kSettle = 1500ms;
/// A node that neither answers nor refuses must not hold the picture up for ever.
constexpr auto kAtMost = 15s;

} // namespace

Screenshot::Screenshot(MainWindow& window, ScreenshotOptions options)
    : QObject(&window), window_(window), options_(std::move(options)) {
    const auto after = [this](std::chrono::milliseconds wait) { QTimer::singleShot(wait, this, &Screenshot::take); };
    if (options_.after)
        after(std::chrono::duration_cast<std::chrono::milliseconds>(*options_.after));
    else if (window.session() == nullptr || window.session()->complete())
        after(kSettle);
    else {
        connect(window.session(), &PairSession::completed, this, [after] { after(kSettle); });
        after(kAtMost);
    }
}

void Screenshot::take() {
    if (taken_)
        return;
    taken_ = true;
    const bool written = window_.grab().save(options_.fileName, "PNG");
    if (!written)
        QTextStream(stderr)
            << tr("%1: The picture cannot be written. Choose a folder that may be written.").arg(options_.fileName)
            << '\n';
    window_.close();
    QCoreApplication::exit(written ? 0 : exitCode(ErrorCode::Storage));
}

} // namespace mha
