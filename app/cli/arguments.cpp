// SPDX-License-Identifier: GPL-3.0-or-later
#include "arguments.h"

#include "observe/replay.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

/// The values while CLI11 fills them in: it knows std::string only.
struct Raw {
    std::string pairFile, historyFile, since, until, node, kind, severity, to, reason, at, confirm, format, output;
    std::string record, replay, speed = "1", leverTask = "show", maintenanceTask = "show", duration;
    double timeout = 5.0;
    double watchFor = -1.0;
    int limit = 100;
    std::vector<std::string> overrides;
    bool json = false, acceptNew = false, dryRun = false, yes = false;
};

constexpr const char* kTimes = "ISO 8601, or an age such as 2h or 7d";

void addCommon(CLI::App& app, Raw& raw) {
    app.add_option("--pair", raw.pairFile, "Pair file (default: the only *.toml in the configuration folder)")
        ->type_name("FILE");
    app.add_flag("--json", raw.json, "Print one JSON object and nothing else on standard output");
    app.add_flag("--accept-new", raw.acceptNew, "Accept and remember host keys that are not known yet");
    app.add_option("--history", raw.historyFile, "History file (default: in the data folder)")->type_name("FILE");
    app.add_option("--timeout", raw.timeout, "Seconds to wait for the nodes' answers (default 5)")
        ->type_name("S")
        ->check(CLI::Range(0.1, 3600.0));
}

void addPeriod(CLI::App& app, Raw& raw) {
    app.add_option("--since", raw.since, std::string("Not older than: ") + kTimes)->type_name("T");
    app.add_option("--until", raw.until, std::string("Not newer than: ") + kTimes)->type_name("T");
}

CLI::App* addCommand(CLI::App& app, Raw& raw, const std::string& name, const std::string& description) {
    CLI::App* command = app.add_subcommand(name, description);
    addCommon(*command, raw);
    return command;
}

std::string isSpeed(const std::string& text) {
    return replaySpeedFromText(QString::fromStdString(text)) ? std::string()
                                                             : "--speed is a number above 0, or max, not " + text;
}

