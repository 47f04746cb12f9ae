// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "ui/event_page.h"
#include "ui/failover_detail.h"
#include "ui/failover_page.h"
#include "ui/history_desk.h"
#include "ui/icon.h"
#include "ui/label.h"
#include "ui/lane_panel.h"
#include "ui/lane_past.h"
#include "ui/node_card.h"
#include "ui/operation_desk.h"
#include "ui/overview_page.h"
#include "ui/pair_dialog.h"
#include "ui/pair_session.h"
#include "ui/start_page.h"
#include "ui/switchover_dialog.h"
#include "ui/verdict_banner.h"
#include "ui/wording.h"

#include <QCloseEvent>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace mha {

namespace {

constexpr QSize kFirstSize{1280, 800};
constexpr QSize kLeastSize{960, 640};
constexpr int kFootHeight = 28;
/// Ages are told in seconds, that of health soon in minutes; the steps of a switchover count faster.
constexpr auto kTickEvery = 1000ms;
constexpr auto kTickInCalmEvery = 2500ms; // pictures come every 2 s then, and each is a tick as well
constexpr auto kTickInSwitchoverEvery = 250ms;
constexpr auto kPaintAfter = 40ms;
constexpr auto kRereadAfter = 300ms;

} // namespace

MainWindow::MainWindow(WindowOptions options, QWidget* parent)
    : QMainWindow(parent), options_(std::move(options)), actions_(this), bar_(new TopBar(actions_, this)),
      stack_(new QStackedWidget(this)), view_(new PairView(this)), start_(new StartPage(this)),
      footIcon_(new IconView(16, this)), footText_(new ElidedLabel(TypeSize::Caption, this)),
      footFile_(new ElidedLabel(TypeSize::Caption, this)), live_(new QShortcut(QKeySequence(Qt::Key_Escape), this)),
      desk_(new OperationDesk(this)) {
    setWindowTitle(tr("milvus-ha"));
    setWindowIcon(QIcon(u":/icons/milvus-ha.svg"_s));
    setMinimumSize(kLeastSize);
    stack_->addWidget(view_);
    stack_->addWidget(start_);
    auto* body = new QWidget(this);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(bar_);
    column->addWidget(stack_, 1);
    column->addWidget(makeFoot());
    setCentralWidget(body);
    view_->events().setClock([this] { return this->now(); });
    connectActions();
    connectTimes();
    connectOperations();
    setPage(Page::Overview);
    restorePlace();

    connect(&second_, &QTimer::timeout, this, [this] { tick(now()); });
    coalesce_.setSingleShot(true);
    connect(&coalesce_, &QTimer::timeout, this, &MainWindow::refreshPicture);
    reread_.setSingleShot(true);
    connect(&reread_, &QTimer::timeout, this, &MainWindow::askFor);
}

MainWindow::~MainWindow() {
    // Their end is told to us: it must come while we are whole.
    delete desk_;
    delete pairDialog_;
}

QWidget* MainWindow::makeFoot() {
    auto* foot = new QFrame(this);
    foot->setProperty("look", "foot");
    foot->setFixedHeight(kFootHeight);
    auto* row = new QHBoxLayout(foot);
    row->setContentsMargins(kWide, 0, kWide, 0);
    row->setSpacing(kUnit);
    row->addWidget(footIcon_);
    row->addWidget(footText_, 3);
    row->addWidget(footFile_, 2);
    footFile_->setAlignment(Qt::AlignRight);
    return foot;
}

void MainWindow::connectActions() {
    addActions(actions_.all());
    connect(actions_.switchOver, &QAction::triggered, this, &MainWindow::startSwitchover);
    connect(view_, &PairView::interruptedPressed, desk_, &OperationDesk::openTakeover);
    connect(actions_.exportReport, &QAction::triggered, this, &MainWindow::exportReport);
    connect(actions_.addPair, &QAction::triggered, this, &MainWindow::addPair);
    connect(actions_.openPair, &QAction::triggered, this, &MainWindow::openWithDialog);
    connect(actions_.filter, &QAction::triggered, view_, &PairView::focusFilter);
    connect(actions_.lanes, &QAction::triggered, this, [this] {
        setPage(Page::Overview);
        view_->focusLanes();
    });
    connect(actions_.quit, &QAction::triggered, this, &QWidget::close);
    for (int i = 0; i < 3; ++i) {
        connect(actions_.pages.at(static_cast<std::size_t>(i)), &QAction::triggered, this,
                [this, i] { setPage(Page(i)); });
    }
    const auto retry = [this] {
        if (session_)
            session_->retry();
    };
    connect(actions_.retry, &QAction::triggered, this, retry);
    connect(view_, &PairView::retryWanted, this, retry);
    connect(new QShortcut(QKeySequence(u"F10"_s), this), &QShortcut::activated, bar_, &TopBar::openMenu);
    connect(bar_, &TopBar::pairChosen, this, &MainWindow::openFile);
    connect(start_, &StartPage::pairChosen, this, &MainWindow::openFile);
    connect(start_, &StartPage::addWanted, this, &MainWindow::addPair);
    connect(start_, &StartPage::openWanted, this, &MainWindow::openWithDialog);
    connect(start_, &StartPage::retryWanted, this, [this] { openFile(fileName_); });
    connect(&view_->failovers(), &FailoverPage::periodChanged, this, &MainWindow::askFor);
}

