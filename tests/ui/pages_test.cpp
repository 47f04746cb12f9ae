// SPDX-License-Identifier: GPL-3.0-or-later

// Every page, light and dark, at 1280x800, of a real hour of the lab that is replayed: nothing is cut off and nothing
// lies over anything else. Run a second time at twice the pixels (QT_SCALE_FACTOR=2).

#include "layout_check.h"
#include "pictures.h"
#include "shots.h"
#include "ui/chart_panel.h"
#include "ui/event_page.h"
#include "ui/failover_detail.h"
#include "ui/failover_page.h"
#include "ui/main_window.h"
#include "ui/overview_page.h"
#include "ui/pair_dialog.h"
#include "ui/pair_session.h"
#include "ui/start_page.h"
#include "ui/style.h"
#include "ui/switchover_dialog.h"

#include <QComboBox>
#include <QGuiApplication>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace mha;
using namespace mha::test;

namespace {

constexpr int kLong = 60'000;
constexpr QSize kSize{1280, 800};

} // namespace

class PagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void nothingIsCutOff_data();
    void nothingIsCutOff();
    void asksNoNode();
    void periodsAreOfTheRecording();

private:
    QWidget* open(const QString& what);

    QTemporaryDir folder_;
    std::unique_ptr<Style> style_;
    std::unique_ptr<MainWindow> window_;
    std::unique_ptr<MainWindow> first_; ///< without a pair
    std::unique_ptr<QWidget> dialog_;
};

void PagesTest::initTestCase() {
    auto recording = RecordingReader::open(QFINDTESTDATA("fixtures/lab-moves.jsonl"));
    QVERIFY2(recording, recording ? "" : qPrintable(toSentence(recording.error())));
    style_ = std::make_unique<Style>(ThemeChoice::Light);
    WindowOptions options;
    options.historyFile = folder_.filePath(u"history.sqlite"_s);
    options.configFolder = folder_.path();
    options.keepGeometry = false;
    window_ = std::make_unique<MainWindow>(options);
    window_->resize(kSize);
    window_->openReplay(std::move(*recording), ReplaySpeed());
    window_->show();
    QTRY_VERIFY_WITH_TIMEOUT(window_->session()->complete(), kLong);
    // Two switchovers and a killed container were recorded.
    const auto* table = window_->view().failovers().findChild<QTableView*>();
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 3, kLong);
    options.historyFile = u":memory:"_s;
    first_ = std::make_unique<MainWindow>(options);
    first_->resize(kSize);
    first_->openAny();
}

void PagesTest::nothingIsCutOff_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<int>("theme");
    for (const auto& [name, theme] : {std::pair("light", ThemeChoice::Light), std::pair("dark", ThemeChoice::Dark)}) {
        for (const char* what : {"overview", "overview-back", "failovers", "failovers-phases", "failovers-availability",
                                 "failovers-detail", "events", "first-run", "switchover", "pair"})
            QTest::addRow("%s, %s", what, name) << QString::fromLatin1(what) << int(theme);
    }
}

QWidget* PagesTest::open(const QString& what) {
    if (what == u"first-run"_s)
        return first_.get();
    if (what == u"switchover"_s) {
        const Picture& picture = window_->session()->picture();
        auto dialog = std::make_unique<SwitchoverDialog>(window_->session()->pair(), &planSwitchover);
        dialog->showPicture(picture);
        dialog_ = std::move(dialog);
        return dialog_.get();
    }
    if (what == u"pair"_s) {
        dialog_ = std::make_unique<PairDialog>(folder_.path());
        return dialog_.get();
    }
    window_->times().goLive();
    if (what == u"overview-back"_s)
        window_->times().windTo(window_->times().oldest().value() + 12s);
    ChartPanel& charts = window_->view().failovers().charts();
    charts.choose(what.endsWith(u"-phases"_s)         ? ChartPanel::Phases
                  : what.endsWith(u"-availability"_s) ? ChartPanel::Availability
                  : what.endsWith(u"-detail"_s)       ? ChartPanel::Detail
                                                      : ChartPanel::Recovery);
    window_->setPage(pageFromName(what.section(u'-', 0, 0)).value());
    return window_.get();
}

void PagesTest::nothingIsCutOff() {
    QFETCH(QString, what);
    QFETCH(int, theme);
    style_->choose(ThemeChoice(theme));
    QWidget* shown = open(what);
    shown->show();
    QVERIFY(QTest::qWaitForWindowExposed(shown));
    // What the queue still holds of the last page is laid out first.
    QTRY_COMPARE(LayoutCheck::faultsOf(*shown).join(u'\n'), QString());
    // All of the overview is in sight, also with the notice of a replay above it.
    const auto* page = what.startsWith(u"overview"_s) ? window_->view().overview().verticalScrollBar() : nullptr;
    QVERIFY2(page == nullptr || page->maximum() == 0, qPrintable(QString::number(page ? page->maximum() : 0)));
    const double ratio = shown->devicePixelRatio();
    if (shown->isWindow() && qobject_cast<QMainWindow*>(shown) != nullptr)
        QCOMPARE(shown->grab().size(), kSize * ratio);
    shoot(*shown, u"page-%1-%2%3"_s.arg(what, theme == int(ThemeChoice::Light) ? u"light"_s : u"dark"_s,
                                        ratio > 1 ? u"-2x"_s : QString()));
    dialog_.reset();
}

void PagesTest::asksNoNode() {
    open(u"failovers-detail"_s);
    const FailoverDetail& detail = window_->view().failovers().charts().detail();
    QCOMPARE(detail.logState(), u"In a replay no node is asked: their log lines of this moment are not here."_s);
    QTRY_VERIFY(detail.table().model()->rowCount() > 0); // its events are
}

void PagesTest::periodsAreOfTheRecording() {
    // Played long after it was recorded: its last hour is not ours.
    QVERIFY(wallClockNow() - window_->session()->now() > 1h);
    EventPage& events = window_->view().events();
    const QAbstractItemModel* rows = events.table()->model();
    QTRY_VERIFY(rows->rowCount() > 10);
    const int all = rows->rowCount();
    auto* period = events.findChildren<QComboBox*>().at(3);
    period->setCurrentIndex(1);
    QTest::qWait(0);
    QTRY_COMPARE(rows->rowCount(), all);
    window_->tick(window_->session()->now());
    QCOMPARE(rows->rowCount(), all);
    period->setCurrentIndex(0);
}

QTEST_MAIN(PagesTest)
#include "pages_test.moc"
