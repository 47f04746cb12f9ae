// SPDX-License-Identifier: GPL-3.0-or-later

// The page of failovers with ten thousand of them: how long a frame takes while its chart is dragged, and its table
// scrolled.

#include "ui/chart_panel.h"
#include "ui/failover_page.h"
#include "ui/phase_chart.h"
#include "ui/style.h"

#include <QApplication>
#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTableView>
#include <QTextStream>
#include <QWindow>

#include <algorithm>

using namespace mha;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kFailovers = 10'000;
constexpr int kFrames = 400;
const Instant kStart = fromEpochSeconds(1'760'000'000);

ReportModel report() {
    ReportInput input;
    input.pair.name = u"p"_s;
    input.pair.rto = 5s;
    input.from = kStart;
    input.until = kStart + kFailovers * 1h;
    input.now = input.until;
    input.covered = {{input.from, input.until}};
    for (int i = 0; i < kFailovers; ++i) {
        Failover one;
        one.id = i + 1;
        one.pair = u"p"_s;
        one.trigger = i % 4 == 0 ? u"planned"_s : u"container-died"_s;
        one.from = i % 2 == 0 ? u"master"_s : u"backup"_s;
        one.to = i % 2 == 0 ? u"backup"_s : u"master"_s;
        one.startedAt = kStart + i * 1h;
        one.endedAt = one.startedAt + 3s + (i % 37) * 100ms;
        const Duration part = one.recovery() / 5;
        one.phases = {{u"detection"_s, 0s, part},
                      {u"election"_s, part, part},
                      {u"address"_s, 2 * part, part},
                      {u"container"_s, 3 * part, part},
                      {u"serving"_s, 4 * part, part}};
        input.failovers.append(one);
    }
    return makeReport(input);
}

/// What a widget paints: a frame without it would be measured as quick.
class Paints : public QObject {
public:
    explicit Paints(QWidget& widget) { widget.installEventFilter(this); }

    bool eventFilter(QObject* watched, QEvent* event) override {
        count_ += event->type() == QEvent::Paint ? 1 : 0;
        return QObject::eventFilter(watched, event);
    }

    int count() const { return count_; }

private:
    int count_ = 0;
};

class Frames {
public:
    explicit Frames(QWidget& widget) : paints_(widget) {}

    template <typename Frame> void measure(const Frame& frame) {
        QElapsedTimer timer;
        timer.start();
        frame();
        ms_.append(double(timer.nsecsElapsed()) / 1e6);
    }

    void tell(QTextStream& out, const QString& what) {
        std::ranges::sort(ms_);
        if (paints_.count() < ms_.size()) {
            out << u"  %1 %2 of %3 frames painted: not measured\n"_s.arg(what, -28)
                       .arg(paints_.count())
                       .arg(ms_.size());
            return;
        }
        out << u"  %1 median %2 ms, p95 %3 ms, worst %4 ms (wanted: 16)\n"_s.arg(what, -28)
                   .arg(ms_.at(ms_.size() / 2), 0, 'f', 2)
                   .arg(ms_.at(ms_.size() * 95 / 100), 0, 'f', 2)
                   .arg(ms_.last(), 0, 'f', 2);
    }

private:
    Paints paints_;
    QList<double> ms_;
};

void send(QWidget& widget, QEvent::Type type, double x) {
    const QPointF place(x, widget.height() / 2.0);
    QMouseEvent event(type, place, widget.mapToGlobal(place), Qt::LeftButton, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&widget, &event);
}

/// From one edge to the other and back, five pixels a frame.
void drag(PhaseChart& chart, Frames& frames) {
    double x = 60;
    double step = 5;
    send(chart, QEvent::MouseButtonPress, x);
    for (int i = 0; i < kFrames; ++i) {
        if (x + step > chart.width() - 90 || x + step < 50)
            step = -step;
        x += step;
        frames.measure([&] {
            send(chart, QEvent::MouseMove, x);
            chart.repaint();
        });
    }
    send(chart, QEvent::MouseButtonRelease, x);
}

} // namespace

int main(int argc, char** argv) {
    const QApplication application(argc, argv);
    const Style style(ThemeChoice::Light);
    QTextStream out(stdout);
    out << "the page of failovers with " << kFailovers << " of them, 1248x600\n";
    FailoverPage page;
    page.resize(1248, 600);
    const ReportModel model = report();
    QElapsedTimer timer;
    timer.start();
    page.showReport(model);
    page.charts().choose(ChartPanel::Phases);
    page.show();
    // Nothing is painted before the window is exposed, which is an event.
    const QDeadlineTimer limit(10s);
    while (!page.windowHandle()->isExposed() && !limit.hasExpired())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 100);
    page.grab();
    out << u"  shown after                  %1 ms\n"_s.arg(timer.elapsed());
    PhaseChart& chart = page.charts().phases(false);
    Frames all(chart);
    drag(chart, all);
    all.tell(out, u"chart dragged, bars shared:"_s);
    for (int i = 0; i < 40; ++i) {
        QKeyEvent plus(QEvent::KeyPress, Qt::Key_Plus, Qt::NoModifier);
        QCoreApplication::sendEvent(&chart, &plus);
    }
    Frames near(chart);
    drag(chart, near);
    near.tell(out, u"chart dragged, bars single:"_s);
    Frames table(*page.table()->viewport());
    for (int i = 0; i < kFrames; ++i) {
        table.measure([&] {
            page.table()->verticalScrollBar()->setValue(i * 20);
            page.table()->viewport()->repaint();
        });
    }
    table.tell(out, u"table scrolled:"_s);
    return 0;
}
