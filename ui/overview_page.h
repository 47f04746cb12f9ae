// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"
#include "model/picture.h"

#include <QScrollArea>

#include <array>

namespace mha {

class LanePanel;
class NodeCard;

/// Two node cards over the lanes of the last minutes. Scrolls where the window is too low for both.
class OverviewPage : public QScrollArea {
    Q_OBJECT

public:
    explicit OverviewPage(QWidget* parent = nullptr);

    void showPicture(const Picture& picture, const Pair& pair, Instant now);
    void tick(Instant now);

    LanePanel& lanes() { return *lanes_; }

    NodeCard& card(int node) { return *cards_.at(static_cast<std::size_t>(node)); }

Q_SIGNALS:
    void retryWanted();

private:
    std::array<NodeCard*, 2> cards_;
    LanePanel* lanes_;
};

} // namespace mha
