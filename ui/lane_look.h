// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/picture.h"

#include <QCoreApplication>
#include <QString>

namespace mha {

/// How a span is meant; each has a pattern of its own, so that colour is not needed.
enum class LaneMark { Good, Idle, Busy, Bad, Unknown };

/// What a lane shows at one time.
struct LaneLook {
    LaneMark mark = LaneMark::Unknown;
    QString text;
    bool operator==(const LaneLook&) const = default;
};

/// The looks of the lanes: of a state by itself, and of what a picture says. Pure.
class LaneLooks {
    Q_DECLARE_TR_FUNCTIONS(LaneLooks)

public:
    static LaneLook unknown();
    static LaneLook throughVip(bool answers);
    static LaneLook keepalivedStopped();
    static LaneLook vrrp(VrrpState state);
    static LaneLook vip(bool held);
    static LaneLook linkDown();
    static LaneLook container(ContainerState state);
    static LaneLook serving();
    static LaneLook notServing(bool containerRuns);

    static LaneLook throughVip(const Picture& picture);
    static LaneLook vrrp(const NodePicture& node);
    static LaneLook vip(const NodePicture& node);
    static LaneLook container(const NodePicture& node);
    static LaneLook serving(const NodePicture& node);
};

} // namespace mha
