// SPDX-License-Identifier: GPL-3.0-or-later

// milvus-ha-node: the node side of a pair.

#include "cli/stop_signal.h"
#include "keepalived/fault_flag.h"
#include "node/control_server.h"
#include "node/keepalived_engine.h"
#include "node/node_program.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <iostream>

using namespace mha;
using namespace Qt::StringLiterals;

namespace {

int tell(const Error& error) {
    std::cerr << "milvus-ha-node: " << toSentence(error).toStdString() << '\n';
    return exitCode(error.code);
}

int run(const NodeSettings& settings, int argc, char** argv) {
    Deadman deadman;
    const bool byFlag = settings.engine == NodeEngine::Keepalived;
    if (auto begun = deadman.begin(byFlag ? QFile::encodeName(kFaultFlagPath) : QByteArray());
        !begun) // forks: before Qt has a thread
        return tell(begun.error());
    const QCoreApplication app(argc, argv);
    NodeProgram program(settings, deadman);
    const cli::StopSignal stop;
    QObject::connect(&stop, &cli::StopSignal::received, &program, &NodeProgram::end);
    QObject::connect(&program, &NodeProgram::finished, &app, &QCoreApplication::quit);
    if (auto begun = program.begin(); !begun)
        return tell(begun.error());
    return QCoreApplication::exec();
}

/// What the unit runs when the program has ended, however it ended: a container without it must not go on.
int stopMilvus(const NodeSettings& settings, int argc, char** argv) {
    const QCoreApplication app(argc, argv);
    LocalLink link;
    link.start();
    int code = 0;
    std::shared_ptr<DockerApi> docker;
    link.post([&] {
        docker = std::make_shared<DockerApi>(link, settings.dockerSocket);
        docker->stopContainer(settings.container, std::chrono::seconds(0), std::chrono::seconds(20),
                              [&](const Result<void>& done) {
                                  QMetaObject::invokeMethod(QCoreApplication::instance(), [&code, done] {
                                      code = done || done.error().code == ErrorCode::NotFound ? 0 : tell(done.error());
                                      QCoreApplication::quit();
                                  });
                              });
    });
    QCoreApplication::exec();
    link.post([&] { docker.reset(); });
    link.stop();
    // The VIP must not stay where no program answers for it.
    if (settings.engine == NodeEngine::Keepalived) {
        const auto written = writeFaultFlag(true);
        return written ? code : tell(written.error());
    }
    if (auto route = RouteSocket::open()) {
        const auto interfaces = route->interfaces();
        const auto addresses = route->addresses();
        for (const NetAddress& held : addresses.value_or(QList<NetAddress>())) {
            if (!settings.vrrp.addresses.contains(held.prefix))
                continue;
            for (const NetInterface& on : interfaces.value_or(QList<NetInterface>())) {
                if (on.index == held.index)
                    static_cast<void>(route->removeAddress(on, held.prefix).has_value());
            }
        }
    }
    return code;
}

int check(const NodeSettings& settings) {
    std::cout << "The configuration can run.\n";
    for (const QString& advice : adviceOn(settings))
        std::cout << "Note: " << advice.toStdString() << '\n';
    return 0;
}

int ask(const NodeSettings& settings, const QString& command, const QString& reason) {
    const auto deadline =
        command == "switchover"_L1 ? std::chrono::seconds(120) + settings.stopGrace : std::chrono::seconds(5);
    const auto answer = askNode(settings.controlSocket, {{u"command"_s, command}, {u"reason"_s, reason}}, deadline);
    if (!answer)
        return tell(answer.error());
    std::cout << QJsonDocument(*answer).toJson(QJsonDocument::Indented).constData();
    const QString outcome = (*answer)["outcome"_L1].toString();
    if (answer->contains("error"_L1))
        return exitCode(ErrorCode::Refused);
    return outcome == "refused"_L1 ? 20 : outcome == "rolled-back"_L1 ? 21 : 0;
}

int obey(int argc, char** argv) {
    CLI::App line("The node side of a Milvus pair: VRRP, the VIP and the container of this server.");
    std::string file = kNodeSettingsFile;
    std::string reason;
    line.add_option("--config", file, "The configuration")->capture_default_str();
    line.require_subcommand(1);
    line.fallthrough();
    line.add_subcommand("run", "Run, in the foreground (systemd does)");
    line.add_subcommand("status", "What this node is and knows, as JSON");
    for (const auto& [name, text] : {std::pair{"switchover", "Give VIP and Milvus to the other node"},
                                     std::pair{"fault", "Stop Milvus here and take no part, until clear"}})
        line.add_subcommand(name, text)->add_option("--reason", reason, "Why, for the event log");
    line.add_subcommand("clear", "Take part again");
    line.add_subcommand("check", "Is the configuration one that can run, and wise?");
    line.add_subcommand("stop-milvus", "Stop the container and take the VIP off, as the unit does at the end");
    line.add_subcommand("version", "The version");
    try {
        line.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return line.exit(error) == 0 ? 0 : exitCode(ErrorCode::Usage);
    }
    const QString command = QString::fromStdString(line.get_subcommands().front()->get_name());
    if (command == "version"_L1) {
        std::cout << "milvus-ha-node " MILVUS_HA_VERSION "\n";
        return 0;
    }
    const auto settings = readNodeSettings(QString::fromStdString(file));
    if (!settings)
        return tell(settings.error());
    if (command == "run"_L1)
        return run(*settings, argc, argv);
    if (command == "stop-milvus"_L1)
        return stopMilvus(*settings, argc, argv);
    if (command == "check"_L1)
        return check(*settings);
    return ask(*settings, command, QString::fromStdString(reason));
}

} // namespace

int main(int argc, char** argv) {
    // Qt's own event dispatcher costs less than GLib's, and this program waits most of its time.
    qputenv("QT_NO_GLIB", "1");
    // CLI11 throws where an option is declared wrongly, and there is nothing to do about it but to say so.
    try {
        return obey(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "milvus-ha-node: %s\n", error.what());
    }
    return exitCode(ErrorCode::Internal);
}
