// SPDX-License-Identifier: GPL-3.0-or-later
#include "docker/docker_api.h"

#include "docker/docker_access.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>
#include <QTimer>
#include <QUrl>

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kSocket = "/var/run/docker.sock"_L1;
constexpr std::chrono::milliseconds kAccessDeadline{2000};
/// First try, once more after a connection that had gone stale, once more by another way.
constexpr int kMostTries = 3;
constexpr qsizetype kLongestEvent = 262'144;

std::chrono::milliseconds left(Clock::time_point endBy) {
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(endBy - Clock::now()), 1ms);
}

Error dockerError(ErrorCode code, const QString& text, const QString& remedy) {
    return {code, text, u"Docker Engine API"_s, remedy};
}

Error noAnswer(std::chrono::milliseconds deadline) {
    return dockerError(ErrorCode::TimedOut,
                       u"The Docker Engine did not answer within %1 s."_s.arg(double(deadline.count()) / 1000.0),
                       u"Look at it on the node: systemctl status docker; if it hangs, systemctl restart docker."_s);
}

Error closedByEngine() {
    return dockerError(ErrorCode::Unreachable, u"The Docker Engine closed the connection."_s,
                       u"Look at it on the node: systemctl status docker."_s);
}

Error failed(const QString& what, const HttpResponse& response) {
    const QString message = QJsonDocument::fromJson(response.body).object()["message"_L1].toString().left(300);
    return dockerError(ErrorCode::Protocol,
                       message.isEmpty() ? u"Docker could not %1: HTTP status %2."_s.arg(what).arg(response.status)
                                         : u"Docker could not %1: %2."_s.arg(what, message),
                       u"Look at it on the node: docker inspect, docker logs, journalctl -u docker."_s);
}

Error noContainer(const QString& container) {
    return dockerError(ErrorCode::NotFound, u"There is no container %1 on the node."_s.arg(container),
                       u"Correct `container` in the pair file, or create the container."_s);
}

QByteArray containerPath(const QString& container, const char* what) {
    return "/containers/" + QUrl::toPercentEncoding(container) + what;
}

QByteArray eventsPath(const QString& container) {
    const QJsonObject filters{{u"type"_s, QJsonArray{u"container"_s}}, {u"container"_s, QJsonArray{container}}};
    return "/events?filters=" +
           QUrl::toPercentEncoding(QString::fromUtf8(QJsonDocument(filters).toJson(QJsonDocument::Compact)));
}

/// Says at once that it is closed, instead of connecting.
class ClosedChannel final : public ByteChannel {
public:
    explicit ClosedChannel(Handlers handlers) {
        timer_.setSingleShot(true);
        QObject::connect(&timer_, &QTimer::timeout, &timer_, [closed = std::move(handlers.closed)] {
            const auto tell = closed; // its owner may destroy this channel meanwhile
            tell(closedByEngine(), std::nullopt);
        });
        timer_.start(0);
    }

    void write(const QByteArray&) override {}

    void finishWriting() override {}

private:
    QTimer timer_;
};

/// Connects once. A second connection would be made behind the access check, which keeps a stopped Engine stopped.
HttpClient::Opener openOnce(Link& link, DockerWay way, const QString& path) {
    return [&link, way, path,
            used = std::make_shared<bool>(false)](ByteChannel::Handlers handlers) -> std::unique_ptr<ByteChannel> {
        if (std::exchange(*used, true))
            return std::make_unique<ClosedChannel>(std::move(handlers));
        if (way == DockerWay::Socket)
            return link.openUnix(path, std::move(handlers));
        const Command command{{u"docker"_s, u"system"_s, u"dial-stdio"_s}, way == DockerWay::SudoDialStdio, {}};
        return link.openCommand(command, std::move(handlers));
    };
}

} // namespace

struct DockerApi::State {
    /// One request on its way, with its retries.
    struct Question {
        HttpRequest request;
        std::chrono::milliseconds deadline{};
        Clock::time_point endBy;
        HttpClient::Callback done;
        bool ownConnection = false;
        int tries = 0;
    };

    /// A client with the number of its open questions: it is let go only when all have been told their end.
    struct Connection {
        std::unique_ptr<HttpClient> http;
        int pending = 0;
        bool retired = false; ///< no new questions
        bool proved = false;  ///< has answered
    };

    using QuestionPtr = std::shared_ptr<Question>;
    using ReadyCallback = std::function<void(const Result<DockerWay>&)>;

    State(Link& theLink, DockerApi* theApi, QString theSocket = {})
        : link(theLink), api(theApi), onlySocket(!theSocket.isEmpty()),
          socket(onlySocket ? std::move(theSocket) : QString(kSocket)) {}

    void ensureReady(std::chrono::milliseconds deadline, ReadyCallback done);
    void accessKnown(const Result<ExecResult>& result);
    void ask(const QuestionPtr& question);
    void askBy(DockerWay taken, const QuestionPtr& question);
    std::shared_ptr<Connection> connection(DockerWay taken, bool own);
    void answered(DockerWay taken, Connection& asked, const QuestionPtr& question, Result<HttpResponse> response);
    bool learnFrom(const Error& error, DockerWay taken, bool wasProved);
    void connectionDone(const std::weak_ptr<Connection>& weak);
    void feedEvents(const QByteArray& bytes, const EventCallback& onEvent);

