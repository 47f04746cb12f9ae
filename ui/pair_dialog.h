// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/ssh_link.h"
#include "model/pair.h"
#include "model/picture.h"

#include <QDialog>

#include <array>

class QFrame;
class QPushButton;

namespace mha {

class Field;
class Label;
class NodeForm;
class NodeTest;
class Notice;
class Prompts;
struct NodeFindings;

/// Adds a pair without a file by hand: fields, a Test button a node, and the pair file is written. The pair file's own
/// reader says what is wrong, and it is shown at the field it means. GUI thread; tests run beside it.
class PairDialog : public QDialog {
    Q_OBJECT

public:
    /// `folder` is where the file goes.
    explicit PairDialog(QString folder, QWidget* parent = nullptr);
    ~PairDialog() override;

    void setPair(const Pair& pair);
    /// What is filled in, read back through the pair file's reader.
    Result<Pair> pair() const;

    /// The written file, after accept().
    const QString& fileName() const { return fileName_; }

    /// known_hosts for the tests and the pair; empty: the user's own.
    void setKnownHosts(const QString& fileName) { knownHosts_ = fileName; }

    NodeForm* nodeForm(int node) const { return nodes_.at(static_cast<std::size_t>(node)); }

    /// What a node's test found, for the prediction: out of both configurations, once both are known, how long the VIP
    /// takes after each fault.
    void predictWith(int node, const NodeFindings& findings);

    void accept() override;

private:
    QWidget* makePairCard();
    QWidget* makeFoot();
    Pair raw() const;
    void clearWrong();
    /// Shows an error of the reader at its field; false: no field of this form is meant.
    bool showAtField(const Error& error);
    void test(int node);

    QString folder_;
    QString fileName_;
    QString knownHosts_;
    Field* name_;
    Field* vip_;
    Field* container_;
    Field* storage_;
    Field* rto_;
    std::array<NodeForm*, 2> nodes_;
    std::array<NodeTest*, 2> tests_{};
    std::array<NodePicture, 2> found_; ///< names and VRRP, by the last tests
    QFrame* predictionCard_;
    Label* prediction_;
    Notice* notice_;
    Prompts* prompts_;
};

} // namespace mha
