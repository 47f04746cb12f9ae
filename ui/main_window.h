// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/action.h"
#include "observe/replay.h"
#include "ui/pair_view.h"
#include "ui/theme.h"
#include "ui/time_machine.h"
#include "ui/top_bar.h"

#include <QElapsedTimer>
#include <QMainWindow>
#include <QTimer>

#include <memory>

class QShortcut;
class QStackedWidget;

namespace mha {

class ElidedLabel;
class IconView;
class OperationDesk;
class PairDialog;
class PairSession;
class StartPage;

struct WindowOptions {
    QString historyFile;
    QString recordFile; ///< what is seen is written there as well; empty: not
    QString configFolder;
    bool connect = true;      ///< false: pictures are handed in by showPicture, no node is asked
    bool keepGeometry = true; ///< false: neither read nor written
};

/// The window: the open pair with its pages, and everything that can be done with it. Owns the pair's session. GUI
/// thread; never waits for a node.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(WindowOptions options, QWidget* parent = nullptr);
    ~MainWindow() override;

    /// Opens a pair file; says what is wrong with it instead where it cannot be used.
    void openFile(const QString& fileName);
    /// With no file named: the only pair there is, a choice, or the first run.
    void openAny();
    void openPair(const Pair& pair, const QString& fileName);
    /// The pair of a recording, as it was then.
    void openReplay(std::unique_ptr<RecordingReader> recording, ReplaySpeed speed);
    /// A picture of the open pair.
    void showPicture(const Picture& picture);
    void tick(Instant now);
    void setPage(Page page);

    PairView& view() { return *view_; }

    StartPage& start() { return *start_; }

    /// Which moment the window shows.
    TimeMachine& times() { return times_; }

    PairSession* session() const { return session_.get(); }

    /// What is done with the pair, and its dialogs.
    OperationDesk& desk() { return *desk_; }

    PairDialog* pairDialog() const { return pairDialog_; }

    const Actions& actions() const { return actions_; }

    void startSwitchover();
    void addPair();
    void exportReport();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void connectActions();
    QWidget* makeFoot();
    void showPair(const Pair& pair, const QString& fileName);
    void connectTimes();
    void startSession(std::unique_ptr<PairSession> session);
    void allowSwitchover();
    void connectOperations();
    Instant now() const;
    std::chrono::milliseconds tickEvery() const;
    void readHistory();
    void askFor();
    void refreshPicture();
    void refreshPairs();
    void say(Tone tone, const QString& text);
    void showStart();
    void openWithDialog();
    void restorePlace();

    WindowOptions options_;
    Actions actions_;
    TopBar* bar_;
    QStackedWidget* stack_;
    PairView* view_;
    StartPage* start_;
    IconView* footIcon_;
    ElidedLabel* footText_;
    ElidedLabel* footFile_;
    QShortcut* live_; ///< Escape, while it is not
    OperationDesk* desk_;
    bool toldOfSchedule_ = false;
    PairDialog* pairDialog_ = nullptr;
    Pair pair_;
    QString fileName_;
    Picture picture_;
    TimeMachine times_;
    std::unique_ptr<PairSession> session_;
    QTimer second_;   ///< lets ages count
    QTimer coalesce_; ///< many pictures in a burst are painted once
    QElapsedTimer sincePainted_;
    QTimer reread_; ///< the history changed: read again, not for each row
};

} // namespace mha
