// SPDX-License-Identifier: GPL-3.0-or-later
#include "milvus/health.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr quint16 kPortV0 = 19121;
constexpr quint16 kPortV2 = 9091;
constexpr QByteArrayView kTargetV0 = "/state";
constexpr QByteArrayView kTargetV2 = "/healthz";
constexpr QByteArrayView kTargetVersion = "/system/version";

HealthQuestion ask(quint16 port, QByteArrayView target, const QString& host) {
    HealthQuestion question;
    question.port = port;
    question.request.target = target.toByteArray();
    question.request.host =
        (host.contains(u':') ? u"[%1]"_s.arg(host) : host).toUtf8() + ':' + QByteArray::number(port);
    return question;
}

HealthQuestion askV2(const QString& host) {
    HealthQuestion question = ask(kPortV2, kTargetV2, host);
    // Asks for the JSON form, which names the component that is not healthy.
    question.request.headers.append({"Content-Type"_ba, "application/json"_ba});
    return question;
}

// What a server says ends up in front of an operator: one short printable line.
QString readable(QString text) {
    for (QChar& c : text) {
        if (!c.isPrint())
            c = u' ';
    }
    text = text.simplified();
    return text.size() > 200 ? text.first(200) + u'…' : text;
}

QString withReason(const QString& text, const QString& reason) {
    return reason.isEmpty() ? text + u'.' : u"%1: %2."_s.arg(text, reason);
}

QString whyNotV0(const HttpResponse& response) {
    const QJsonObject object = QJsonDocument::fromJson(response.body).object();
    const QJsonValue code = object["code"_L1];
    if (code.isDouble() && code.toInt(-1) == 0)
        return {};
    if (!code.isDouble())
        return u"Port %1 answers, but not as Milvus 0.x does."_s.arg(kPortV0);
    return withReason(u"Milvus reports code %1"_s.arg(code.toInt(-1)), readable(object["message"_L1].toString()));
}

QString whyNotV2(const HttpResponse& response) {
    const QJsonDocument document = QJsonDocument::fromJson(response.body);
    const QString state =
        document.isObject() ? document.object()["state"_L1].toString() : QString::fromUtf8(response.body).trimmed();
    if (state == "OK"_L1)
        return {};
    return withReason(u"Milvus is not healthy"_s, readable(state));
}

} // namespace

QList<HealthQuestion> healthQuestions(Generation generation, const std::optional<HealthEndpoint>& own,
                                      const QString& host) {
    if (own)
        return {ask(own->port, own->path.toUtf8(), host)};
    switch (generation) {
    case Generation::V0:
        return {ask(kPortV0, kTargetV0, host)};
    case Generation::V2:
        return {askV2(host)};
    case Generation::Auto:
        break;
    }
    return {ask(kPortV0, kTargetV0, host), askV2(host)};
}

std::optional<HealthQuestion> versionQuestion(Generation generation, const QString& host) {
    if (generation != Generation::V0)
        return std::nullopt;
    return ask(kPortV0, kTargetVersion, host);
}

std::optional<HealthQuestion> dataQuestion(const Pair& pair, std::optional<Generation> generation,
                                           const QString& host) {
    const quint16 port = generation == Generation::V2   ? pair.clientPort
                         : generation == Generation::V0 ? kPortV0
                                                        : quint16{0};
    MilvusQuery query;
    if (pair.query) {
        query = *pair.query;
    } else if (generation == Generation::V2) {
        query = {0, u"/v2/vectordb/collections/list"_s, uR"({"dbName":"default"})"_s, {}};
    } else if (generation == Generation::V0) {
        query = {0, u"/collections?offset=0&page_size=1"_s, {}, {}};
    }
    if (query.port == 0)
        query.port = port;
    if (query.path.isEmpty() || query.port == 0)
        return std::nullopt;
    HealthQuestion question = ask(query.port, query.path.toUtf8(), host);
    if (!query.body.isEmpty()) {
        question.request.method = "POST";
        question.request.body = query.body.toUtf8();
        question.request.contentType = "application/json";
    }
    return question;
}

DataVerdict judgeData(const Pair& pair, const HealthQuestion& question, const HttpResponse& response) {
    const QString path = QString::fromUtf8(question.request.target);
    const QJsonObject object = QJsonDocument::fromJson(response.body).object();
    const QJsonValue code = object["code"_L1];
    const QString said = readable(object["message"_L1].toString());
    if (pair.query) {
        if (response.status != 200) {
            return {DataAnswer::Failed,
                    u"The query %1 was answered with HTTP status %2."_s.arg(path).arg(response.status)};
        }
        if (!response.body.contains(pair.query->expect.toUtf8())) {
            return {DataAnswer::Failed, withReason(u"The query %1 was not answered as expected"_s.arg(path),
                                                   readable(QString::fromUtf8(response.body)))};
        }
        return {DataAnswer::Answered, {}};
    }
    constexpr int kNotAuthenticated = 1800; // Milvus 2.x: ErrNeedAuthenticate
    const int status = response.status;
    if (status == 401 || status == 403 || code.toInt() == kNotAuthenticated)
        return {DataAnswer::NotAllowed, u"Milvus wants a login for %1."_s.arg(path)};
    if (status == 404 || status == 405 || status == 501)
        return {DataAnswer::NotAllowed, u"This Milvus does not know %1."_s.arg(path)};
    if (status != 200)
        return {DataAnswer::Failed, withReason(u"%1 was answered with HTTP status %2"_s.arg(path).arg(status), said)};
    if (object.isEmpty())
        return {DataAnswer::Failed, u"%1 was not answered as Milvus does."_s.arg(path)};
    if (code.isDouble() && code.toInt() != 0 && code.toInt() != 200) // 200: of 2.3
        return {DataAnswer::Failed, withReason(u"%1 failed with code %2"_s.arg(path).arg(code.toInt()), said)};
    return {DataAnswer::Answered, {}};
}

std::optional<Generation> generationOf(const HealthQuestion& question) {
    if (question.port == kPortV0 && question.request.target == kTargetV0)
        return Generation::V0;
    if (question.port == kPortV2 && question.request.target == kTargetV2)
        return Generation::V2;
    return std::nullopt;
}

QString whyNotServing(const HealthQuestion& question, const HttpResponse& response) {
    const std::optional<Generation> generation = generationOf(question);
    if (generation == Generation::V2 && response.status != 200)
        return whyNotV2(response);
    if (response.status != 200) {
        return u"%1 answered with HTTP status %2."_s.arg(QString::fromUtf8(question.request.target))
            .arg(response.status);
    }
    if (generation == Generation::V0)
        return whyNotV0(response);
    if (generation == Generation::V2)
        return whyNotV2(response);
    return {};
}

QString versionFrom(const HttpResponse& response) {
    if (response.status != 200)
        return {};
    const QJsonValue reply = QJsonDocument::fromJson(response.body).object()["reply"_L1];
    if (!reply.isString())
        return {};
    const QString version = readable(reply.toString());
    return version.size() > 40 ? QString() : version;
}

} // namespace mha
