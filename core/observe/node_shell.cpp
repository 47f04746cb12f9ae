// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/node_shell.h"

#include <QPointer>

#include <utility>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

/// The last line of each answer, with the exit code.
constexpr QByteArrayView kEnd = "@@mha ";

constexpr const char* kAnswerAll = R"sh(set -f
tab=$(printf '\t')
while IFS= read -r line; do
    IFS=$tab; set -- $line; unset IFS
    "$@" </dev/null 2>/dev/null
    echo "@@mha $?"
done
)sh";

/// bash where it is there: it does more by itself.
constexpr const char* kStart = R"sh(LC_ALL=C; export LC_ALL
command -v bash >/dev/null && exec bash -c "$1"
exec sh -c "$1"
)sh";

} // namespace

NodeShell::NodeShell(std::shared_ptr<SensorContext> context, QByteArray functions, QObject* parent)
    : QObject(parent), context_(std::move(context)), functions_(std::move(functions)),
      stream_(context_, scriptCommand(kStart, {QString::fromUtf8(functions_ + kAnswerAll)}),
              {.received = [this](const QByteArray& bytes) { received(bytes); },
               .opened = {},
               .closed = [this](const Error&) { askAllByCommand(); }},
              this),
      silence_(this) {
    silence_.setSingleShot(true);
    connect(&silence_, &QTimer::timeout, this, [this] {
        stream_.open(); // a new one, for the questions to come
        askAllByCommand();
    });
}

void NodeShell::open() {
    stream_.open();
}

void NodeShell::close() {
    ++run_;
    silence_.stop();
    stream_.close();
    waiting_.clear();
}

void NodeShell::ask(const QStringList& words, Callback done) {
    Question question{words, std::move(done)};
    if (!stream_.isOpen()) {
        askByCommand(question);
        return;
    }
    waiting_.append(std::move(question));
    if (waiting_.size() == 1)
        send();
}

void NodeShell::send() {
    text_.clear();
    answeredAt_.reset();
    silence_.start(kLookDeadline);
    askedAt_ = wallClockNow();
    stream_.write(waiting_.first().words.join(u'\t').toUtf8() + '\n');
}

void NodeShell::received(const QByteArray& bytes) {
    if (waiting_.isEmpty())
        return;
    if (!answeredAt_)
        answeredAt_ = wallClockNow();
    text_ += bytes;
    if (!text_.endsWith('\n'))
        return;
    const qsizetype last = text_.lastIndexOf('\n', -2) + 1;
    if (!QByteArrayView(text_).sliced(last).startsWith(kEnd))
        return;
    const Answer answer{
        askedAt_, *answeredAt_, {text_.sliced(last + kEnd.size()).trimmed().toInt(), text_.first(last), {}}};
    const Callback done = waiting_.takeFirst().done;
    silence_.stop();
    if (!waiting_.isEmpty())
        send();
    done(answer);
}

void NodeShell::askByCommand(const Question& question) {
    const QByteArray script = "LC_ALL=C; export LC_ALL\n" + functions_ + "\"$@\"\n";
    context_->link->exec(scriptCommand(script.constData(), question.words), kLookDeadline,
                         [this, alive = QPointer(this), run = run_, done = question.done,
                          askedAt = wallClockNow()](const Result<ExecResult>& result) {
                             if (!alive || run != run_)
                                 return;
                             if (result) {
                                 done(Answer{askedAt, wallClockNow(), *result});
                             } else {
                                 done(std::unexpected(result.error()));
                             }
                         });
}

void NodeShell::askAllByCommand() {
    silence_.stop();
    for (const Question& question : std::exchange(waiting_, {}))
        askByCommand(question);
}

} // namespace mha
