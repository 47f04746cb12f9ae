// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/sensor_context.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>

namespace mha {

/// Keeps a command running on the node and hands on what it prints; opens it again when it ends. A command that needs
/// root runs as the user where sudo refuses. Lives in the link's thread.
class LineStream : public QObject {
    Q_OBJECT

public:
    struct Events {
        std::function<void(const QByteArray&)> received;
        std::function<void()> opened;
        std::function<void(const Error&)> closed; ///< each time it ended by itself
    };

    LineStream(std::shared_ptr<SensorContext> context, Command command, Events events, QObject* parent);
    ~LineStream() override;

    void open();
    void close();
    void write(const QByteArray& bytes); ///< to the command's input, while it is open

    bool isOpen() const { return open_; }

private:
    void ended(const Error& error, std::optional<int> exitCode);

    std::shared_ptr<SensorContext> context_;
    Command command_;
    Events events_;
    std::unique_ptr<ByteChannel> channel_;
    bool asRoot_ = false;
    bool open_ = false;
    QElapsedTimer age_;
    QTimer again_;
};

} // namespace mha
