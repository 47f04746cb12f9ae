// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <variant>

namespace mha {

/// What a mark of a chart means. Who renders it has a colour for each, and a pattern for those that lie side by side,
/// so that no two differ by colour alone.
enum class Ink {
    Text,
    Muted,
    Grid,
    Base,
    Rto,
    Budget,
    Unplanned,
    Planned,
    Detection,
    Election,
    Address,
    Container,
    Serving,
    OtherPhase, ///< of a name that is not known, or time that no phase explains
    Gap,        ///< nobody watched
    Selection,
};

/// The colour of a phase by its name.
Ink phaseInk(const QString& phase);

enum class Anchor { Begin, Middle, End };

// Lengths are CSS pixels, y grows downwards. A tip is what is said of the mark that the pointer is on.

struct Box {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;
    Ink ink = Ink::Text;
    QString tip{};
    bool hollow = false; ///< outline only
};

struct Stroke {
    double x1 = 0;
    double y1 = 0;
    double x2 = 0;
    double y2 = 0;
    Ink ink = Ink::Text;
    double width = 1;
    bool dashed = false;
};

/// Text with its baseline at y.
struct Words {
    double x = 0;
    double y = 0;
    QString text{};
    Ink ink = Ink::Text;
    Anchor anchor = Anchor::Begin;
    bool strong = false;
};

/// A moment.
struct Diamond {
    double x = 0;
    double y = 0;
    double size = 9;
    Ink ink = Ink::Text;
    QString tip{};
};

using Mark = std::variant<Box, Stroke, Words, Diamond>;

/// A chart as values, in the order in which it is painted: drawn alike in the window, in HTML and on paper.
struct Drawing {
    double width = 0;
    double height = 0;
    QString text{}; ///< what it shows, for who does not see it
    QList<Mark> marks{};
};

/// 1, 2 or 5 times a power of ten, so that at most `most` of them make up `span`. `span` is positive.
double niceStep(double span, int most);

} // namespace mha
