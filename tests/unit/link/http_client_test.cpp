// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/http.h"

#include <QtTest>

using namespace mha;
using namespace std::chrono_literals;

namespace {

/// The other side of every channel that the client opens: what came, and what to answer.
struct FakeService {
    struct Side {
        ByteChannel::Handlers handlers;
        QByteArray received;
        bool open = true; ///< until the client destroys its channel
    };

    QList<std::shared_ptr<Side>> sides;

    HttpClient::Opener opener() {
        return [this](ByteChannel::Handlers handlers) -> std::unique_ptr<ByteChannel> {
            const auto side = std::make_shared<Side>();
            side->handlers = std::move(handlers);
            sides += side;
            return std::make_unique<Channel>(side);
        };
    }

    Side& last() { return *sides.last(); }

    /// As a link does: from the event loop, and never after the channel's destruction.
    void answer(const QByteArray& bytes) {
        if (const auto side = sides.last(); side->open)
            std::function(side->handlers.received)(bytes);
    }

    void close() {
        if (const auto side = sides.last(); side->open)
            std::function(side->handlers.closed)({.code = ErrorCode::Unreachable, .text = QStringLiteral("closed")},
                                                 {});
    }

private:
    class Channel final : public ByteChannel {
    public:
        explicit Channel(std::shared_ptr<Side> side) : side_(std::move(side)) {}

        ~Channel() override { side_->open = false; }

        void write(const QByteArray& bytes) override { side_->received += bytes; }

        void finishWriting() override {}

    private:
        std::shared_ptr<Side> side_;
    };
};

QByteArray ok(const QByteArray& body, const QByteArray& header = {}) {
    return "HTTP/1.1 200 OK\r\n" + header + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

QByteArray get(const QByteArray& target) {
    return toWire({.target = target});
}

/// What the callbacks said, in order: "1=body" or "1!timed-out".
struct Answers {
    QStringList list;

    HttpClient::Callback as(const char* name) {
        return [this, name](Result<HttpResponse> result) {
            list += QString::fromLatin1(name) + (result ? QLatin1Char('=') + QString::fromUtf8(result->body)
                                                        : QLatin1Char('!') + errorCodeName(result.error().code));
        };
    }
};

} // namespace

class HttpClientTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsOneChannelAndOrder();
    void opensAnewAfterClose();
    void opensAnewWhenToldToClose();
    void retriesOnceAfterAnIdleClose_data();
    void retriesOnceAfterAnIdleClose();
    void retriesOnlyOnce();
    void doesNotRetryOnAFreshChannel();
    void deadlineOfTheCurrent();
    void deadlineOfAWaitingOne();
    void garbageIsAnError();
    void bodyUntilClose();
    void wordsThatNobodyAskedForAreNotAnAnswer();
    void callbackMayAskAgain();
    void callbackMayDestroyTheClient();
    void nothingAfterDestruction();
    void openerThatFails();
    void streams();
    void streamThatCannotBegin_data();
    void streamThatCannotBegin();
    void streamEnds_data();
    void streamEnds();
    void streamMayBeDestroyedInside_data();
    void streamMayBeDestroyedInside();
};

void HttpClientTest::keepsOneChannelAndOrder() {
    FakeService service;
    HttpClient client(service.opener());
    Answers answers;
    client.request({.target = "/1"}, 10s, answers.as("1"));
    client.request({.target = "/2"}, 10s, answers.as("2"));
    QCOMPARE(service.last().received, get("/1")); // one at a time
    service.answer(ok("one").first(20));
    QVERIFY(answers.list.isEmpty());
    service.answer(ok("one").mid(20));
    QCOMPARE(service.last().received, get("/1") + get("/2"));
    service.answer(ok("two"));
    client.request({.target = "/3"}, 10s, answers.as("3"));
    service.answer(ok("three"));
    QCOMPARE(answers.list, (QStringList{QStringLiteral("1=one"), QStringLiteral("2=two"), QStringLiteral("3=three")}));
    QCOMPARE(service.sides.size(), 1);
}

void HttpClientTest::opensAnewAfterClose() {
    FakeService service;
    HttpClient client(service.opener());
    Answers answers;
    client.request({}, 10s, answers.as("1"));
    service.answer(ok("a"));
    service.close(); // idle
    QVERIFY(!service.last().open);
    client.request({}, 10s, answers.as("2"));
    QCOMPARE(service.sides.size(), 2);
    service.answer(ok("b"));
    QCOMPARE(answers.list, (QStringList{QStringLiteral("1=a"), QStringLiteral("2=b")}));
}