void MainWindow::connectTimes() {
    LanePanel& lanes = view_->overview().lanes();
    connect(&lanes, &LanePanel::momentWanted, &times_, &TimeMachine::windTo);
    connect(&lanes, &LanePanel::stepWanted, &times_, &TimeMachine::step);
    connect(&lanes, &LanePanel::beginWanted, &times_, &TimeMachine::windToBegin);
    connect(view_, &PairView::liveWanted, &times_, &TimeMachine::goLive);
    connect(live_, &QShortcut::activated, &times_, &TimeMachine::goLive);
    live_->setEnabled(false);
    connect(&times_, &TimeMachine::wound, this, [this] {
        live_->setEnabled(!times_.live());
        allowSwitchover();
        refreshPicture();
    });
}

/// What is decided on must be what is so now.
void MainWindow::allowSwitchover() {
    const bool allowed = times_.live() && !(session_ && session_->replaying());
    actions_.switchOver->setEnabled(allowed);
    for (int node : {0, 1})
        view_->overview().card(node).setActing(allowed && session_ != nullptr);
}

void MainWindow::connectOperations() {
    for (int node : {0, 1}) {
        const NodeCard& card = view_->overview().card(node);
        connect(&card, &NodeCard::maintenanceWanted, desk_, [this, node] { desk_->openMaintenance(node); });
        connect(&card, &NodeCard::maintenanceEndWanted, desk_, [this, node] { desk_->endMaintenance(node); });
    }
    connect(view_, &PairView::scheduleCancelled, desk_, &OperationDesk::cancelSchedule);
    connect(desk_, &OperationDesk::failed, this, [this](const Error& error) { say(Tone::Bad, toSentence(error)); });
    connect(desk_, &OperationDesk::scheduleRefused, view_, &PairView::showScheduleRefused);
    connect(desk_, &OperationDesk::scheduleChanged, this, [this] {
        const auto& schedule = desk_->schedule();
        if (!schedule)
            return view_->hideSchedule();
        view_->showSchedule(tr("Switchover to %1 at %2: %3")
                                .arg(pair_.nodes.at(static_cast<std::size_t>(schedule->to)).name,
                                     Wording::dayAndClock(schedule->at), schedule->reason));
    });
}

void MainWindow::setPage(Page page) {
    view_->setPage(page);
    bar_->setPage(page);
}

void MainWindow::showStart() {
    session_.reset();
    desk_->setSession(nullptr, pair_);
    second_.stop();
    stack_->setCurrentWidget(start_);
    bar_->setPairName(tr("milvus-ha"));
    bar_->setPagesVisible(false);
    refreshPairs();
    say(Tone::Plain, {});
    footFile_->setText({});
}

void MainWindow::openAny() {
    const QList<PairFile> files = pairFilesIn(options_.configFolder);
    if (files.size() == 1) {
        openFile(files.first().fileName);
        return;
    }
    showStart();
    setWindowTitle(tr("milvus-ha"));
    if (files.isEmpty()) {
        start_->showFirstRun(options_.configFolder);
    } else {
        start_->showChoice(files);
    }
}

void MainWindow::openFile(const QString& fileName) {
    if (session_ && session_->switching())
        return say(Tone::Warn, tr("A switchover is running: this pair stays open until it has ended."));
    fileName_ = fileName;
    const Result<Pair> read = loadPair(fileName);
    if (read)
        return openPair(*read, fileName);
    showStart();
    setWindowTitle(tr("The pair file cannot be used – milvus-ha"));
    start_->showBroken(read.error());
}

void MainWindow::openPair(const Pair& pair, const QString& fileName) {
    session_.reset();
    view_->setReplay({});
    showPair(pair, fileName);
    if (!options_.connect)
        return;
    auto session = std::make_unique<PairSession>(pair_, options_.historyFile, this);
    say(Tone::Plain, tr("Recording to %1").arg(QDir::toNativeSeparators(options_.historyFile)));
    if (!options_.recordFile.isEmpty()) {
        if (const Result<void> recorded = session->record(options_.recordFile); !recorded)
            say(Tone::Bad, toSentence(recorded.error()));
    }
    startSession(std::move(session));
}