void addCommands(CLI::App& app, Raw& raw) {
    addCommand(app, raw, "status", "Say who serves and whether it is safe; the exit code is the verdict");

    CLI::App* watch = addCommand(app, raw, "watch", "Record what happens, a line an event, until it is interrupted");
    watch->add_option("--for", raw.watchFor, "End after so many seconds")->type_name("S")->check(CLI::PositiveNumber);
    CLI::Option* record =
        watch->add_option("--record", raw.record, "Write all that is seen to this new file, for --replay")
            ->type_name("FILE");
    CLI::Option* replay = watch->add_option("--replay", raw.replay, "Play a recording instead of asking the nodes")
                              ->type_name("FILE")
                              ->excludes(record);
    watch->add_option("--speed", raw.speed, "Of the replay: times as fast as it happened, or max (default 1)")
        ->type_name("N")
        ->needs(replay)
        ->check(isSpeed, "a number above 0, or max");

    CLI::App* events = addCommand(app, raw, "events", "List recorded events, newest first");
    addPeriod(*events, raw);
    events->add_option("--node", raw.node, "Of this node only")->type_name("NODE");
    events
        ->add_option("--kind", raw.kind,
                     "Of this kind only: link, vip, vrrp, container, milvus, storage, clock, verdict, failover, "
                     "operation, config")
        ->type_name("KIND");
    events->add_option("--severity", raw.severity, "At least: info, warning or error")->type_name("LEVEL");
    events->add_option("--limit", raw.limit, "At most so many (default 100)")
        ->type_name("N")
        ->check(CLI::Range(1, 1000000));

    CLI::App* failovers = addCommand(app, raw, "failovers", "List recorded failovers, newest first");
    addPeriod(*failovers, raw);
    failovers->add_option("--node", raw.node, "From or to this node only")->type_name("NODE");
    failovers->add_option("--kind", raw.kind, "Of this kind only: failover, switchover or failback")->type_name("KIND");
    failovers->add_option("--limit", raw.limit, "At most so many (default 100)")
        ->type_name("N")
        ->check(CLI::Range(1, 1000000));

    CLI::App* switchover = addCommand(app, raw, "switchover", "Move service to the other node, with never two writers");
    switchover->add_option("--to", raw.to, "The node that shall serve (default: the other one)")->type_name("NODE");
    switchover->add_option("--reason", raw.reason, "Why; kept in the history")->type_name("TEXT");
    switchover
        ->add_option("--at", raw.at,
                     "Wait until then, make the checks again and do it: ISO 8601 with a zone, or +90s, +30m, +2h")
        ->type_name("T");
    switchover
        ->add_option(
            "--override", raw.overrides,
            "Go on though this check refuses: same-container, target-keepalived, storage, space, clock, "
            "lever, early-start, settled; "
            "needs --confirm")
        ->type_name("CHECK");
    switchover->add_option("--confirm", raw.confirm, "With --override: the name of the node that shall serve")
        ->type_name("NODE");
    switchover->add_flag("--dry-run", raw.dryRun, "Show checks, steps and undo, and change nothing");
    switchover->add_flag("--yes", raw.yes, "Do not ask for confirmation");

    CLI::App* drill = addCommand(app, raw, "drill", "Switch over and back, measure both, compare with the last drill");
    drill->add_option("--reason", raw.reason, "Why; kept in the history")->type_name("TEXT");
    drill->add_flag("--dry-run", raw.dryRun, "Show checks, steps and undo, and change nothing");
    drill->add_flag("--yes", raw.yes, "Do not ask for confirmation");

    CLI::App* takeover =
        addCommand(app, raw, "takeover",
                   "Make a node serve from whatever state the pair is in: half-way, down, or with the other node gone");
    takeover->add_option("--to", raw.to, "The node that shall serve")->type_name("NODE")->required();
    takeover->add_option("--reason", raw.reason, "Why; kept in the history")->type_name("TEXT");
    takeover
        ->add_option("--confirm", raw.confirm,
                     "Where the other node cannot be seen: its name, to say that you have made sure that it is off")
        ->type_name("NODE");
    takeover->add_flag("--dry-run", raw.dryRun, "Show checks and steps, and change nothing");
    takeover->add_flag("--yes", raw.yes, "Do not ask for confirmation");

    CLI::App* lever =
        addCommand(app, raw, "lever", "Show, install or remove the FAULT flag that makes switchovers fast");
    lever->add_option("task", raw.leverTask, "show, install or remove (default show)")
        ->type_name("TASK")
        ->check(CLI::IsMember({"show", "install", "remove"}));
    lever->add_option("--node", raw.node, "On this node only")->type_name("NODE");
    lever->add_flag("--dry-run", raw.dryRun, "Show what would be changed in keepalived.conf, and change nothing");
    lever->add_flag("--yes", raw.yes, "Do not ask for confirmation");

    CLI::App* maintenance = addCommand(
        app, raw, "maintenance", "Keep service away from a node while somebody works on it: who, why, until when");
    maintenance->add_option("task", raw.maintenanceTask, "show, begin or end (default show)")
        ->type_name("TASK")
        ->check(CLI::IsMember({"show", "begin", "end"}));
    maintenance->add_option("node", raw.node, "The node")->type_name("NODE");
    maintenance->add_option("--for", raw.duration, "How long: 30m, 2h, 1d; it ends by itself then")->type_name("TIME");
    maintenance->add_option("--reason", raw.reason, "Why; shown wherever the pair is")->type_name("TEXT");

    CLI::App* report = addCommand(app, raw, "report", "Write a report of the recorded failovers");
    addPeriod(*report, raw);
    report->add_option("--format", raw.format, "html, pdf, csv or json")
        ->type_name("FORMAT")
        ->required()
        ->check(CLI::IsMember({"html", "pdf", "csv", "json"}));
    report->add_option("--output", raw.output, "File to write; - for standard output")->type_name("FILE")->required();

    addCommand(app, raw, "doctor",
               "Look at everything that is needed to see and to switch the pair, and say what is missing");
    addCommand(app, raw, "version", "Print the version");
}