void HttpClientTest::opensAnewWhenToldToClose() {
    FakeService service;
    HttpClient client(service.opener());
    Answers answers;
    client.request({}, 10s, answers.as("1"));
    client.request({}, 10s, answers.as("2"));
    service.answer(ok("a", "Connection: close\r\n"));
    QCOMPARE(service.sides.size(), 2);
    QVERIFY(!service.sides.first()->open);
    service.answer(ok("b"));
    QCOMPARE(answers.list, (QStringList{QStringLiteral("1=a"), QStringLiteral("2=b")}));
}

void HttpClientTest::retriesOnceAfterAnIdleClose_data() {
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("begun");
    QTest::addColumn<bool>("retried");
    QTest::newRow("GET, nothing received") << QByteArray("GET") << QByteArray() << true;
    QTest::newRow("GET, begun") << QByteArray("GET") << QByteArray("HTTP/1.1 200") << true;
    QTest::newRow("POST, nothing received") << QByteArray("POST") << QByteArray() << true;
    QTest::newRow("POST, begun") << QByteArray("POST") << QByteArray("HTTP/1.1 200") << false;
}

void HttpClientTest::retriesOnceAfterAnIdleClose() {
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, begun);
    QFETCH(bool, retried);
    FakeService service;
    HttpClient client(service.opener());
    Answers answers;
    client.request({}, 10s, answers.as("1"));
    service.answer(ok("a"));
    client.request({.method = method, .target = "/2"}, 10s, answers.as("2"));
    if (!begun.isEmpty())
        service.answer(begun);
    service.close();
    if (!retried) {
        QCOMPARE(answers.list.last(), QStringLiteral("2!unreachable"));
        QCOMPARE(service.sides.size(), 1);
        return;
    }
    QCOMPARE(answers.list.size(), 1);
    QCOMPARE(service.sides.size(), 2);
    QCOMPARE(service.last().received, toWire({.method = method, .target = "/2"}));
    service.answer(ok("b"));
    QCOMPARE(answers.list.last(), QStringLiteral("2=b"));
}

void HttpClientTest::retriesOnlyOnce() {
    FakeService service;
    HttpClient client(service.opener());
    Answers answers;
    client.request({}, 10s, answers.as("1"));
    service.answer(ok("a"));
    client.request({}, 10s, answers.as("2"));
    service.close();
    service.close();
    QCOMPARE(answers.list, (QStringList{QStringLiteral("1=a"), QStringLiteral("2!unreachable")}));
    QCOMPARE(service.sides.size(), 2);
}

void HttpClientTest::doesNotRetryOnAFreshChannel() {
    FakeService service;
    HttpClient client(service.opener());
    Answers answers;
    client.request({}, 10s, answers.as("1"));
    client.request({}, 10s, answers.as("2"));
    service.close();
    QCOMPARE(answers.list, QStringList{QStringLiteral("1!unreachable")});
    service.answer(ok("b")); // the next request has a channel of its own
    QCOMPARE(answers.list.last(), QStringLiteral("2=b"));
}

void HttpClientTest::deadlineOfTheCurrent() {
    FakeService service;
    HttpClient client(service.opener());
    Answers answers;
    client.request({.target = "/1"}, 30ms, answers.as("1"));
    client.request({.target = "/2"}, 10s, answers.as("2"));
    QTRY_COMPARE(answers.list, QStringList{QStringLiteral("1!timed-out")});
    QCOMPARE(service.sides.size(), 2); // its answer must not be taken for that of the next
    QCOMPARE(service.last().received, get("/2"));
    service.answer(ok("b"));
    QCOMPARE(answers.list.last(), QStringLiteral("2=b"));
}

void HttpClientTest::deadlineOfAWaitingOne() {
    FakeService service;
    HttpClient client(service.opener());
    Answers answers;
    client.request({.target = "/1"}, 10s, answers.as("1"));
    client.request({.target = "/2"}, 30ms, answers.as("2"));
    client.request({.target = "/3"}, 10s, answers.as("3"));
    QTRY_COMPARE(answers.list, QStringList{QStringLiteral("2!timed-out")});
    service.answer(ok("a"));
    service.answer(ok("c"));
    QCOMPARE(answers.list.mid(1), (QStringList{QStringLiteral("1=a"), QStringLiteral("3=c")}));
    QCOMPARE(service.last().received, get("/1") + get("/3")); // it was never sent
}