    Link& link;
    DockerApi* api;
    bool onlySocket; ///< no other way is looked for
    QString socket;
    std::optional<DockerWay> way; ///< worked, or is about to be tried
    bool forwardingRefused = false;
    QList<ReadyCallback> waiting;                   ///< for the access check that runs
    QList<std::shared_ptr<Connection>> connections; ///< at most one is neither retired nor a question's own
    bool everAnswered = false;
    std::unique_ptr<HttpClient> eventClient;
    std::unique_ptr<HttpClient::Stream> events;
    QByteArray eventRest;
};

void DockerApi::State::ensureReady(std::chrono::milliseconds deadline, ReadyCallback done) {
    if (onlySocket)
        way = DockerWay::Socket;
    if (way) {
        done(*way);
        return;
    }
    waiting.append(std::move(done));
    if (waiting.size() > 1)
        return;
    link.exec(dockerAccessCommand(), std::min(deadline, kAccessDeadline),
              [this, alive = QPointer(api)](const Result<ExecResult>& result) {
                  if (alive)
                      accessKnown(result);
              });
}

void DockerApi::State::accessKnown(const Result<ExecResult>& result) {
    Result<DockerWay> chosen = result ? chooseDockerWay(parseDockerAccess(result->output), forwardingRefused)
                                      : Result<DockerWay>(std::unexpected(result.error()));
    if (chosen)
        way = *chosen;
    for (const ReadyCallback& ready : std::exchange(waiting, {}))
        ready(chosen);
}

void DockerApi::State::ask(const QuestionPtr& question) {
    ++question->tries;
    ensureReady(left(question->endBy), [this, question](const Result<DockerWay>& chosen) {
        if (chosen) {
            askBy(*chosen, question);
        } else {
            question->done(std::unexpected(chosen.error()));
        }
    });
}

std::shared_ptr<DockerApi::State::Connection> DockerApi::State::connection(DockerWay taken, bool own) {
    if (!own) {
        for (const auto& known : connections) {
            if (!known->retired)
                return known;
        }
    }
    const auto made = std::make_shared<Connection>();
    made->http = std::make_unique<HttpClient>(openOnce(link, taken, socket));
    made->retired = own;
    connections.append(made);
    return made;
}

void DockerApi::State::askBy(DockerWay taken, const QuestionPtr& question) {
    const std::shared_ptr<Connection> asked = connection(taken, question->ownConnection);
    ++asked->pending;
    asked->http->request(
        question->request, left(question->endBy),
        [this, alive = QPointer(api), taken, question, weak = std::weak_ptr(asked)](Result<HttpResponse> response) {
            const std::shared_ptr<Connection> answering = weak.lock();
            if (!alive || !answering)
                return;
            answered(taken, *answering, question, std::move(response));
            if (alive)
                connectionDone(weak);
        });
}

void DockerApi::State::answered(DockerWay taken, Connection& asked, const QuestionPtr& question,
                                Result<HttpResponse> response) {
    --asked.pending;
    if (response) {
        asked.proved = true;
        everAnswered = true;
        question->done(std::move(response));
        return;
    }
    asked.retired = true;
    if (response.error().code == ErrorCode::TimedOut) {
        way.reset();
        question->done(std::unexpected(noAnswer(question->deadline)));
        return;
    }
    const bool neverAsked = response.error() == closedByEngine(); // its connection was gone before its turn came
    const bool worthATry = learnFrom(response.error(), taken, asked.proved || neverAsked);
    if (worthATry && question->tries < kMostTries && Clock::now() < question->endBy) {
        ask(question);
        return;
    }
    question->done(std::unexpected(response.error()));
}

void DockerApi::State::connectionDone(const std::weak_ptr<Connection>& weak) {
    const std::shared_ptr<Connection> done = weak.lock();
    if (!done || !done->retired || done->pending > 0)
        return;
    connections.removeOne(done);
    done->http.release()->deleteLater(); // we are in its callback
}

/// Another try is worth while after a connection that had gone stale, and where another way is left.
bool DockerApi::State::learnFrom(const Error& error, DockerWay taken, bool wasProved) {
    way.reset();
    if (wasProved)
        return true;
    if (onlySocket)
        return false;
    if (taken == DockerWay::Socket && error.code == ErrorCode::Refused) {
        forwardingRefused = true;
        return true;
    }
    // dial-stdio does not work either: it was not sshd that refused, so the socket comes first again next time.
    forwardingRefused = false;
    return false;
}

void DockerApi::State::feedEvents(const QByteArray& bytes, const EventCallback& onEvent) {
    eventRest += bytes;
    for (qsizetype end = eventRest.indexOf('\n'); end >= 0; end = eventRest.indexOf('\n')) {
        const std::optional<ContainerEventSeen> event = parseEvent(eventRest.first(end));
        eventRest.remove(0, end + 1);
        if (event)
            onEvent(*event);
    }
    if (eventRest.size() > kLongestEvent)
        eventRest.clear();
}

