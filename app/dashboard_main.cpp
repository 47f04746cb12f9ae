// SPDX-License-Identifier: GPL-3.0-or-later

// The operator's window.

#include "cli/stop_signal.h"
#include "history/history.h"
#include "ui/main_window.h"
#include "ui/pair_files.h"
#include "ui/pair_session.h"
#include "ui/screenshot.h"
#include "ui/style.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QTextStream>

#include <memory>

using namespace Qt::StringLiterals;
using namespace mha;

namespace {

int wrongUse(const QString& text) {
    QTextStream(stderr) << "milvus-ha-dashboard: " << text << '\n';
    return exitCode(ErrorCode::Usage);
}

int failed(const Error& error) {
    QTextStream(stderr) << "milvus-ha-dashboard: " << toSentence(error) << '\n';
    return exitCode(error.code);
}

/// --help and --version are for a terminal as well, where there may be no display.
std::unique_ptr<QCoreApplication> makeApplication(int& argc, char* argv[]) {
    for (int i = 1; i < argc; ++i) {
        const QByteArrayView argument(argv[i]);
        if (argument == "-h" || argument == "--help" || argument == "-v" || argument == "--version")
            return std::make_unique<QCoreApplication>(argc, argv);
    }
    return std::make_unique<QApplication>(argc, argv);
}

} // namespace

int main(int argc, char* argv[]) {
    // Qt's own event dispatcher costs each wake-up of the sensors' threads less than GLib's, of which nothing is used.
    if (!qEnvironmentVariableIsSet("QT_NO_GLIB"))
        qputenv("QT_NO_GLIB", "1");
    // Without it the C library looks at the file again for each time that is shown in local time.
    if (!qEnvironmentVariableIsSet("TZ"))
        qputenv("TZ", ":/etc/localtime");
    const std::unique_ptr<QCoreApplication> app = makeApplication(argc, argv);
    QApplication::setApplicationName(u"milvus-ha-dashboard"_s);
    QApplication::setApplicationDisplayName(u"milvus-ha"_s);
    QApplication::setApplicationVersion(QStringLiteral(MILVUS_HA_VERSION));
    QGuiApplication::setDesktopFileName(u"milvus-ha-dashboard"_s);

    const QCommandLineOption pairOption(u"pair"_s, QApplication::translate("main", "The pair file."), u"FILE"_s);
    const QCommandLineOption historyOption(u"history"_s, QApplication::translate("main", "The history file."),
                                           u"FILE"_s, History::defaultFileName());
    const QCommandLineOption themeOption(u"theme"_s, QApplication::translate("main", "light, dark or system."),
                                         u"THEME"_s, u"system"_s);
    const QCommandLineOption shotOption(
        u"screenshot"_s, QApplication::translate("main", "Write a picture of the window to FILE.png and end."),
        u"FILE"_s);
    const QCommandLineOption pageOption(u"page"_s, QApplication::translate("main", "overview, failovers or events."),
                                        u"PAGE"_s, u"overview"_s);
    const QCommandLineOption afterOption(
        u"after-s"_s,
        QApplication::translate("main", "Take the picture this many seconds after the start, complete or not."),
        u"SECONDS"_s);
    const QCommandLineOption recordOption(
        u"record"_s, QApplication::translate("main", "Write all that is seen to this new file."), u"FILE"_s);
    const QCommandLineOption replayOption(
        u"replay"_s, QApplication::translate("main", "Play a recording instead of asking the nodes."), u"FILE"_s);
    const QCommandLineOption speedOption(
        u"speed"_s, QApplication::translate("main", "Of the replay: times as fast as it happened, or max."), u"N"_s,
        u"1"_s);
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QApplication::translate("main", "See a Milvus pair, chart its failovers, switch it over."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({pairOption, historyOption, themeOption, shotOption, pageOption, afterOption, recordOption,
                       replayOption, speedOption});
    if (!parser.parse(QApplication::arguments()))
        return wrongUse(parser.errorText());
    if (parser.isSet(u"help"_s))
        parser.showHelp();
    if (parser.isSet(u"version"_s))
        parser.showVersion();
    const auto choice = themeChoiceFromName(parser.value(themeOption));
    const auto page = pageFromName(parser.value(pageOption));
    bool goodNumber = true;
    const double after = parser.isSet(afterOption) ? parser.value(afterOption).toDouble(&goodNumber) : 0.0;
    if (!choice)
        return wrongUse(QApplication::translate("main", "--theme is light, dark or system."));
    if (!page)
        return wrongUse(QApplication::translate("main", "--page is overview, failovers or events."));
    if (!goodNumber || after < 0)
        return wrongUse(QApplication::translate("main", "--after-s is a number of seconds."));
    if (!parser.positionalArguments().isEmpty())
        return wrongUse(QApplication::translate("main", "Name the pair file with --pair FILE."));

    const auto speed = replaySpeedFromText(parser.value(speedOption));
    if (!speed)
        return wrongUse(QApplication::translate("main", "--speed is a number above 0, or max."));
    if (parser.isSet(replayOption) && (parser.isSet(pairOption) || parser.isSet(recordOption)))
        return wrongUse(QApplication::translate("main", "--replay goes with neither --pair nor --record."));
    std::unique_ptr<RecordingReader> recording;
    if (parser.isSet(replayOption)) {
        Result<std::unique_ptr<RecordingReader>> opened = RecordingReader::open(parser.value(replayOption));
        if (!opened)
            return failed(opened.error());
        recording = std::move(*opened);
    }

    // As the window's cross does: a run that is under way is not left half-done, everything else ends cleanly. From
    // before anything is recorded, so that nothing of it is lost.
    const cli::StopSignal stop;
    const Style style(*choice);
    WindowOptions options;
    // What is played is not what happens: it goes into a history only where one is named.
    options.historyFile = recording && !parser.isSet(historyOption) ? u":memory:"_s : parser.value(historyOption);
    options.recordFile = parser.value(recordOption);
    options.configFolder = pairFolder();
    options.keepGeometry = !parser.isSet(shotOption);
    MainWindow window(options);
    QObject::connect(&stop, &cli::StopSignal::received, &window, &QWidget::close);
    if (recording) {
        window.openReplay(std::move(recording), *speed);
    } else if (parser.isSet(pairOption)) {
        window.openFile(parser.value(pairOption));
    } else {
        window.openAny();
    }
    window.setPage(*page);
    window.show();
    if (parser.isSet(shotOption)) {
        ScreenshotOptions shot;
        shot.fileName = parser.value(shotOption);
        if (parser.isSet(afterOption))
            shot.after = fromSeconds(after);
        new Screenshot(window, shot);
    }
    return QApplication::exec();
}
