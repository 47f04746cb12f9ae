// SPDX-License-Identifier: GPL-3.0-or-later
#include "link/http.h"

#include <QtTest>

using namespace mha;

namespace {

// As Docker Engine 20.10.24 (API 1.41) sent them, shortened.
const QByteArray kPing =
    "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nBuilder-Version: 2\r\nCache-Control: no-cache, no-store, "
    "must-revalidate\r\nContent-Length: 2\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Docker-Experimental: false\r\nOstype: linux\r\nPragma: no-cache\r\n"
    "Server: Docker/20.10.24+dfsg1 (linux)\r\nDate: Mon, 05 Jan 2026 10:00:00 GMT\r\n\r\nOK";
const QByteArray kMissing = "HTTP/1.1 404 Not Found\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\n"
                            "Content-Length: 42\r\n\r\n{\"message\":\"No such container: milvusss\"}\n";
const QByteArray kStarted = "HTTP/1.1 204 No Content\r\nApi-Version: 1.41\r\nDocker-Experimental: false\r\n\r\n";
const QByteArray kAlready = "HTTP/1.1 304 Not Modified\r\nApi-Version: 1.41\r\n\r\n";
const QByteArray kChunked =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\n[{\"Id\r\n1A;note=x\r\n\":\"abc\",\"State\":\"running\"}\r\n2\r\n]\n\r\n0\r\nTrailer: y\r\n\r\n";
const QByteArray kUntilClose = "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nall of it";
const QByteArray kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

} // namespace

Q_DECLARE_METATYPE(QList<HttpResponse>)

class HttpParserTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void responses_data();
    void responses();

    void splitAnywhere_data() { responses_data(); }

    void splitAnywhere();
    void garbage_data();
    void garbage();
    void brokenOff_data();
    void brokenOff();
    void streamGetsPiecesAsTheyCome();
    void streamMayDestroyItsParser();
    void headHasNoBody();
    void requests_data();
    void requests();
};

void HttpParserTest::responses_data() {
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<QList<HttpResponse>>("expected");
    const HttpResponse ping{.status = 200, .body = "OK", .keepAlive = true};
    const HttpResponse started{.status = 204, .body = {}, .keepAlive = true};
    const HttpResponse already{.status = 304, .body = {}, .keepAlive = true};
    const HttpResponse missing{
        .status = 404, .body = "{\"message\":\"No such container: milvusss\"}\n", .keepAlive = true};
    const HttpResponse list{.status = 200, .body = "[{\"Id\":\"abc\",\"State\":\"running\"}]\n", .keepAlive = true};
    const HttpResponse whole{.status = 200, .body = "all of it", .keepAlive = false};
    const auto row = [](const char* name, const QByteArray& wire, bool closes, const QList<HttpResponse>& expected) {
        QTest::newRow(name) << wire << closes << expected;
    };
    row("content length", kPing, false, {ping});
    row("no content", kStarted, false, {started});
    row("not modified", kAlready, false, {already});
    row("error with a body", kMissing, false, {missing});
    row("chunked", kChunked, false, {list});
    row("until close", kUntilClose, true, {whole});
    row("continue first", kContinue + kPing, false, {ping});
    row("connection close", QByteArray(kPing).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"), false,
        {{.status = 200, .body = "OK", .keepAlive = false}});
    row("several at once", kPing + kStarted + kChunked + kMissing, false, {ping, started, list, missing});
    row("empty body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false,
        {{.status = 200, .body = {}, .keepAlive = true}});
}

void HttpParserTest::responses() {
    QFETCH(QByteArray, wire);
    QFETCH(bool, closes);
    QFETCH(QList<HttpResponse>, expected);
    HttpResponseParser parser;
    const Result<void> fed = parser.feed(wire);
    QVERIFY2(fed, fed ? "" : qPrintable(toSentence(fed.error())));
    if (closes)
        parser.feedEnd();
    for (const HttpResponse& response : expected) {
        const auto taken = parser.take();
        QVERIFY(taken);
        QCOMPARE(taken->status, response.status);
        QCOMPARE(taken->body, response.body);
        QCOMPARE(taken->keepAlive, response.keepAlive);
    }
    QVERIFY(!parser.take());
}

void HttpParserTest::splitAnywhere() {
    QFETCH(QByteArray, wire);
    QFETCH(bool, closes);
    QFETCH(QList<HttpResponse>, expected);
    const auto same = [&](const QList<QByteArray>& pieces) {
        HttpResponseParser parser;
        QList<HttpResponse> got;
        const auto takeAll = [&] {
            while (const auto taken = parser.take())
                got += *taken;
        };
        for (const QByteArray& piece : pieces) {
            if (!parser.feed(piece))
                return false;
            takeAll();
        }
        if (closes)
            parser.feedEnd();
        takeAll();
        return std::ranges::equal(got, expected, [](const HttpResponse& a, const HttpResponse& b) {
            return a.status == b.status && a.body == b.body && a.keepAlive == b.keepAlive;
        });
    };
    for (qsizetype at = 0; at <= wire.size(); ++at)
        QVERIFY2(same({wire.first(at), wire.mid(at)}), qPrintable(QStringLiteral("split at %1").arg(at)));
    QList<QByteArray> single;
    for (const char c : wire)
        single += QByteArray(1, c);
    QVERIFY2(same(single), "byte by byte");
}

void HttpParserTest::garbage_data() {
    QTest::addColumn<QByteArray>("wire");
    QTest::newRow("words") << QByteArray("Permission denied\n");
    QTest::newRow("an SSH banner") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n");
    QTest::newRow("NUL bytes") << QByteArray(100, '\0');
    QTest::newRow("a request") << QByteArray("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    QTest::newRow("no status") << QByteArray("HTTP/1.1 OK\r\n\r\n");
    QTest::newRow("a length that is no number") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n");
    QTest::newRow("two lengths") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab");
    QTest::newRow("a chunk size that is none")
        << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n");
    QTest::newRow("a body past any limit") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
    QTest::newRow("a header past any limit") << "HTTP/1.1 200 OK\r\nX: " + QByteArray(100000, 'x');
    QTest::newRow("after a good one") << kPing + "nonsense that follows it\r\n";
}

void HttpParserTest::garbage() {
    QFETCH(QByteArray, wire);
    HttpResponseParser parser;
    Result<void> fed = parser.feed(wire);
    if (fed) { // told at the latest with the bytes that follow
        parser.take();
        fed = parser.feed("\r\n");
    }
    QVERIFY(!fed);
    QCOMPARE(errorCodeName(fed.error().code), QStringLiteral("protocol"));
    QVERIFY(!parser.take());
}

void HttpParserTest::brokenOff_data() {
    QTest::addColumn<QByteArray>("wire");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("half a header") << kPing.first(30);
    QTest::newRow("half a body") << kPing.chopped(1);
    QTest::newRow("half a chunk") << kChunked.chopped(30);
    QTest::newRow("no last chunk") << kChunked.first(kChunked.indexOf("0\r\nTrailer"));
}

void HttpParserTest::brokenOff() {
    QFETCH(QByteArray, wire);
    HttpResponseParser parser;
    QVERIFY(parser.feed(wire));
    parser.feedEnd();
    QVERIFY(!parser.take());
}

void HttpParserTest::streamGetsPiecesAsTheyCome() {
    QList<QByteArray> pieces;
    HttpResponseParser parser([&](const QByteArray& piece) { pieces += piece; });
    QVERIFY(parser.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"));
    QVERIFY(!parser.headerDone());
    QCOMPARE(parser.status(), 0);
    QVERIFY(parser.feed("\r\n"));
    QVERIFY(parser.headerDone());
    QCOMPARE(parser.status(), 200);
    QVERIFY(pieces.isEmpty());
    QVERIFY(parser.feed("3\r\none\r\n3\r\ntw"));
    QCOMPARE(pieces, (QList<QByteArray>{"onetw"}));
    QVERIFY(parser.feed("o\r\n"));
    QCOMPARE(pieces, (QList<QByteArray>{"onetw", "o"}));
    QVERIFY(!parser.take());
    QVERIFY(parser.feed("0\r\n\r\n"));
    const auto taken = parser.take();
    QVERIFY(taken);
    QVERIFY(taken->body.isEmpty());
}

void HttpParserTest::streamMayDestroyItsParser() {
    std::unique_ptr<HttpResponseParser> parser;
    int calls = 0;
    parser = std::make_unique<HttpResponseParser>([&](const QByteArray&) {
        ++calls;
        parser.reset();
    });
    QVERIFY(parser->feed(kChunked));
    QVERIFY(!parser);
    QCOMPARE(calls, 1);
}

void HttpParserTest::headHasNoBody() {
    HttpResponseParser parser;
    parser.expectNoBody();
    QVERIFY(parser.feed(kPing.first(kPing.indexOf("\r\n\r\n") + 4) + kStarted));
    QCOMPARE(parser.take()->status, 200);
    QCOMPARE(parser.take()->status, 204);
}

void HttpParserTest::requests_data() {
    QTest::addColumn<HttpRequest>("request");
    QTest::addColumn<QByteArray>("wire");
    const auto row = [](const char* name, const HttpRequest& request, const char* wire) {
        QTest::newRow(name) << request << QByteArray(wire);
    };
    row("get", {.target = "/_ping"}, "GET /_ping HTTP/1.1\r\nHost: localhost\r\n\r\n");
    row("close", {.target = "/", .host = "db:9091", .keepAlive = false},
        "GET / HTTP/1.1\r\nHost: db:9091\r\nConnection: close\r\n\r\n");
    row("post without body", {.method = "POST", .target = "/containers/milvus/stop?t=10"},
        "POST /containers/milvus/stop?t=10 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
    row("post with body", {.method = "POST", .target = "/v2", .body = "{}", .contentType = "application/json"},
        "POST /v2 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    row("headers", {.headers = {{"Accept", "*/*"}}}, "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n");
    row("a header that would end early is left out", {.headers = {{"A", "b\r\nC: d"}, {"E\n", "f"}, {"G", "h"}}},
        "GET / HTTP/1.1\r\nHost: localhost\r\nG: h\r\n\r\n");
    row("a target cannot end its line", {.target = "/x HTTP/1.1\r\nEvil: 1"},
        "GET /xHTTP/1.1Evil:1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

void HttpParserTest::requests() {
    QFETCH(HttpRequest, request);
    QFETCH(QByteArray, wire);
    QCOMPARE(toWire(request), wire);
}

QTEST_GUILESS_MAIN(HttpParserTest)
#include "http_parser_test.moc"
