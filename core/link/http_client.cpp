// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/http.h"

#include <QTimer>

#include <algorithm>
#include <deque>
#include <utility>

namespace mha {

namespace {

Error timedOut(const HttpRequest& request, std::chrono::milliseconds deadline) {
    return {
        .code = ErrorCode::TimedOut,
        .text = QStringLiteral("%1 %2 was not answered within %3 ms.")
                    .arg(QString::fromLatin1(request.method), QString::fromLatin1(request.target))
                    .arg(deadline.count()),
        .where = {},
        .remedy = QStringLiteral("Check the load of the node and the service's log."),
    };
}

Error noChannel() {
    return {.code = ErrorCode::Internal,
            .text = QStringLiteral("No channel could be made for the request."),
            .where = {},
            .remedy = QStringLiteral("Connect again.")};
}

} // namespace

/// Shared with the channel's handlers, which may run while a callback destroys the client.
struct HttpClient::State : std::enable_shared_from_this<State> {
    struct Pending {
        HttpRequest request;
        Callback done;
        std::unique_ptr<QTimer> deadline;
        bool retried = false;
    };

    Opener opener;
    bool destroyed = false;
    std::deque<std::unique_ptr<Pending>> waiting;
    std::unique_ptr<Pending> current;
    std::unique_ptr<ByteChannel> channel;
    std::unique_ptr<HttpResponseParser> parser;
    int generation = 0;       ///< of the channel: words of an earlier one are not heard
    bool usedBefore = false;  ///< the channel has answered a request
    bool answerBegun = false; ///< to the current request

    void next();
    bool openChannel();
    void dropChannel();
    void received(const QByteArray& bytes);
    void closed(const Error& error);
    void finish(Result<HttpResponse> result);
    void expired(const Pending* pending, const Error& error);
};

HttpClient::HttpClient(Opener opener, QObject* parent)
    : QObject(parent), opener_(std::move(opener)), state_(std::make_shared<State>()) {
    state_->opener = opener_;
}

HttpClient::~HttpClient() {
    state_->destroyed = true;
    state_->waiting.clear();
    state_->current.reset();
    state_->dropChannel();
}

void HttpClient::request(const HttpRequest& request, std::chrono::milliseconds deadline, Callback done) {
    auto pending = std::make_unique<State::Pending>();
    pending->request = request;
    pending->done = std::move(done);
    pending->deadline = std::make_unique<QTimer>();
    pending->deadline->setSingleShot(true);
    connect(
        pending->deadline.get(), &QTimer::timeout, this,
        [state = state_, late = pending.get(), error = timedOut(request, deadline)] { state->expired(late, error); });
    pending->deadline->start(deadline);
    state_->waiting.push_back(std::move(pending));
    state_->next();
}

void HttpClient::State::next() {
    while (!destroyed && !current && !waiting.empty()) {
        current = std::move(waiting.front());
        waiting.pop_front();
        answerBegun = false;
        if (!channel && !openChannel()) {
            finish(std::unexpected(noChannel()));
            continue;
        }
        if (current->request.method == "HEAD")
            parser->expectNoBody();
        channel->write(toWire(current->request));
    }
}

bool HttpClient::State::openChannel() {
    dropChannel();
    const int mine = generation;
    const std::weak_ptr<State> weak = weak_from_this();
    const auto whenMine = [weak, mine]() -> std::shared_ptr<State> {
        std::shared_ptr<State> state = weak.lock();
        return state && !state->destroyed && state->generation == mine ? state : nullptr;
    };
    channel = opener({
        .opened = {},
        .received =
            [whenMine](const QByteArray& bytes) {
                if (const auto state = whenMine())
                    state->received(bytes);
            },
        .closed =
            [whenMine](const Error& error, std::optional<int>) {
                if (const auto state = whenMine())
                    state->closed(error);
            },
    });
    return channel != nullptr;
}

void HttpClient::State::dropChannel() {
    ++generation;
    usedBefore = false;
    channel.reset();
    parser = std::make_unique<HttpResponseParser>();
}

void HttpClient::State::received(const QByteArray& bytes) {
    if (!current) { // nobody asked: what this is cannot be known
        dropChannel();
        return;
    }
    answerBegun = true;
    if (const Result<void> fed = parser->feed(bytes); !fed) {
        dropChannel();
        finish(std::unexpected(fed.error()));
    } else if (std::optional<HttpResponse> response = parser->take()) {
        usedBefore = true;
        if (!response->keepAlive || !current->request.keepAlive || !parser->isIdle())
            dropChannel(); // more than was asked for: not to be taken for the next answer
        finish(*std::move(response));
    }
}

void HttpClient::State::closed(const Error& error) {
    parser->feedEnd();
    std::optional<HttpResponse> response = current ? parser->take() : std::nullopt;
    const bool wasUsed = usedBefore;
    dropChannel();
    if (!current)
        return;
    if (response) {
        finish(*std::move(response));
        return;
    }
    // The peer closed an idle channel just as we asked. Nothing received: it did not read the request (RFC 9112
    // section 9.3.1); a GET may be asked again in any case.
    if (wasUsed && !current->retried && (!answerBegun || current->request.method == "GET")) {
        current->retried = true;
        waiting.push_front(std::move(current));
        next();
        return;
    }
    finish(std::unexpected(error));
}

/// Tells the current request's result; the client may be gone after it.
void HttpClient::State::finish(Result<HttpResponse> result) {
    const auto self = shared_from_this();
    const std::unique_ptr<Pending> finished = std::move(current);
    finished->deadline.release()->deleteLater(); // we may be in its signal
    finished->done(std::move(result));
    next();
}

void HttpClient::State::expired(const Pending* pending, const Error& error) {
    if (current.get() == pending) {
        dropChannel(); // its answer may still come, to the wrong question
        finish(std::unexpected(error));
        return;
    }
    const auto place = std::ranges::find(waiting, pending, &std::unique_ptr<Pending>::get);
    if (place == waiting.end())
        return;
    const std::unique_ptr<Pending> late = std::move(*place);
    waiting.erase(place);
    late->deadline.release()->deleteLater();
    late->done(std::unexpected(error));
}

} // namespace mha
