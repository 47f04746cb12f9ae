// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "docker/docker_api.h"
#include "observe/sensor_context.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace mha {

/// Milvus's container on one node: Docker's events, an inspect after each and every 10 s, and a ping
/// that notices a stopped or frozen Engine.
class ContainerSensor : public QObject {
    Q_OBJECT

public:
    ContainerSensor(std::shared_ptr<SensorContext> context, std::function<void(const ContainerEventSeen&)> onEvent,
                    QObject* parent);

    void start();
    void stop();
    void look();
    void beat(); ///< does the Engine answer?

private:
    void looked(const Result<ContainerSeen>& seen);
    void watch();
    void unseen(const Error& error);

    std::shared_ptr<SensorContext> context_;
    std::function<void(const ContainerEventSeen&)> onEvent_;
    std::unique_ptr<DockerApi> docker_;
    QTimer reconcile_;
    QElapsedTimer watchAge_;
    bool watching_ = false;
    bool looking_ = false;
    bool lookAgain_ = false;
    bool pinging_ = false;
    bool answering_ = false;
    int run_ = 0;
};

} // namespace mha
