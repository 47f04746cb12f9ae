// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"
#include "model/picture.h"

#include <QWidget>

#include <array>

namespace mha {

class IconView;
class Label;

/// The pair in a few words, for beside a running action: does the VIP answer, and on each node VIP, VRRP, container.
class LivePair : public QWidget {
    Q_OBJECT

public:
    explicit LivePair(QWidget* parent = nullptr);
    void showPicture(const Picture& picture, const Pair& pair);
    /// Time since the action began.
    void showElapsed(Duration elapsed);

private:
    struct Row {
        IconView* icon = nullptr;
        Label* title = nullptr;
        Label* text = nullptr;
    };

    Label* elapsed_;
    std::array<Row, 3> rows_{};
};

} // namespace mha
