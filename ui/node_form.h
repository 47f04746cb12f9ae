// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"

#include <QFrame>

#include <memory>

class QPushButton;

namespace mha {

class Field;
class Notice;
struct NodeFindings;

/// The fields of one node and its Test button, with what the test found.
class NodeForm : public QFrame {
    Q_OBJECT

public:
    /// With an address and a name as examples.
    NodeForm(const QString& title, const QString& address, const QString& name, QWidget* parent = nullptr);

    NodeConfig node() const;
    void setNode(const NodeConfig& node);
    /// The field of a pair file's key ("host", "identity"…), or nullptr.
    Field* field(const QString& key) const;
    QList<Field*> fields() const;

    void showTesting();
    void showFindings(const NodeFindings& findings);

    Notice* notice() const { return notice_; }

    QPushButton* testButton() const { return test_; }

Q_SIGNALS:
    void testWanted();
    void edited();

private:
    void browseForKey();

    // In the order in which Tab goes through them, which is that in which they are made.
    Field* host_;
    Field* name_;
    Field* user_;
    Field* port_;
    Field* identity_;
    QPushButton* browse_;
    QPushButton* test_;
    Notice* notice_;
};

} // namespace mha
