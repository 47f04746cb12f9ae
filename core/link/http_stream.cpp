// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/http.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTimer>

#include <utility>

namespace mha {

namespace {

/// Kept of an error's body.
constexpr qsizetype kErrorBodyLimit = 4096;

/// A status that is no success, in the service's own words (Docker: {"message": "..."}).
Error statusError(int status, const QByteArray& body) {
    const QString message = QJsonDocument::fromJson(body).object().value(QLatin1String("message")).toString();
    Error error{.code = ErrorCode::Protocol,
                .text =
                    QStringLiteral("The service answered with status %1: %2")
                        .arg(QString::number(status), message.isEmpty() ? QString::fromUtf8(body).trimmed() : message),
                .where = {},
                .remedy = QStringLiteral("Look at the service's log on the node.")};
    if (status == 404) {
        error.code = ErrorCode::NotFound;
    } else if (status == 401 || status == 403) {
        error.code = ErrorCode::Refused;
    }
    return error;
}

} // namespace

/// Shared with the channel's handlers, which hold it while a callback destroys the stream.
struct HttpClient::Stream::State : std::enable_shared_from_this<State> {
    std::function<void()> onHeader;
    std::function<void(const QByteArray&)> onBody;
    std::function<void(const Error&)> onEnd;
    std::unique_ptr<ByteChannel> channel;
    std::unique_ptr<HttpResponseParser> parser;
    QByteArray pieces;
    bool headerTold = false;
    bool over = false;

    bool isSuccess() const { return parser->status() / 100 == 2; }

    void received(const QByteArray& bytes) {
        const Result<void> fed = parser->feed(bytes);
        deliver();
        if (over)
            return;
        if (!fed) {
            end(fed.error());
        } else if (const auto response = parser->take()) {
            ended(response->status);
        } else if (parser->headerDone() && !isSuccess() && pieces.size() > kErrorBodyLimit) {
            ended(parser->status());
        }
    }

    void deliver() {
        if (!parser->headerDone() || !isSuccess())
            return;
        if (!std::exchange(headerTold, true) && onHeader)
            onHeader();
        if (!over && !pieces.isEmpty() && onBody)
            onBody(std::exchange(pieces, {}));
    }

    void closed(const Error& error) {
        parser->feedEnd();
        deliver();
        if (over)
            return;
        if (const int status = parser->status(); status != 0 && !isSuccess()) {
            ended(status);
        } else {
            end(error);
        }
    }

    void ended(int status) {
        if (status / 100 != 2) {
            end(statusError(status, pieces));
            return;
        }
        end({.code = ErrorCode::Unreachable,
             .text = QStringLiteral("The service ended the stream."),
             .where = {},
             .remedy = QStringLiteral("Look at the service's log on the node.")});
    }

    void end(const Error& error) {
        if (std::exchange(over, true))
            return;
        channel.reset();
        if (onEnd)
            onEnd(error);
    }
};

HttpClient::Stream::Stream(std::shared_ptr<State> state) : state_(std::move(state)) {}

HttpClient::Stream::~Stream() {
    state_->over = true;
    state_->channel.reset();
}

std::unique_ptr<HttpClient::Stream> HttpClient::openStream(const HttpRequest& request, std::function<void()> onHeader,
                                                           std::function<void(const QByteArray&)> onBody,
                                                           std::function<void(const Error&)> onEnd) {
    const auto state = std::make_shared<Stream::State>();
    state->onHeader = std::move(onHeader);
    state->onBody = std::move(onBody);
    state->onEnd = std::move(onEnd);
    state->parser = std::make_unique<HttpResponseParser>(
        [raw = state.get()](const QByteArray& piece) { raw->pieces += piece; }); // owned by the state
    const std::weak_ptr<Stream::State> weak = state;
    state->channel = opener_({
        .opened = {},
        .received =
            [weak](const QByteArray& bytes) {
                if (const auto here = weak.lock(); here && !here->over)
                    here->received(bytes);
            },
        .closed =
            [weak](const Error& error, std::optional<int>) {
                if (const auto here = weak.lock(); here && !here->over)
                    here->closed(error);
            },
    });
    if (state->channel) {
        state->channel->write(toWire(request));
    } else {
        QTimer::singleShot(0, this, [weak] { // after the owner has the stream in hand
            if (const auto here = weak.lock()) {
                here->end({.code = ErrorCode::Internal,
                           .text = QStringLiteral("No channel could be made for the request."),
                           .remedy = QStringLiteral("Connect again.")});
            }
        });
    }
    return std::unique_ptr<Stream>(new Stream(state));
}

} // namespace mha
