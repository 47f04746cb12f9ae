// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/ssh_link.h"
#include "model/pair.h"
#include "model/picture.h"

#include <QObject>

#include <functional>
#include <memory>

namespace mha {

class DockerApi;
class JsonLines;

/// What a trial connection to one node found; each part a value or the reason why not.
struct NodeFindings {
    std::optional<Error> refused; ///< no connection; the rest is empty then
    Fact<ContainerSeen> container;
    Fact<VrrpSeen> vrrp;
    Fact<VrrpConfigSeen> config;
    bool program = false; ///< milvus-ha-node has VRRP there
    Fact<VipSeen> vip;
};

/// Connects once to a node as its form says, asks Docker, keepalived and the addresses, and ends. Lives in the GUI
/// thread, which never waits for it; destroying it ends the connection in the background.
class NodeTest : public QObject {
    Q_OBJECT

public:
    /// `pair` gives container and VIP, as far as they are known yet.
    NodeTest(Pair pair, int node, SshOptions options, QObject* parent = nullptr);
    ~NodeTest() override;

    void start();

Q_SIGNALS:
    void finished(const mha::NodeFindings& findings);

private:
    using Courier = std::function<void(const std::function<void(NodeTest&)>&)>;

    /// Answers come in the link's thread: carries one over to this object's, and drops it when this is gone.
    Courier courier();
    void onState(const LinkSeen& state);
    void ask();
    void askProgram();
    void partDone();
    void end();

    Pair pair_;
    NodeConfig node_;
    std::shared_ptr<SshLink> link_;
    std::shared_ptr<std::unique_ptr<DockerApi>> docker_;  ///< made and ended in the link's thread
    std::shared_ptr<std::unique_ptr<JsonLines>> program_; ///< the same
    NodeFindings findings_;
    int partsLeft_ = 0;
    bool asked_ = false;
    bool ended_ = false;
};

} // namespace mha

Q_DECLARE_METATYPE(mha::NodeFindings)
