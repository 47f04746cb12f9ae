// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/waterfall.h"

#include "report/csv.h"
#include "report/html_words.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr double kNodeColumn = 84;
constexpr double kLeft = kNodeColumn + 96;
constexpr double kRight = 132; ///< room for the figure behind the longest bar
constexpr double kTop = 22;
constexpr double kRow = 24;
constexpr double kBar = 12;
constexpr double kAxis = 26;
constexpr double kAxisText = 210; ///< what the axis is about, and half of the RTO's label
constexpr int kMostTicks = 8;
constexpr qsizetype kLongestName = 12; ///< letters that fit into kNodeColumn

QString shortened(const QString& name) {
    return name.size() <= kLongestName ? name : name.left(kLongestName - 1) + u'…';
}

QString figureText(Duration duration, Duration error) {
    return error > Duration::zero() ? lengthText(duration) + u' ' + errorText(error) : lengthText(duration);
}

/// Places rows from the top; times are relative to its begin.
class Fall {
public:
    Fall(const Failover& failover, const QList<Event>& events, Duration rto, const QTimeZone& zone, double width)
        : failover_(failover), rto_(rto), zone_(zone), width_(width) {
        Duration last = std::max(failover.recovery() + failover.error, rto);
        for (const Phase& phase : failover.phases) {
            begin_ = std::min(begin_, phase.start);
            last = std::max(last, phase.start + phase.duration + phase.error);
        }
        for (const Move& move : failover.moves)
            last = std::max(last, move.at - failover.startedAt);
        // A tenth before and behind, so that what led to it is seen.
        const Duration margin = std::max<Duration>((last - begin_) / 10, std::chrono::milliseconds(1));
        begin_ -= margin;
        end_ = last + margin / 2;
        for (const Event& event : events) {
            const Duration at = event.at - failover.startedAt;
            if (at >= begin_ && at <= end_)
                events_.append(event);
        }
    }

    Drawing draw() {
        row({}, u"outage"_s, Duration::zero(), failover_.recovery(), failover_.error,
            failover_.planned() ? Ink::Planned : Ink::Unplanned, false);
        for (const Phase& phase : failover_.phases)
            row(phase.node, phase.name, phase.start, phase.duration, phase.error, phaseInk(phase.name), phase.parallel);
        if (!failover_.moves.isEmpty())
            moves();
        QStringList nodes;
        for (const Event& event : std::as_const(events_)) {
            if (!nodes.contains(event.node))
                nodes.append(event.node);
        }
        for (const QString& node : std::as_const(nodes))
            eventRow(node);
        return whole();
    }

private:
    double x(Duration at) const {
        return kLeft + (width_ - kLeft - kRight) * toSeconds(at - begin_) / toSeconds(end_ - begin_);
    }

    double middle() const { return y_ + kRow / 2; }

    void name(const QString& node, const QString& what) {
        rows_.append(Words{0, middle() + 4, shortened(node), Ink::Text, Anchor::Begin, true});
        rows_.append(Words{kNodeColumn, middle() + 4, what, Ink::Muted});
    }

    void row(const QString& node, const QString& what, Duration start, Duration duration, Duration error, Ink ink,
             bool parallel) {
        name(node, what);
        const double left = x(start);
        const double right = x(start + duration);
        const QString figure = figureText(duration, error);
        QString tip = u"%1: %2, from %3 to %4 after the outage began"_s.arg(
            node.isEmpty() ? what : u"%1 on %2"_s.arg(what, node), figure, lengthText(start),
            lengthText(start + duration));
        if (parallel)
            tip += u"; ran beside the others and is no part of their sum"_s;
        rows_.append(Box{left, middle() - kBar / 2, std::max(right - left, 1.5), kBar, ink, tip, parallel});
        double after = right;
        if (error > Duration::zero()) {
            const double low = std::max(x(start + duration - error), kLeft);
            after = x(start + duration + error);
            rows_.append(Stroke{low, middle(), after, middle(), Ink::Text, 1.5});
            for (const double end : {low, after})
                rows_.append(Stroke{end, middle() - 4, end, middle() + 4, Ink::Text, 1.5});
        }
        rows_.append(Words{after + 8, middle() + 4, parallel ? figure + u", beside"_s : figure, Ink::Text});
        y_ += kRow;
    }

