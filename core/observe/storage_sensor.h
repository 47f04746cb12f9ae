// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/line_stream.h"
#include "observe/sensor_context.h"
#include "observe/storage_look.h"

#include <QObject>
#include <QTimer>

namespace mha {

/// The shared folder on one node: one command on the node that looks at each beat; its silence means a hung storage.
class StorageSensor : public QObject {
    Q_OBJECT

public:
    StorageSensor(std::shared_ptr<SensorContext> context, QObject* parent);

    void start();
    void stop();
    /// Looks again, unless the last look is still under way.
    void beat();

private:
    void lookOnce();
    void received(const QByteArray& bytes);

    std::shared_ptr<SensorContext> context_;
    StorageParser parser_;
    LineStream stream_;
    QTimer silence_;
    bool looking_ = false;
    int run_ = 0;
};

} // namespace mha
