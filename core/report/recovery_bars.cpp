// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/recovery_bars.h"

#include "report/html_words.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr double kLeft = 40;
constexpr double kRight = 84;
constexpr double kTop = 14;
constexpr double kBottom = 22;
constexpr double kWidestPitch = 48;
/// Nearer than this and bars run into each other.
constexpr double kNarrowestBar = 4;
constexpr double kTickText = 80;
/// As in the report: an outlier must not flatten all the others.
constexpr double kOutlier = 4;
constexpr int kMostLines = 5;

double plotWidth(double width) {
    return std::max(width - kLeft - kRight, 1.0);
}

} // namespace

RecoveryBars::RecoveryBars(QList<Failover> failovers, Duration rto, const QTimeZone& zone)
    : failovers_(std::move(failovers)), rto_(rto), zone_(zone), percentiles_(percentilesOf([this] {
          QList<Duration> recoveries;
          for (const Failover& failover : failovers_) {
              if (failover.recovery() > Duration::zero())
                  recoveries.append(failover.recovery());
          }
          return recoveries;
      }())) {
    std::ranges::stable_sort(failovers_, {}, &Failover::startedAt);
    const double objective = toSeconds(rto);
    double top = std::max(objective * 1.1, 0.01);
    if (percentiles_) {
        const double usual = std::max(objective, toSeconds(percentiles_->p95));
        const double worst = toSeconds(percentiles_->worst);
        top = std::max(top, worst > kOutlier * usual ? usual * 1.5 : worst * 1.05);
    }
    step_ = niceStep(top, kMostLines);
    top_ = std::ceil(top / step_) * step_;
}

BarView RecoveryBars::all(double width) const {
    const auto count = static_cast<double>(std::max<qsizetype>(failovers_.size(), 1));
    return {0, std::min(kWidestPitch, plotWidth(width) / count)};
}

BarView RecoveryBars::fitted(BarView view, double width) const {
    const BarView whole = all(width);
    if (view.pitch <= whole.pitch)
        return whole;
    view.pitch = std::min(view.pitch, kWidestPitch);
    const double room = plotWidth(width) / view.pitch;
    view.first = std::clamp(view.first, 0.0, std::max(0.0, static_cast<double>(failovers_.size()) - room));
    return view;
}

BarView RecoveryBars::newest(double pitch, double width) const {
    return fitted({static_cast<double>(failovers_.size()), pitch}, width);
}

BarView RecoveryBars::zoomed(BarView view, double factor, double anchorX, double width) const {
    const double x = std::clamp(anchorX - kLeft, 0.0, plotWidth(width));
    const double index = view.first + x / view.pitch;
    view.pitch = fitted({view.first, view.pitch * factor}, width).pitch;
    view.first = index - x / view.pitch;
    return fitted(view, width);
}

BarView RecoveryBars::showing(BarView view, qsizetype index, double width) const {
    view = fitted(view, width);
    const double room = plotWidth(width) / view.pitch;
    const auto place = static_cast<double>(index);
    view.first = std::clamp(view.first, place + 1 - room, place);
    return fitted(view, width);
}

qsizetype RecoveryBars::groupSize(const BarView& view) const {
    return std::max<qsizetype>(1, static_cast<qsizetype>(std::ceil(kNarrowestBar / view.pitch)));
}

RecoveryBars::Group RecoveryBars::groupAt(qsizetype begin, qsizetype size) const {
    Group group{begin, std::min(begin + size, failovers_.size()), begin};
    for (qsizetype i = begin + 1; i < group.end; ++i) {
        if (failovers_[i].recovery() > failovers_[group.worst].recovery())
            group.worst = i;
    }
    return group;
}

double RecoveryBars::yOf(Duration duration, double height) const {
    return kTop + (height - kTop - kBottom) * (1 - std::min(toSeconds(duration), top_) / top_);
}

qsizetype RecoveryBars::indexAt(const BarView& view, double width, double x) const {
    if (x < kLeft || x > kLeft + plotWidth(width))
        return -1;
    const auto index = static_cast<qsizetype>(std::floor(view.first + (x - kLeft) / view.pitch));
    if (index < 0 || index >= failovers_.size())
        return -1;
    const qsizetype size = groupSize(view);
    return groupAt(index / size * size, size).worst;
}

QString RecoveryBars::tipAt(const BarView& view, double width, double x) const {
    const qsizetype index = indexAt(view, width, x);
    if (index < 0)
        return {};
    const Failover& failover = failovers_[index];
    QString tip = u"%1: %2 %3, %4"_s.arg(
        zonedText(failover.startedAt, zone_), kindText(failover), wayText(failover.from, failover.to),
        hadOutage(failover) ? lengthText(failover.recovery()) + u' ' + errorText(failover.error) : u"no outage"_s);
    for (const Phase& phase : failover.phases)
        tip += u"\n%1 %2%3"_s.arg(phase.name, lengthText(phase.duration), phase.parallel ? u" (beside)"_s : QString());
    const qsizetype size = groupSize(view);
    const Group group = groupAt(index / size * size, size);
    return size == 1 ? tip : u"The worst of %1: "_s.arg(group.end - group.begin) + tip;
}

