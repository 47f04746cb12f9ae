// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/http.h"
#include "milvus/health.h"
#include "observe/sensor_context.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <map>

namespace mha {

/// Milvus on one node, asked on the node's own loopback: through a TCP channel of the link, and where sshd forwards
/// none, by curl on the node. Where it says that it lives it is asked for its data as well. A closed port is told apart
/// from silence: it proves that nothing listens.
class MilvusSensor : public QObject {
    Q_OBJECT

public:
    MilvusSensor(std::shared_ptr<SensorContext> context, QObject* parent);

    void start();
    void stop();
    void look();
    /// Looks, unless it looks often anyway. Where nothing listens, now and then.
    void beat();
    /// The container was started: look often until it serves.
    void expectStart();

private:
    struct Round;
    using RoundPtr = std::shared_ptr<Round>;

    void ask(const RoundPtr& round, const HealthQuestion& question);
    void askByCurl(const RoundPtr& round, const HealthQuestion& question);
    void answered(const RoundPtr& round, const HealthQuestion& question, const Result<HttpResponse>& response);
    void askData(const RoundPtr& round);
    void dataAnswered(const RoundPtr& round, const HealthQuestion& question, const Result<HttpResponse>& response);
    void goOn(const RoundPtr& round);
    void askVersion(const RoundPtr& round);
    void finish(const RoundPtr& round);
    HttpClient& client(quint16 port);

    std::shared_ptr<SensorContext> context_;
    QTimer starting_;
    std::map<quint16, std::unique_ptr<HttpClient>> clients_;
    QList<HealthQuestion> questions_;
    std::optional<Generation> generation_;
    QString version_;
    RoundPtr round_;
    bool byCurl_ = false;
    bool refused_ = false; ///< nothing listened at the last look
    int beats_ = 0;
    QElapsedTimer startedAgo_;
    int run_ = 0;
};

} // namespace mha