constexpr std::pair<const char*, Command> kCommands[] = {
    {"status", Command::Status},       {"watch", Command::Watch},           {"events", Command::Events},
    {"failovers", Command::Failovers}, {"switchover", Command::Switchover}, {"takeover", Command::Takeover},
    {"drill", Command::Drill},         {"lever", Command::Lever},           {"maintenance", Command::Maintenance},
    {"report", Command::Report},       {"doctor", Command::Doctor},         {"version", Command::Version},
};

Command commandOf(const CLI::App& app) {
    for (const auto& [name, command] : kCommands) {
        if (app.got_subcommand(name))
            return command;
    }
    return Command::Version;
}

/// CLI11 would only say that a command is missing.
bool isUnknownCommand(const QString& word) {
    return !word.isEmpty() && !word.startsWith(u'-') &&
           std::ranges::none_of(kCommands, [&](const auto& row) { return word == QLatin1String(row.first); });
}

std::chrono::milliseconds fromNumber(double seconds) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

Arguments fromRaw(const Raw& raw, Command command) {
    const auto text = [](const std::string& s) { return QString::fromStdString(s); };
    Arguments a;
    a.command = command;
    a.pairFile = text(raw.pairFile);
    a.json = raw.json;
    a.acceptNew = raw.acceptNew;
    a.historyFile = text(raw.historyFile);
    a.timeout = fromNumber(raw.timeout);
    a.since = text(raw.since);
    a.until = text(raw.until);
    a.node = text(raw.node);
    a.kind = text(raw.kind);
    a.severity = text(raw.severity);
    a.limit = raw.limit;
    if (raw.watchFor > 0)
        a.watchFor = fromNumber(raw.watchFor);
    a.recordFile = text(raw.record);
    a.replayFile = text(raw.replay);
    a.speed = replaySpeedFromText(text(raw.speed)).value_or(1.0);
    a.to = text(raw.to);
    a.reason = text(raw.reason);
    a.at = text(raw.at);
    a.confirm = text(raw.confirm);
    for (const std::string& code : raw.overrides)
        a.overrides += text(code);
    a.dryRun = raw.dryRun;
    a.yes = raw.yes;
    a.leverTask = raw.leverTask == "install"  ? LeverTask::Install
                  : raw.leverTask == "remove" ? LeverTask::Remove
                                              : LeverTask::Show;
    a.maintenanceTask = raw.maintenanceTask == "begin" ? MaintenanceTask::Begin
                        : raw.maintenanceTask == "end" ? MaintenanceTask::End
                                                       : MaintenanceTask::Show;
    a.duration = text(raw.duration);
    a.format = text(raw.format);
    a.output = text(raw.output);
    return a;
}

/// CLI11 ends its messages with no full stop.
QString sentence(const char* words) {
    QString text = QString::fromUtf8(words).trimmed();
    return text.endsWith(u'.') ? text : text + u'.';
}

} // namespace

Parsed parseArguments(const QStringList& words) {
    Parsed parsed;
    parsed.json = words.contains(u"--json"_s);
    if (isUnknownCommand(words.value(1))) {
        parsed.wrong = u"There is no command \"%1\"."_s.arg(words.at(1));
        return parsed;
    }
    Raw raw;
    try {
        CLI::App app("Keeps one Milvus alive on two servers: who serves, is it safe, why did it move, and move it now.",
                     "milvus-ha");
        app.set_help_flag("-h,--help", "Print this help");
        app.require_subcommand(1);
        addCommands(app, raw);
        std::vector<std::string> arguments; // CLI11 takes them from the back
        for (qsizetype i = words.size() - 1; i > 0; --i)
            arguments.push_back(words.at(i).toStdString());
        try {
            app.parse(arguments);
            parsed.arguments = fromRaw(raw, commandOf(app));
        } catch (const CLI::CallForHelp&) {
            parsed.help = QString::fromStdString(app.help());
        } catch (const CLI::ParseError& error) {
            parsed.wrong = sentence(error.what());
        }
    } catch (const std::exception& error) {
        parsed.wrong = sentence(error.what());
    }
    return parsed;
}

} // namespace mha::cli
