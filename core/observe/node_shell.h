// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/line_stream.h"
#include "observe/sensor_context.h"

#include <QList>
#include <QObject>
#include <QStringList>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace mha {

/// A shell that stays on the node, for the small questions that are asked again and again: a command of its own for
/// each costs the node a process of sshd and the start of a shell, more than the answer. One question at a time, the
/// others wait. While it is not open, and where it has been silent for kLookDeadline, each is a command of its own.
/// Lives in the link's thread.
class NodeShell : public QObject {
public:
    struct Answer {
        Instant askedAt;    ///< when it was sent
        Instant answeredAt; ///< when its first byte had come
        ExecResult result;  ///< without errors: they are not handed on
    };

    using Callback = std::function<void(const Result<Answer>&)>;

    /// `functions`: POSIX shell, constant, before every question; it may ask for what is defined there.
    NodeShell(std::shared_ptr<SensorContext> context, QByteArray functions, QObject* parent);

    void open();
    void close(); ///< what waits for an answer gets none

    /// A function or program with its arguments; none empty, and none with a tab or the end of a line in it. It reads
    /// no input. `done` is called once, not before this returns.
    void ask(const QStringList& words, Callback done);

private:
    struct Question {
        QStringList words;
        Callback done;
    };

    void send();
    void received(const QByteArray& bytes);
    void askByCommand(const Question& question);
    void askAllByCommand();

    std::shared_ptr<SensorContext> context_;
    QByteArray functions_;
    LineStream stream_;
    QTimer silence_;
    QList<Question> waiting_; ///< for the stream; the first has been sent
    Instant askedAt_;
    std::optional<Instant> answeredAt_;
    QByteArray text_; ///< of the answer, so far
    int run_ = 0;
};

} // namespace mha