void RecoveryBars::drawScale(Drawing& drawing) const {
    for (int line = 0; line * step_ <= top_ * 1.0001; ++line) {
        const Duration at = fromSeconds(line * step_);
        const double y = yOf(at, drawing.height);
        drawing.marks.append(Stroke{kLeft, y, drawing.width - kRight, y, line == 0 ? Ink::Base : Ink::Grid});
        drawing.marks.append(Words{kLeft - 6, y + 4, line == 0 ? u"0"_s : objectiveText(at), Ink::Muted, Anchor::End});
    }
}

void RecoveryBars::drawBar(Drawing& drawing, const Group& group, double x, double width, qint64 selected) const {
    const Failover& failover = failovers_[group.worst];
    const double bottom = yOf({}, drawing.height);
    const double top = std::min(yOf(failover.recovery(), drawing.height), bottom - 1.5);
    if (selected != 0) {
        for (qsizetype i = group.begin; i < group.end; ++i) {
            if (failovers_[i].id == selected) {
                drawing.marks.append(Box{x - 2, kTop - 2, width + 4, bottom - kTop + 4, Ink::Selection});
                break;
            }
        }
    }
    Duration done{};
    for (const Phase& phase : failover.phases) {
        if (phase.parallel)
            continue;
        const double from = yOf(done, drawing.height);
        done = std::min(done + phase.duration, failover.recovery());
        const double y = yOf(done, drawing.height);
        if (from - y > 0.2)
            drawing.marks.append(Box{x, y, width, from - y, phaseInk(phase.name)});
    }
    const double rest = yOf(done, drawing.height);
    if (rest - top > 0.2) {
        const Ink ink = !failover.phases.isEmpty() ? Ink::OtherPhase
                        : failover.planned()       ? Ink::Planned
                                                   : Ink::Unplanned;
        drawing.marks.append(Box{x, top, width, rest - top, ink});
    }
    if (toSeconds(failover.recovery()) > top_) // goes on above the axis
        drawing.marks.append(Diamond{x + width / 2, kTop - 5, 8, Ink::Text});
}

void RecoveryBars::drawLines(Drawing& drawing) const {
    struct Line {
        QString text;
        Duration at;
        Ink ink;
    };

    QList<Line> lines;
    if (rto_ > Duration::zero())
        lines.append({u"RTO %1"_s.arg(objectiveText(rto_)), rto_, Ink::Rto});
    if (percentiles_) {
        lines.append({u"p50 %1"_s.arg(lengthText(percentiles_->p50)), percentiles_->p50, Ink::Text});
        lines.append({u"p95 %1"_s.arg(lengthText(percentiles_->p95)), percentiles_->p95, Ink::Text});
        lines.append({u"p99 %1"_s.arg(lengthText(percentiles_->p99)), percentiles_->p99, Ink::Text});
    }
    std::ranges::stable_sort(lines, std::ranges::greater{}, &Line::at);
    constexpr double kLineHeight = 13;
    const double lowest = drawing.height - kBottom;
    double free = kTop - kLineHeight; // texts never lie on each other: pushed down, and up again from the lower end
    qsizetype left = lines.size();
    for (const Line& line : std::as_const(lines)) {
        const double y = yOf(line.at, drawing.height);
        const double x = drawing.width - kRight;
        drawing.marks.append(
            Stroke{kLeft, y, x + 4, y, line.ink, line.ink == Ink::Rto ? 2.0 : 1.0, line.ink == Ink::Rto});
        --left;
        const double text = std::min(std::max(y, free + kLineHeight), lowest - static_cast<double>(left) * kLineHeight);
        drawing.marks.append(Words{x + 8, text + 4, line.text, line.ink, Anchor::Begin, line.ink == Ink::Rto});
        free = text;
    }
}

Drawing RecoveryBars::draw(const BarView& wanted, double width, double height, qint64 selected) const {
    const BarView view = fitted(wanted, width);
    Drawing drawing{width, height, u"Recovery times by phase, oldest first"_s};
    drawScale(drawing);
    const qsizetype size = groupSize(view);
    const double room = plotWidth(width) / view.pitch;
    const auto end = std::min(failovers_.size(), static_cast<qsizetype>(std::ceil(view.first + room)));
    // Groups begin at multiples of their size, so that panning does not regroup.
    for (qsizetype i = static_cast<qsizetype>(view.first) / size * size; i < end; i += size) {
        const Group group = groupAt(i, size);
        const double span = view.pitch * static_cast<double>(size);
        const double x = kLeft + (static_cast<double>(i) - view.first) * view.pitch;
        const double bar = std::min(span * (size == 1 ? 0.72 : 0.86), 30.0);
        const double left = x + (span - bar) / 2;
        if (left < kLeft - 1 || left + bar > width - kRight + 1)
            continue;
        drawBar(drawing, group, left, bar, selected);
        const auto every = std::max<qsizetype>(1, static_cast<qsizetype>(std::ceil(kTickText / span)));
        if (i / size % every == 0) {
            drawing.marks.append(Words{x + span / 2, height - 6, zonedText(failovers_[i].startedAt, zone_).mid(5, 11),
                                       Ink::Muted, Anchor::Middle});
        }
    }
    drawLines(drawing);
    return drawing;
}

} // namespace mha