void MainWindow::openReplay(std::unique_ptr<RecordingReader> recording, ReplaySpeed speed) {
    session_.reset();
    const QString fileName = recording->fileName();
    showPair(recording->header().pair, fileName);
    view_->setReplay(fileName);
    say(Tone::Plain, tr("Recorded by milvus-ha %1").arg(recording->header().program));
    startSession(std::make_unique<PairSession>(std::make_unique<Replay>(std::move(recording), speed),
                                               options_.historyFile, this));
}

void MainWindow::showPair(const Pair& pair, const QString& fileName) {
    pair_ = pair;
    desk_->setSession(nullptr, pair);
    fileName_ = fileName;
    picture_ = {};
    bar_->setPairName(pair.name);
    bar_->setPagesVisible(true);
    stack_->setCurrentWidget(view_);
    view_->overview().lanes().view().model().clear();
    times_.clear();
    view_->setPair(pair);
    view_->failovers().setLogSource(LogSource::None);
    view_->events().clear();
    setWindowTitle(tr("%1 – milvus-ha").arg(pair.name));
    footFile_->setText(fileName);
    refreshPairs();
    // Not on the button that moves things.
    view_->setFocus();
}

void MainWindow::startSession(std::unique_ptr<PairSession> newSession) {
    session_ = std::move(newSession);
    allowSwitchover();
    PairSession* session = session_.get();
    desk_->setSession(session, pair_);
    connect(session, &PairSession::pictureChanged, this, &MainWindow::showPicture);
    connect(session, &PairSession::eventsSeen, &view_->events(), &EventPage::addEvents);
    connect(session, &PairSession::recordingFailed, this,
            [this](const Error& error) { say(Tone::Bad, toSentence(error)); });
    HistoryDesk& history = session->history();
    connect(&history, &HistoryDesk::changed, this, [this] {
        if (!reread_.isActive())
            reread_.start(kRereadAfter);
    });
    connect(&history, &HistoryDesk::interruptedFound, view_, &PairView::showInterrupted);
    connect(&history, &HistoryDesk::failed, this, [this](const Error& error) { say(Tone::Bad, toSentence(error)); });
    connect(&history, &HistoryDesk::reportRead, this, [this](const ReportModel& report) {
        desk_->setPastMoves(report.actions);
        view_->failovers().showReport(report);
    });
    connect(&view_->failovers(), &FailoverPage::logWanted, session, &PairSession::readLog);
    connect(session, &PairSession::logRead, &view_->failovers(), &FailoverPage::showLog);
    view_->failovers().setLogSource(session->replaying() ? LogSource::Replay : LogSource::Nodes);
    connect(&view_->failovers(), &FailoverPage::momentWanted, &history, &HistoryDesk::readMoment);
    connect(&history, &HistoryDesk::momentRead, &view_->failovers(), &FailoverPage::showMoment);
    connect(&view_->events(), &EventPage::pageWanted, &history, &HistoryDesk::readEvents);
    connect(&history, &HistoryDesk::eventsRead, &view_->events(), &EventPage::addPage);
    connect(&history, &HistoryDesk::eventsFailed, &view_->events(), &EventPage::failPage);
    connect(&history, &HistoryDesk::eventsFailed, this,
            [this](quint64, const Error& error) { say(Tone::Bad, toSentence(error)); });
    connect(&history, &HistoryDesk::reportWritten, this,
            [this](const QString& file) { say(Tone::Good, tr("The report was written to %1").arg(file)); });
    connect(&history, &HistoryDesk::reportFailed, this,
            [this](const Error& error) { say(Tone::Bad, toSentence(error)); });
    connect(&history, &HistoryDesk::pastRead, this, [this](const QList<Event>& events, const QList<Coverage>& covered) {
        const std::array<QString, 2> nodes{pair_.nodes[0].name, pair_.nodes[1].name};
        view_->overview().lanes().showPast(lanePastOf(events, covered, nodes, now()));
    });
    connect(&history, &HistoryDesk::pastAdded, this, &MainWindow::readHistory);
    readHistory();
    askFor();
    session->start();
    second_.start(kTickEvery);
}

void MainWindow::readHistory() {
    if (!session_)
        return;
    view_->events().read();
    session_->history().readPast(LaneModel::kKept);
}

void MainWindow::askFor() {
    if (session_)
        session_->history().readReport(view_->failovers().period());
}