void HttpClientTest::garbageIsAnError() {
    FakeService service;
    HttpClient client(service.opener());
    Answers answers;
    client.request({}, 10s, answers.as("1"));
    service.answer("permission denied while trying to connect\n");
    QCOMPARE(answers.list, QStringList{QStringLiteral("1!protocol")});
    QVERIFY(!service.last().open);
}

void HttpClientTest::bodyUntilClose() {
    FakeService service;
    HttpClient client(service.opener());
    Answers answers;
    client.request({}, 10s, answers.as("1"));
    service.answer("HTTP/1.1 200 OK\r\n\r\nhalf and ");
    service.answer("half");
    QVERIFY(answers.list.isEmpty());
    service.close();
    QCOMPARE(answers.list, QStringList{QStringLiteral("1=half and half")});
}

void HttpClientTest::wordsThatNobodyAskedForAreNotAnAnswer() {
    FakeService service;
    HttpClient client(service.opener());
    Answers answers;
    client.request({}, 10s, answers.as("1"));
    service.answer(ok("a") + ok("nobody asked"));
    client.request({}, 10s, answers.as("2"));
    service.answer(ok("b"));
    QCOMPARE(answers.list, (QStringList{QStringLiteral("1=a"), QStringLiteral("2=b")}));
}

void HttpClientTest::callbackMayAskAgain() {
    FakeService service;
    HttpClient client(service.opener());
    Answers answers;
    client.request({.target = "/1"}, 10s, [&](Result<HttpResponse> result) {
        answers.as("1")(std::move(result));
        client.request({.target = "/2"}, 10s, answers.as("2"));
    });
    service.answer(ok("a"));
    service.answer(ok("b"));
    QCOMPARE(answers.list, (QStringList{QStringLiteral("1=a"), QStringLiteral("2=b")}));
}

void HttpClientTest::callbackMayDestroyTheClient() {
    FakeService service;
    auto client = std::make_unique<HttpClient>(service.opener());
    Answers answers;
    client->request({}, 10s, [&](Result<HttpResponse> result) {
        answers.as("1")(std::move(result));
        client.reset();
    });
    client->request({}, 10s, answers.as("2"));
    service.answer(ok("a"));
    QCOMPARE(answers.list, QStringList{QStringLiteral("1=a")});
    QVERIFY(!service.last().open);
    client = std::make_unique<HttpClient>(service.opener());
    client->request({}, 20ms, [&](Result<HttpResponse>) { client.reset(); }); // in its timer
    QTRY_VERIFY(!client);
}

void HttpClientTest::nothingAfterDestruction() {
    FakeService service;
    Answers answers;
    {
        HttpClient client(service.opener());
        client.request({}, 20ms, answers.as("1"));
        client.request({}, 20ms, answers.as("2"));
    }
    QVERIFY(!service.last().open);
    QTest::qWait(60);
    QVERIFY(answers.list.isEmpty());
}

void HttpClientTest::openerThatFails() {
    HttpClient client([](const ByteChannel::Handlers&) { return std::unique_ptr<ByteChannel>(); });
    Answers answers;
    client.request({}, 10s, answers.as("1"));
    client.request({}, 10s, answers.as("2"));
    QTRY_COMPARE(answers.list, (QStringList{QStringLiteral("1!internal"), QStringLiteral("2!internal")}));
    QStringList ends;
    const auto stream = client.openStream({}, {}, {}, [&](const Error& error) { ends += errorCodeName(error.code); });
    QTRY_COMPARE(ends, QStringList{QStringLiteral("internal")});
}

void HttpClientTest::streams() {
    FakeService service;
    HttpClient client(service.opener());
    QStringList seen;
    const auto stream = client.openStream(
        {.target = "/events"}, [&] { seen += QStringLiteral("header"); },
        [&](const QByteArray& piece) { seen += QString::fromUtf8(piece); },
        [&](const Error& error) { seen += errorCodeName(error.code); });
    QCOMPARE(service.last().received, get("/events"));
    service.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    QCOMPARE(seen, QStringList{QStringLiteral("header")}); // Docker listens, though nothing has happened yet
    service.answer("4\r\none\n\r\n");
    service.answer("4\r\ntwo\n\r\n4\r\nthre");
    QCOMPARE(seen.mid(1), (QStringList{QStringLiteral("one\n"), QStringLiteral("two\nthre")}));
    Answers answers; // requests go beside it
    client.request({}, 10s, answers.as("1"));
    QCOMPARE(service.sides.size(), 2);
    service.answer(ok("a"));
    QCOMPARE(answers.list, QStringList{QStringLiteral("1=a")});
}

