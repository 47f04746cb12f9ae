// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "docker/docker_api.h"
#include "link/local_link.h"
#include "node/agreement.h"
#include "node/deadman.h"

#include <QTimer>

namespace mha {

/// Milvus's container on this node, by the local Docker's API and the kernel's word on its first process. Stopped is
/// told only when it is proved, by either. What Docker says of a time before the last order is never told. Lives in the
/// main thread; Docker is asked in the link's.
class MilvusContainer : public QObject {
    Q_OBJECT

public:
    MilvusContainer(QString container, QString dockerSocket, Deadman& deadman, QObject* parent = nullptr);
    ~MilvusContainer() override;

    void begin();
    void start();
    void stop(std::chrono::seconds grace);
    void kill();

Q_SIGNALS:
    void changed(mha::MilvusState state, const QString& detail);
    void startFailed(const QString& why);

private:
    void watch();
    void look();
    void looked(int order, const Result<ContainerProcess>& process);
    void died(const QString& detail);
    void exited();
    void startNow();
    void started(const Result<void>& done);
    void tell(MilvusState state, const QString& detail);
    /// `work` in the link's thread with the API, its answer by `back` in this one.
    template <typename Work> void ask(Work work);

    QString container_;
    QString socket_;
    Deadman& deadman_;
    LocalLink link_;
    std::shared_ptr<std::unique_ptr<DockerApi>> docker_; ///< what it points to lives in the link's thread
    QTimer again_;
    bool watching_ = false;
    bool looking_ = false;
    bool starting_ = false;   ///< an order to start is with Docker
    bool startLater_ = false; ///< when Docker has noticed that the container has ended
    bool dockerLags_ = false; ///< the kernel has told of the end, Docker not yet
    bool killWhenUp_ = false;
    int order_ = 0; ///< counts what makes an older answer worthless
    int endedPid_ = 0;
    MilvusState told_ = MilvusState::Unknown;
};

} // namespace mha
