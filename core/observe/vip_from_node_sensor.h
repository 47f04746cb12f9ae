// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/http.h"
#include "milvus/health.h"
#include "observe/sensor_context.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>

namespace mha {

/// The VIP as one node sees it: Milvus asked through it from there (a TCP channel of the link, else curl), and the
/// hardware address that the node has for it. A fresh connection each time, so that it goes where new clients go. Slow:
/// it is for finding that the VIP answers for some and not for others, not for measuring.
class VipFromNodeSensor : public QObject {
    Q_OBJECT

public:
    VipFromNodeSensor(std::shared_ptr<SensorContext> context, QObject* parent);

    void start();
    void stop();
    void look();
    /// The VIP moves, or may soon: look more often for a while.
    void expectMove();

private:
    void ask(qsizetype which);
    void answered(qsizetype which, const Result<HttpResponse>& response);
    void finish(const VipFromNodeSeen& seen);
    void lookAtNeighbour();

    std::shared_ptr<SensorContext> context_;
    QTimer poll_;
    QList<HealthQuestion> questions_;
    std::unique_ptr<HttpClient> client_;
    QElapsedTimer movedAgo_;
    int calmLooks_ = 0;
    Instant askedAt_;
    bool asking_ = false;
    bool byCurl_ = false;
    int run_ = 0;
};

} // namespace mha
