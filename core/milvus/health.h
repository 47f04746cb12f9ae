// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/http.h"
#include "model/pair.h"

#include <QString>

namespace mha {

/// One question of a health check and where it goes.
struct HealthQuestion {
    quint16 port = 0;
    HttpRequest request;

    bool operator==(const HealthQuestion& other) const {
        return port == other.port && request.target == other.request.target;
    }
};

/// Pure: the question that says "alive" for this generation (facts: 0.x GET :19121/state, constant but open only after
/// recovery; 2.x GET :9091/healthz with the JSON form, which asks its components). With Auto: of both, the first to be
/// tried first.
QList<HealthQuestion> healthQuestions(Generation generation, const std::optional<HealthEndpoint>& own,
                                      const QString& host);
/// Pure: the question for the version, 0.x only; nothing where HTTP does not tell it.
std::optional<HealthQuestion> versionQuestion(Generation generation, const QString& host);

/// Pure: the generation that a health question belongs to; nothing for an own endpoint.
std::optional<Generation> generationOf(const HealthQuestion& question);

/// Pure: is this answer "serving"? Empty text: yes; else why not.
QString whyNotServing(const HealthQuestion& question, const HttpResponse& response);
/// Pure: the question that touches the data: the pair's own, else the list of collections (facts: of 2.x POST
/// /v2/vectordb/collections/list on the client port; of 0.x GET :19121/collections, which reads its meta data). Nothing
/// where neither is known.
std::optional<HealthQuestion> dataQuestion(const Pair& pair, std::optional<Generation> generation, const QString& host);

enum class DataAnswer {
    Answered,
    NotAllowed, ///< Milvus does not know the question or wants a login: says nothing of the data, it is only alive
    Failed,
};

struct DataVerdict {
    DataAnswer answer = DataAnswer::Failed;
    QString why; ///< a sentence unless answered
    bool operator==(const DataVerdict&) const = default;
};

/// Pure.
DataVerdict judgeData(const Pair& pair, const HealthQuestion& question, const HttpResponse& response);

/// Pure: the version out of an answer to versionQuestion; empty when it tells none.
QString versionFrom(const HttpResponse& response);

} // namespace mha