DockerApi::DockerApi(Link& link, QObject* parent) : QObject(parent), state_(std::make_unique<State>(link, this)) {}

DockerApi::DockerApi(Link& link, QString socket, QObject* parent)
    : QObject(parent), state_(std::make_unique<State>(link, this, std::move(socket))) {}

DockerApi::~DockerApi() = default;

void DockerApi::ping(std::chrono::milliseconds deadline, DoneCallback done) {
    const auto question = std::make_shared<State::Question>();
    question->request.target = "/_ping";
    question->deadline = deadline;
    question->endBy = Clock::now() + deadline;
    question->done = [done = std::move(done)](const Result<HttpResponse>& response) {
        if (!response) {
            done(std::unexpected(response.error()));
        } else if (response->status != 200) {
            done(std::unexpected(failed(u"answer"_s, *response)));
        } else {
            done({});
        }
    };
    state_->ask(question);
}

void DockerApi::inspect(const QString& container, std::chrono::milliseconds deadline, InspectCallback done) {
    inspectProcess(container, deadline, [done = std::move(done)](Result<ContainerProcess> process) {
        if (process) {
            done(std::move(process->seen));
        } else {
            done(std::unexpected(process.error()));
        }
    });
}

void DockerApi::inspectProcess(const QString& container, std::chrono::milliseconds deadline, ProcessCallback done) {
    const auto question = std::make_shared<State::Question>();
    question->request.target = containerPath(container, "/json");
    question->deadline = deadline;
    question->endBy = Clock::now() + deadline;
    question->done = [container, done = std::move(done)](const Result<HttpResponse>& response) {
        if (!response) {
            done(std::unexpected(response.error()));
        } else if (response->status == 404) {
            ContainerProcess missing;
            missing.seen.name = container;
            done(missing);
        } else if (response->status != 200) {
            done(std::unexpected(failed(u"look at the container %1"_s.arg(container), *response)));
        } else {
            done(parseInspectProcess(response->body));
        }
    };
    state_->ask(question);
}

namespace {

/// 304: it was so already.
void tellDone(const QString& container, const QString& what, const Result<HttpResponse>& response,
              const DockerApi::DoneCallback& done) {
    if (!response) {
        done(std::unexpected(response.error()));
    } else if (response->status == 404) {
        done(std::unexpected(noContainer(container)));
    } else if (response->status != 204 && response->status != 304) {
        done(std::unexpected(failed(what, *response)));
    } else {
        done({});
    }
}

} // namespace

void DockerApi::startContainer(const QString& container, std::chrono::milliseconds deadline, DoneCallback done) {
    const auto question = std::make_shared<State::Question>();
    question->request.method = "POST";
    question->request.target = containerPath(container, "/start");
    question->deadline = deadline;
    question->endBy = Clock::now() + deadline;
    question->ownConnection = true; // it may take long, and requests on one connection wait for each other
    question->done = [container, done = std::move(done)](const Result<HttpResponse>& response) {
        tellDone(container, u"start the container %1"_s.arg(container), response, done);
    };
    state_->ask(question);
}

void DockerApi::stopContainer(const QString& container, std::chrono::seconds grace, std::chrono::milliseconds deadline,
                              DoneCallback done) {
    const auto question = std::make_shared<State::Question>();
    question->request.method = "POST";
    question->request.target = containerPath(container, "/stop?t=") + QByteArray::number(qint64{grace.count()});
    question->deadline = deadline;
    question->endBy = Clock::now() + deadline;
    question->ownConnection = true;
    question->done = [container, done = std::move(done)](const Result<HttpResponse>& response) {
        tellDone(container, u"stop the container %1"_s.arg(container), response, done);
    };
    state_->ask(question);
}

void DockerApi::watch(const QString& container, std::function<void()> onOpen, EventCallback onEvent,
                      std::function<void(const Error&)> onEnd) {
    state_->events.reset();
    state_->eventRest.clear();
    state_->ensureReady(kAccessDeadline, [this, container, onOpen = std::move(onOpen), onEvent = std::move(onEvent),
                                          onEnd = std::move(onEnd)](const Result<DockerWay>& chosen) {
        if (!chosen) {
            onEnd(chosen.error());
            return;
        }
        if (state_->eventClient)
            state_->eventClient.release()->deleteLater();
        state_->eventClient = std::make_unique<HttpClient>(openOnce(state_->link, *chosen, state_->socket));
        HttpRequest request;
        request.target = eventsPath(container);
        state_->events = state_->eventClient->openStream(
            request, onOpen, [this, onEvent](const QByteArray& bytes) { state_->feedEvents(bytes, onEvent); },
            [this, way = *chosen, onEnd](const Error& error) {
                state_->learnFrom(error, way, state_->everAnswered);
                onEnd(error);
            });
    });
}

} // namespace mha