void MainWindow::showPicture(const Picture& picture) {
    picture_ = picture;
    times_.add(picture);
    view_->overview().lanes().addPicture(picture);
    desk_->showPicture(picture);
    if (!session_) {
        refreshPicture();
    } else if (!coalesce_.isActive()) {
        // The first is painted at once, in the same turn; those that follow it in a burst together.
        coalesce_.start(sincePainted_.isValid() && !sincePainted_.hasExpired(kPaintAfter.count()) ? kPaintAfter : 0ms);
    }
}

void MainWindow::refreshPicture() {
    sincePainted_.start();
    if (second_.isActive()) // what follows is a tick as well
        second_.start(tickEvery());
    if (desk_->dialog() != nullptr)
        desk_->dialog()->tick(now());
    const Picture& shown = times_.live() ? picture_ : *times_.shown();
    const QString title = tr("%1: %2").arg(Wording::verdict(shown.verdict.level), Wording::whoServes(shown));
    if (times_.live()) {
        setWindowTitle(tr("%1 – %2 – milvus-ha").arg(title, pair_.name));
    } else {
        setWindowTitle(tr("As it was at %1 – %2 – milvus-ha").arg(Wording::clock(shown.at), pair_.name));
    }
    view_->showMoment(times_.moment(), picture_);
    view_->showPicture(shown, times_.live() && session_ ? now() : shown.at);
}

std::chrono::milliseconds MainWindow::tickEvery() const {
    if (desk_->dialog() != nullptr)
        return kTickInSwitchoverEvery;
    const bool calm = VerdictBanner::toldInMinutes(picture_.verdict.level, now() - picture_.verdictSince);
    return calm ? kTickInCalmEvery : kTickEvery;
}

Instant MainWindow::now() const {
    return session_ ? session_->now() : wallClockNow();
}

void MainWindow::tick(Instant now) {
    if (times_.live()) {
        view_->tick(now);
    } else {
        view_->overview().lanes().tick(now); // they go on behind the moment
    }
    desk_->tick(now);
}

void MainWindow::startSwitchover() {
    desk_->openSwitchover();
    refreshPicture();
}

void MainWindow::addPair() {
    if (pairDialog_ != nullptr)
        return;
    pairDialog_ = new PairDialog(options_.configFolder, this);
    pairDialog_->setAttribute(Qt::WA_DeleteOnClose);
    connect(pairDialog_, &QObject::destroyed, this, [this] { pairDialog_ = nullptr; });
    connect(pairDialog_, &QDialog::accepted, this, [this] { openFile(pairDialog_->fileName()); });
    pairDialog_->open();
}

void MainWindow::openWithDialog() {
    auto* dialog = new QFileDialog(this, tr("Open a pair file"), options_.configFolder, tr("Pair files (*.toml)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openFile);
    dialog->open();
}

void MainWindow::exportReport() {
    auto* dialog = new QFileDialog(this, tr("Export the report"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({tr("Web page (*.html)"), tr("PDF (*.pdf)"), tr("Table (*.csv)"), tr("JSON (*.json)")});
    dialog->setDefaultSuffix(u"html"_s);
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString& filter) {
        dialog->setDefaultSuffix(filter.section(u"*."_s, 1).section(u')', 0, 0));
    });
    dialog->selectFile(u"%1-%2.html"_s.arg(pair_.name, Wording::dayAndClock(now()).first(10)));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        if (session_)
            session_->history().writeReport(view_->failovers().period(), file);
    });
    dialog->open();
}

void MainWindow::refreshPairs() {
    QList<QPair<QString, QString>> pairs;
    for (const PairFile& file : pairFilesIn(options_.configFolder)) {
        if (file.pair)
            pairs.append({file.pair->name, file.fileName});
    }
    bar_->setPairs(pairs, fileName_);
}

void MainWindow::say(Tone tone, const QString& text) {
    footIcon_->setIcon(text.isEmpty() ? QString() : tone == Tone::Plain ? u"report"_s : toneIcon(tone), tone);
    footText_->setTone(tone);
    footText_->setText(text);
}

void MainWindow::restorePlace() {
    resize(kFirstSize);
    if (options_.keepGeometry)
        restoreGeometry(QSettings(u"milvus-ha"_s, u"dashboard"_s).value(u"geometry"_s).toByteArray());
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (desk_->busy()) {
        event->ignore();
        startSwitchover();
        return;
    }
    if (desk_->schedule() && !std::exchange(toldOfSchedule_, true)) {
        event->ignore();
        say(Tone::Warn,
            tr("A switchover is scheduled and is done by this window only: close it once more to drop it."));
        return;
    }
    if (options_.keepGeometry)
        QSettings(u"milvus-ha"_s, u"dashboard"_s).setValue(u"geometry"_s, saveGeometry());
    QMainWindow::closeEvent(event);
}

} // namespace mha