    void moves() {
        name({}, failover_.moves.size() == 1 ? u"move"_s : u"moves"_s);
        for (const Move& move : failover_.moves) {
            const Duration at = move.at - failover_.startedAt;
            rows_.append(Diamond{
                x(at), middle(), 10, Ink::Text,
                u"%1 at %2 (%3)"_s.arg(wayText(move.from, move.to), lengthText(at), zonedText(move.at, zone_))});
        }
        const Move& last = failover_.moves.last();
        rows_.append(
            Words{x(last.at - failover_.startedAt) + 10, middle() + 4,
                  failover_.moves.size() == 1 ? wayText(last.from, last.to) : u"%1 moves"_s.arg(failover_.moves.size()),
                  Ink::Text});
        y_ += kRow;
    }

    void eventRow(const QString& node) {
        name(node.isEmpty() ? u"pair"_s : node, u"events"_s);
        for (const Event& event : std::as_const(events_)) {
            if (event.node != node)
                continue;
            rows_.append(Diamond{x(event.at - failover_.startedAt), middle(), 8,
                                 event.severity == Severity::Info ? Ink::Muted : Ink::Rto,
                                 u"%1: %2"_s.arg(zonedText(event.at, zone_), event.text)});
        }
        y_ += kRow;
    }

    Drawing whole() {
        const double bottom = y_ + 4;
        Drawing drawing{width_, bottom + kAxis,
                        u"Phases of the outage of %1, %2"_s.arg(lengthText(failover_.recovery()),
                                                                zonedText(failover_.startedAt, zone_))};
        const double step = niceStep(toSeconds(end_ - begin_), kMostTicks);
        for (auto tick = static_cast<qint64>(std::ceil(toSeconds(begin_) / step));
             static_cast<double>(tick) * step <= toSeconds(end_); ++tick) {
            const Duration at = fromSeconds(static_cast<double>(tick) * step);
            drawing.marks.append(Stroke{x(at), kTop - 4, x(at), bottom, tick == 0 ? Ink::Base : Ink::Grid});
            drawing.marks.append(
                Words{x(at), bottom + 16, tick == 0 ? u"0"_s : objectiveText(at), Ink::Muted, Anchor::Middle});
        }
        // Behind the figures, whose ground covers the line.
        if (rto_ > Duration::zero()) {
            drawing.marks.append(Stroke{x(rto_), kTop - 6, x(rto_), bottom, Ink::Rto, 1.5, true});
            drawing.marks.append(
                Words{x(rto_), kTop - 10, u"RTO %1"_s.arg(objectiveText(rto_)), Ink::Rto, Anchor::Middle, true});
        }
        drawing.marks += rows_;
        // Left of the RTO's label, or else right of it; where neither has room, above the names.
        const bool left = rto_ <= Duration::zero() || x(rto_) > kLeft + kAxisText;
        const bool right = !left && x(rto_) < width_ - kRight - kAxisText;
        drawing.marks.append(Words{left    ? kLeft
                                   : right ? width_ - kRight
                                           : 0,
                                   kTop - 10, u"since the outage began"_s, Ink::Muted,
                                   right ? Anchor::End : Anchor::Begin});
        return drawing;
    }

    const Failover& failover_;
    Duration rto_;
    QTimeZone zone_;
    double width_;
    Duration begin_{};
    Duration end_{};
    QList<Event> events_;
    QList<Mark> rows_;
    double y_ = kTop;
};

} // namespace

Drawing waterfall(const Failover& failover, const QList<Event>& events, Duration rto, const QTimeZone& zone,
                  double width) {
    return Fall(failover, events, rto, zone, width).draw();
}

QByteArray waterfallCsv(const Failover& failover) {
    const auto seconds = [](Duration duration) { return QString::number(toSeconds(duration), 'f', 6); };
    QString csv = csvLine({u"what"_s, u"node"_s, u"start_s"_s, u"duration_s"_s, u"error_s"_s, u"parallel"_s});
    csv += csvLine({u"outage"_s, {}, seconds({}), seconds(failover.recovery()), seconds(failover.error), u"no"_s});
    for (const Phase& phase : failover.phases) {
        csv += csvLine({csvSafe(phase.name), csvSafe(phase.node), seconds(phase.start), seconds(phase.duration),
                        seconds(phase.error), phase.parallel ? u"yes"_s : u"no"_s});
    }
    for (const Move& move : failover.moves) {
        csv += csvLine({u"move"_s,
                        csvSafe(wayText(move.from, move.to)),
                        seconds(move.at - failover.startedAt),
                        seconds({}),
                        {},
                        u"yes"_s});
    }
    return csv.toUtf8();
}

} // namespace mha
