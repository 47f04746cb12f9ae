// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/action.h"
#include "model/event.h"
#include "model/failover.h"
#include "model/picture.h"
#include "ui/theme.h"

#include <QCoreApplication>
#include <QString>

namespace mha {

/// The window's words for the model's values. Pure; `now` is handed in.
class Wording {
    Q_DECLARE_TR_FUNCTIONS(Wording)

public:
    /// "Healthy", "Two writers".
    static QString verdict(VerdictLevel level);
    /// Who serves, in a few words: "master serves", "nobody serves".
    static QString whoServes(const Picture& picture);
    /// Is it safe, in a sentence.
    static QString safety(VerdictLevel level);
    /// What the operator does about a reason: from the table of rules; empty for a code that is not in it.
    static QString remedy(const QString& code);

    static QString linkState(LinkState state);
    static QString vrrpState(VrrpState state);
    static QString containerState(ContainerState state);
    static QString eventKind(EventKind kind);
    static QString severity(Severity severity);
    static QString failoverKind(const Failover& failover);
    static QString trigger(const QString& code);
    static QString stepState(StepState state);
    static QString outcome(Outcome outcome);

    /// "now", "5 s ago", "3 min ago".
    static QString age(Instant seenAt, Instant now);
    /// None of the last two days is wider.
    static QString widestAge();
    /// "12 s", "3 min 12 s": whole seconds, for what counts up under the reader's eye.
    static QString since(Duration duration);
    static QString widestSince();
    static QString milliseconds(Duration duration);
    /// In whole milliseconds: what trembles from one question to the next would only be repainted.
    static QString latency(Duration duration);
    /// "4.430 s": where the exact figure is asked for.
    static QString exact(Duration duration);
    static QString bytes(qint64 bytes);

    /// Desktop's local time: "03:12:45", with milliseconds, with the day.
    static QString clock(Instant at);
    static QString clockWithMilliseconds(Instant at);
    static QString dayAndClock(Instant at);
    static QString dayAndClockWithMilliseconds(Instant at);
};

Tone toneOf(Severity severity);
Tone toneOf(StepState state);
Tone toneOf(Outcome outcome);

} // namespace mha