void HttpClientTest::streamThatCannotBegin_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const QByteArray& answer, bool closes, const char* code, const char* words) {
        QTest::newRow(name) << answer << closes << QString::fromLatin1(code) << QString::fromLatin1(words);
    };
    row("not found", "HTTP/1.1 404 Not Found\r\nContent-Length: 27\r\n\r\n{\"message\":\"no such thing\"}\n", false,
        "not-found", "404: no such thing");
    row("forbidden, until close", "HTTP/1.1 403 Forbidden\r\n\r\ngo away\n", true, "refused", "403: go away");
    row("server error without end", "HTTP/1.1 500 Oops\r\n\r\n" + QByteArray(5000, 'x'), false, "protocol", "500: xxx");
    row("closed", {}, true, "unreachable", "closed");
    row("closed in the header", "HTTP/1.1 200 OK\r\n", true, "unreachable", "closed");
    row("not HTTP", "what?\n\n", false, "protocol", "not HTTP");
}

void HttpClientTest::streamThatCannotBegin() {
    QFETCH(QByteArray, answer);
    QFETCH(bool, closes);
    QFETCH(QString, code);
    QFETCH(QString, words);
    FakeService service;
    HttpClient client(service.opener());
    int begun = 0;
    QList<Error> ends;
    const auto stream = client.openStream(
        {}, [&] { ++begun; }, [&](const QByteArray&) { ++begun; }, [&](const Error& error) { ends += error; });
    if (!answer.isEmpty())
        service.answer(answer);
    if (closes)
        service.close();
    QCOMPARE(ends.size(), 1);
    QCOMPARE(errorCodeName(ends.first().code), code);
    QVERIFY2(ends.first().text.contains(words), qPrintable(ends.first().text));
    QCOMPARE(begun, 0);
    QVERIFY(!service.last().open);
}

void HttpClientTest::streamEnds_data() {
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<QString>("code");
    QTest::newRow("last chunk") << QByteArray("0\r\n\r\n") << false << QStringLiteral("unreachable");
    QTest::newRow("closed") << QByteArray() << true << QStringLiteral("unreachable");
    QTest::newRow("garbage") << QByteArray("no chunk\r\n") << false << QStringLiteral("protocol");
}

void HttpClientTest::streamEnds() {
    QFETCH(QByteArray, answer);
    QFETCH(bool, closes);
    QFETCH(QString, code);
    FakeService service;
    HttpClient client(service.opener());
    QStringList seen;
    const auto stream = client.openStream(
        {}, {}, [&](const QByteArray& piece) { seen += QString::fromUtf8(piece); },
        [&](const Error& error) { seen += errorCodeName(error.code); });
    service.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n" + answer);
    if (closes)
        service.close();
    QCOMPARE(seen, (QStringList{QStringLiteral("one"), code}));
    QVERIFY(!service.last().open);
}

void HttpClientTest::streamMayBeDestroyedInside_data() {
    QTest::addColumn<int>("where");
    QTest::newRow("onHeader") << 0;
    QTest::newRow("onBody") << 1;
    QTest::newRow("onEnd") << 2;
}

void HttpClientTest::streamMayBeDestroyedInside() {
    QFETCH(int, where);
    FakeService service;
    HttpClient client(service.opener());
    std::unique_ptr<HttpClient::Stream> stream;
    int after = 0;
    const auto at = [&](int here) {
        if (!stream)
            ++after;
        if (here == where)
            stream.reset();
    };
    stream = client.openStream({}, [&] { at(0); }, [&](const QByteArray&) { at(1); }, [&](const Error&) { at(2); });
    service.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\n\r\n");
    QVERIFY(!stream);
    QCOMPARE(after, 0);
    QVERIFY(!service.last().open);
}

QTEST_GUILESS_MAIN(HttpClientTest)
#include "http_client_test.moc"
