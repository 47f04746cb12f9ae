// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/json_lines.h"
#include "observe/node_status.h"
#include "observe/sensor_context.h"

#include <QObject>
#include <QTimer>

namespace mha {

/// milvus-ha-node on the node, by its control socket: it tells each change at once, and its counters now and then.
class ProgramSensor : public QObject {
    Q_OBJECT

public:
    /// `settled`: it is known whether the program has VRRP there itself (true), or keepalived is to be asked. Called
    /// with each answer, and when the program ends.
    ProgramSensor(std::shared_ptr<SensorContext> context, std::function<void(bool native)> settled, QObject* parent);

    void start();
    void stop();

private:
    void ask();
    void received(const QJsonObject& status);
    void ended(const Error& error);

    std::shared_ptr<SensorContext> context_;
    std::function<void(bool)> settled_;
    std::unique_ptr<JsonLines> lines_;
    QTimer again_;
    QTimer silence_;
    bool native_ = false; ///< when it was heard last
    int triesLeft_ = 0;   ///< after an end; none before it was heard
};

} // namespace mha
