// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/prompts.h"

#include "ui/question_dialog.h"

#include <future>
#include <mutex>

using namespace Qt::StringLiterals;

namespace mha {

struct Prompts::Question {
    enum class Kind { HostKey, Passphrase, Password } kind = Kind::HostKey;
    QString node;
    QString subject; ///< host, key file or user
    QString fingerprint;
    std::promise<std::optional<QString>> promise;
};

/// What the link threads hold: it outlives the prompts, shut.
struct Prompts::Door {
    std::mutex mutex;
    Prompts* inside = nullptr; ///< nullptr: shut
    QList<std::shared_ptr<Question>> waiting;

    std::optional<QString> ask(const std::shared_ptr<Question>& question) {
        auto answer = question->promise.get_future();
        {
            const std::scoped_lock lock(mutex);
            if (inside == nullptr)
                return std::nullopt;
            waiting.append(question);
            QMetaObject::invokeMethod(inside, &Prompts::showNext, Qt::QueuedConnection);
        }
        return answer.get();
    }
};

Prompts::Prompts(QWidget* window) : QObject(window), door_(std::make_shared<Door>()), window_(window) {
    door_->inside = this;
}

Prompts::~Prompts() {
    close();
}

void Prompts::close() {
    QList<std::shared_ptr<Question>> waiting;
    {
        const std::scoped_lock lock(door_->mutex);
        door_->inside = nullptr;
        waiting.swap(door_->waiting);
    }
    if (current_)
        waiting.append(std::move(current_));
    current_.reset();
    for (const auto& question : std::as_const(waiting))
        question->promise.set_value(std::nullopt);
    delete dialog_;
}

SshPrompts Prompts::functions() {
    SshPrompts prompts;
    prompts.acceptHostKey = [door = door_](const QString& node, const QString& host, const QString& fingerprint) {
        auto question = std::make_shared<Question>();
        question->kind = Question::Kind::HostKey;
        question->node = node;
        question->subject = host;
        question->fingerprint = fingerprint;
        return door->ask(question).has_value();
    };
    prompts.passphrase = [door = door_](const QString& node, const QString& file) {
        auto question = std::make_shared<Question>();
        question->kind = Question::Kind::Passphrase;
        question->node = node;
        question->subject = file;
        return door->ask(question);
    };
    prompts.password = [door = door_](const QString& node, const QString& user) {
        auto question = std::make_shared<Question>();
        question->kind = Question::Kind::Password;
        question->node = node;
        question->subject = user;
        return door->ask(question);
    };
    return prompts;
}

void Prompts::showNext() {
    if (current_)
        return;
    {
        const std::scoped_lock lock(door_->mutex);
        if (door_->waiting.isEmpty())
            return;
        current_ = door_->waiting.takeFirst();
    }
    const QString who = current_->node + u'\n' + current_->subject;
    if (current_->kind == Question::Kind::Passphrase && passphrases_.contains(current_->subject)) {
        if (!given_.contains(who)) {
            given_.insert(who);
            answer(passphrases_.value(current_->subject));
            return;
        }
        passphrases_.remove(current_->subject);
    }
    dialog_ = makeDialog(*current_);
    dialog_->open();
}

QDialog* Prompts::makeDialog(const Question& question) const {
    QuestionDialog* dialog = nullptr;
    switch (question.kind) {
    case Question::Kind::HostKey:
        dialog = QuestionDialog::hostKey(question.node, question.subject, question.fingerprint, window_);
        break;
    case Question::Kind::Passphrase:
        dialog = QuestionDialog::passphrase(question.node, question.subject, window_);
        break;
    case Question::Kind::Password:
        dialog = QuestionDialog::password(question.node, question.subject, window_);
        break;
    }
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto* self = const_cast<Prompts*>(this);
    connect(dialog, &QDialog::finished, self, [self, dialog](int result) {
        self->answer(result == QDialog::Accepted ? std::optional(dialog->secret()) : std::nullopt);
    });
    return dialog;
}

void Prompts::answer(const std::optional<QString>& text) {
    if (!current_)
        return;
    const auto question = std::move(current_);
    current_.reset();
    if (question->kind == Question::Kind::Passphrase && text) {
        passphrases_.insert(question->subject, *text);
        given_.insert(question->node + u'\n' + question->subject);
    }
    question->promise.set_value(text);
    QMetaObject::invokeMethod(this, &Prompts::showNext, Qt::QueuedConnection);
}

} // namespace mha
