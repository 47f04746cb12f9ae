// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/availability.h"
#include "report/html_words.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr double kLeft = 64;
constexpr double kRight = 92;
constexpr double kTop = 18;
constexpr double kBottom = 24;
constexpr double kLeastBand = 9;
constexpr double kWidestBar = 44;
/// A day that lost hours would flatten the seconds of all the others: the axis ends at this many budgets.
constexpr double kMostBudgets = 3;
constexpr double kTickText = 68;

struct Plot {
    double width = 0;
    double height = 0;
    double top = 1; ///< seconds at the upper end

    double bottom() const { return height - kBottom; }

    double y(Duration duration) const {
        return bottom() - (bottom() - kTop) * std::min(toSeconds(duration), top) / top;
    }
};

/// Seconds at the upper end and between the lines: round in the unit in which they are read.
struct Scale {
    double top = 1;
    double step = 1;
};

Scale scaleFor(const QList<AvailabilitySpan>& spans) {
    double budget = 0;
    double worst = 0;
    for (const AvailabilitySpan& span : spans) {
        budget = std::max(budget, toSeconds(span.budget));
        worst = std::max(worst, toSeconds(span.outage));
    }
    const double top = std::max(budget > 0 ? std::min(worst, budget * kMostBudgets) : worst, budget) * 1.1;
    const double unit = top >= 2 * 3600 ? 3600 : top >= 120 ? 60 : 1;
    const double step = niceStep(std::max(top, 0.1) / unit, 4) * unit;
    return {std::ceil(std::max(top, 0.1) / step) * step, step};
}

QString labelOf(const AvailabilitySpan& span, CalendarUnit unit, const QTimeZone& zone) {
    const QString name = spanName(span, unit, zone);
    return unit == CalendarUnit::Month ? name : name.right(5); // month and day
}

void drawGrid(Drawing& drawing, const Plot& plot, const Scale& scale) {
    for (int line = 0; line * scale.step <= scale.top * 1.0001; ++line) {
        const Duration at = fromSeconds(line * scale.step);
        const double y = plot.y(at);
        drawing.marks.append(Stroke{kLeft, y, plot.width - kRight, y, line == 0 ? Ink::Base : Ink::Grid});
        drawing.marks.append(Words{kLeft - 8, y + 4, line == 0 ? u"0"_s : objectiveText(at), Ink::Muted, Anchor::End});
    }
}

void drawSpan(Drawing& drawing, const Plot& plot, const AvailabilitySpan& span, double left, double band,
              const QString& tip) {
    const double width = std::min(kWidestBar, band * 0.7);
    const double x = left + (band - width) / 2;
    if (span.covered == Duration::zero()) {
        drawing.marks.append(Box{left, kTop, band, plot.bottom() - kTop, Ink::Gap, tip});
        return;
    }
    // What is pointed at is the whole column: a day without an outage has figures as well.
    drawing.marks.append(Box{left, kTop, band, plot.bottom() - kTop, Ink::Grid, tip, true});
    const double share = toSeconds(span.covered) / toSeconds(span.until - span.from);
    if (share < 0.999)
        drawing.marks.append(Box{x, plot.bottom() + 1, width * (1 - share), 4, Ink::Gap});
    const double top = plot.y(span.outage);
    const double middle = plot.y(span.outage - span.plannedOutage);
    constexpr double kLeast = 2; // an outage of a second is seen on a scale of hours
    if (span.outage > span.plannedOutage) {
        const double y = std::min(middle, plot.bottom() - kLeast);
        drawing.marks.append(Box{x, y, width, plot.bottom() - y, Ink::Unplanned, tip});
    }
    if (span.plannedOutage > Duration::zero()) {
        const double y = std::min(top, middle - kLeast);
        drawing.marks.append(Box{x, y, width, middle - y, Ink::Planned, tip});
    }
    if (toSeconds(span.outage) > plot.top)
        drawing.marks.append(Words{x + width / 2, kTop - 5, lengthText(span.outage), Ink::Text, Anchor::Middle, true});
}

} // namespace

QString spanText(const AvailabilitySpan& span, CalendarUnit unit, const QTimeZone& zone) {
    const QString name = spanName(span, unit, zone);
    if (!span.availability)
        return u"%1: not watched"_s.arg(name);
    QString text = u"%1: %2 available. Without service for %3"_s.arg(name, percentText(*span.availability),
                                                                     lengthText(span.outage));
    if (span.plannedOutage > Duration::zero())
        text += u", %1 of it planned"_s.arg(lengthText(span.plannedOutage));
    text += span.kept() ? u"; %1 of the error budget of %2 left"_s.arg(lengthText(span.budget - span.outage),
                                                                       lengthText(span.budget))
                        : u"; over the error budget of %2 by %1"_s.arg(lengthText(span.outage - span.budget),
                                                                       lengthText(span.budget));
    if (span.covered < span.until - span.from)
        text += u". Watched for %1 of %2"_s.arg(lengthText(span.covered), lengthText(span.until - span.from));
    return text;
}

Drawing availabilityChart(const QList<AvailabilitySpan>& all, CalendarUnit unit, const QTimeZone& zone, double width,
                          double height) {
    const double room = std::max(width - kLeft - kRight, kLeastBand);
    const QList<AvailabilitySpan> spans = all.last(std::min(all.size(), static_cast<qsizetype>(room / kLeastBand)));
    const Scale scale = scaleFor(spans);
    const Plot plot{width, height, scale.top};
    const double band = room / static_cast<double>(std::max<qsizetype>(spans.size(), 1));
    const auto everyLabel = static_cast<qsizetype>(std::max(1.0, std::ceil(kTickText / band)));
    Drawing drawing{
        width, height,
        u"Time without service in each %1, against its error budget"_s.arg(unit == CalendarUnit::Day    ? u"day"_s
                                                                           : unit == CalendarUnit::Week ? u"week"_s
                                                                                                        : u"month"_s)};
    drawGrid(drawing, plot, scale);
    double lastY = -1;
    for (qsizetype i = 0; i < spans.size(); ++i) {
        const AvailabilitySpan& span = spans[i];
        const double left = kLeft + static_cast<double>(i) * band;
        drawSpan(drawing, plot, span, left, band, spanText(span, unit, zone));
        if (i % everyLabel == 0) {
            drawing.marks.append(
                Words{left + band / 2, height - 6, labelOf(span, unit, zone), Ink::Muted, Anchor::Middle});
        }
        if (!span.availability) {
            lastY = -1;
            continue;
        }
        const double y = plot.y(span.budget);
        if (lastY >= 0 && std::abs(lastY - y) > 0.1)
            drawing.marks.append(Stroke{left, lastY, left, y, Ink::Budget, 1.5, true});
        drawing.marks.append(Stroke{left, y, left + band, y, Ink::Budget, 1.5, true});
        lastY = y;
    }
    if (lastY >= 0)
        drawing.marks.append(Words{width - kRight + 6, lastY + 4, u"error budget"_s, Ink::Budget, Anchor::Begin, true});
    return drawing;
}

} // namespace mha
